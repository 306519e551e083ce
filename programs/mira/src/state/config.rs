//! The network: its mints, its cluster and the parameters of everything to come.

use super::checked;
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::{Params, Profile};

/// The version of the account layouts.
pub const VERSION: u8 = 1;

/// The network's parameters. `mira_core::params` holds their bounds and the reasons.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, InitSpace, PartialEq, Eq)]
pub struct NetworkParams {
    /// Share of every settlement that becomes a fee, of 10,000.
    pub fee_bps: u16,
    /// The owner's own active stake below which a provider opens no lease, in stake base units.
    pub min_stake: u64,
    /// Exposure of a lease: stake base units per 1,000,000 payment base units of its cap.
    pub stake_per_million: u64,
    /// From a request to unstake to the withdrawal.
    pub unbonding_secs: u32,
    /// The longest lease.
    pub max_lease_secs: u32,
    /// The longest job, from creation to deadline.
    pub max_job_secs: u32,
    /// From a lease's end to the release of its escrow.
    pub grace_secs: u32,
    /// From then to the release of its exposure.
    pub dispute_window_secs: u32,
    /// How old the unix second in a new job's id may be.
    pub job_id_window_secs: u32,
}

impl NetworkParams {
    /// The same for core. Refuses a rate above the whole with [`MiraError::InvalidParams`].
    pub fn to_core(&self) -> Result<Params> {
        Ok(Params {
            fee_bps: Bps::new(self.fee_bps).ok_or(MiraError::InvalidParams)?,
            min_stake: Stake::new(self.min_stake),
            stake_per_million: StakePerMillion::new(self.stake_per_million),
            unbonding_secs: self.unbonding_secs,
            max_lease_secs: self.max_lease_secs,
            max_job_secs: self.max_job_secs,
            grace_secs: self.grace_secs,
            dispute_window_secs: self.dispute_window_secs,
            job_id_window_secs: self.job_id_window_secs,
        })
    }
}

/// The network, at `["config"]`; it is also the authority of the stake vault.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Config {
    /// The version of the account layouts, [`VERSION`].
    pub version: u8,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of the stake vault.
    pub stake_vault_bump: u8,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// `mira_core::params::Profile` as u8.
    pub profile: u8,
    /// Governs the parameters.
    pub admin: Pubkey,
    /// The network's own token: stake.
    pub stake_mint: Pubkey,
    /// What requesters pay in.
    pub payment_mint: Pubkey,
    /// The genesis hash of the cluster, bound into every voucher.
    pub cluster_id: [u8; 32],
    /// The parameters of everything that is made from now on.
    pub params: NetworkParams,
}

impl Config {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The parameters for core.
    pub fn params(&self) -> Result<Params> {
        self.params.to_core()
    }

    /// The parameters keep their bounds and the layout is this one.
    pub fn invariant(&self) -> Result<()> {
        require_eq!(self.version, VERSION, MiraError::InvariantBroken);
        let profile = checked(Profile::try_from(self.profile))?;
        checked(self.params()?.validate(profile))
    }
}
