//! The network: its mints, its cluster and the parameters of everything to come.

use super::{checked, next_seq};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::network::{self, Network};
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};

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
    /// A challenger's bond, of the exposure of the lease, of 10,000.
    pub bond_bps: u16,
    /// The least bond, in stake base units.
    pub min_bond: u64,
    /// From a challenge to the last moment for an answer.
    pub respond_secs: u32,
    /// From the answer to the last moment for a vote.
    pub vote_secs: u32,
    /// How long a provider that lost a dispute takes no lease.
    pub jail_secs: u32,
    /// The largest part of a pool that one dispute takes, of 10,000.
    pub max_slash_bps: u16,
    /// The most of an epoch's fees that becomes rewards, of 10,000.
    pub reward_share_bps: u16,
    /// From one final epoch to the next one's approval, at least.
    pub epoch_secs: u32,
    /// From a majority to the finalization of an epoch.
    pub challenge_secs: u32,
    /// From then until anyone may cancel an epoch that nobody finalized.
    pub stale_secs: u32,
}

impl NetworkParams {
    /// The same for core. Refuses a rate above the whole with [`MiraError::InvalidParams`].
    pub fn to_core(&self) -> Result<Params> {
        Ok(Params {
            fee_bps: validate_rate(self.fee_bps)?,
            min_stake: Stake::new(self.min_stake),
            stake_per_million: StakePerMillion::new(self.stake_per_million),
            unbonding_secs: self.unbonding_secs,
            max_lease_secs: self.max_lease_secs,
            max_job_secs: self.max_job_secs,
            grace_secs: self.grace_secs,
            dispute_window_secs: self.dispute_window_secs,
            job_id_window_secs: self.job_id_window_secs,
            dispute: DisputeParams {
                bond_bps: validate_rate(self.bond_bps)?,
                min_bond: Stake::new(self.min_bond),
                respond_secs: self.respond_secs,
                vote_secs: self.vote_secs,
                jail_secs: self.jail_secs,
                max_slash_bps: validate_rate(self.max_slash_bps)?,
            },
            reward: RewardParams {
                share_bps: validate_rate(self.reward_share_bps)?,
                epoch_secs: self.epoch_secs,
                challenge_secs: self.challenge_secs,
                stale_secs: self.stale_secs,
            },
        })
    }
}

/// A rate that an admin named, if it is one.
fn validate_rate(rate: u16) -> Result<Bps> {
    Ok(Bps::new(rate).ok_or(MiraError::InvalidParams)?)
}

impl From<&Params> for NetworkParams {
    fn from(params: &Params) -> Self {
        let (dispute, reward) = (&params.dispute, &params.reward);
        Self {
            fee_bps: params.fee_bps.get(),
            min_stake: params.min_stake.get(),
            stake_per_million: params.stake_per_million.get(),
            unbonding_secs: params.unbonding_secs,
            max_lease_secs: params.max_lease_secs,
            max_job_secs: params.max_job_secs,
            grace_secs: params.grace_secs,
            dispute_window_secs: params.dispute_window_secs,
            job_id_window_secs: params.job_id_window_secs,
            bond_bps: dispute.bond_bps.get(),
            min_bond: dispute.min_bond.get(),
            respond_secs: dispute.respond_secs,
            vote_secs: dispute.vote_secs,
            jail_secs: dispute.jail_secs,
            max_slash_bps: dispute.max_slash_bps.get(),
            reward_share_bps: reward.share_bps.get(),
            epoch_secs: reward.epoch_secs,
            challenge_secs: reward.challenge_secs,
            stale_secs: reward.stale_secs,
        }
    }
}

/// The most reward authorities that fit.
pub const MAX_REWARD_AUTHORITIES: usize = network::MAX_REWARD_AUTHORITIES;
/// The most verifiers that fit.
pub const MAX_VERIFIERS: usize = network::MAX_VERIFIERS;

/// The network, at `["config"]`; it is also the authority of the stake vault and of the treasury.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Config {
    /// The version of the account layouts, [`VERSION`].
    pub version: u8,
    /// Canonical bump of this address.
    pub bump: u8,
    /// Canonical bump of the treasury.
    pub treasury_bump: u8,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// `mira_core::params::Profile` as u8.
    pub profile: u8,
    /// Whether nothing new may begin.
    pub paused: bool,
    /// Governs the parameters.
    pub admin: Pubkey,
    /// Becomes the admin when it accepts.
    pub pending_admin: Option<Pubkey>,
    /// May pause, and cancel a pending epoch.
    pub guardian: Pubkey,
    /// The network's own token: stake.
    pub stake_mint: Pubkey,
    /// What requesters pay in.
    pub payment_mint: Pubkey,
    /// The token account that holds all stake: kept here, because deriving it costs 1,500 compute units.
    pub stake_vault: Pubkey,
    /// The genesis hash of the cluster, bound into every voucher.
    pub cluster_id: [u8; 32],
    /// The parameters of everything that is made from now on.
    pub params: NetworkParams,
    /// How often the verifiers changed.
    pub verifier_set: u32,
    /// Approve reward epochs by strict majority.
    #[max_len(MAX_REWARD_AUTHORITIES)]
    pub reward_authorities: Vec<Pubkey>,
    /// Judge contested disputes by strict majority.
    #[max_len(MAX_VERIFIERS)]
    pub verifiers: Vec<Pubkey>,
}

impl Config {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// The parameters for core.
    pub fn params(&self) -> Result<Params> {
        self.params.to_core()
    }

    /// Refuses with [`MiraError::Paused`]. Only what begins something new asks.
    pub fn require_running(&self) -> Result<()> {
        require!(!self.paused, MiraError::Paused);
        Ok(())
    }

    /// Refuses with [`MiraError::WrongSigner`] anyone but the admin.
    pub fn require_admin(&self, key: &Pubkey) -> Result<()> {
        require_keys_eq!(*key, self.admin, MiraError::WrongSigner);
        Ok(())
    }

    /// The network for core.
    pub fn to_core(&self) -> Result<Network> {
        Ok(Network {
            admin: self.admin.to_bytes(),
            pending_admin: self.pending_admin.map(|key| key.to_bytes()),
            guardian: self.guardian.to_bytes(),
            reward_authorities: bytes_of(&self.reward_authorities),
            verifiers: bytes_of(&self.verifiers),
            verifier_set: self.verifier_set,
            paused: self.paused,
            profile: checked(Profile::try_from(self.profile))?,
            params: self.params()?,
        })
    }

    /// Takes the network after a transition and counts its event. What never changes (mints, cluster,
    /// profile) is left alone.
    pub fn apply(&mut self, network: &Network) -> Result<()> {
        self.admin = Pubkey::new_from_array(network.admin);
        self.pending_admin = network.pending_admin.map(Pubkey::new_from_array);
        self.guardian = Pubkey::new_from_array(network.guardian);
        self.reward_authorities = keys_of(&network.reward_authorities);
        self.verifiers = keys_of(&network.verifiers);
        self.verifier_set = network.verifier_set;
        self.paused = network.paused;
        self.params = NetworkParams::from(&network.params);
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// The network keeps its bounds and the layout is this one.
    pub fn invariant(&self) -> Result<()> {
        require_eq!(self.version, VERSION, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}

fn bytes_of(keys: &[Pubkey]) -> Vec<[u8; 32]> {
    keys.iter().map(Pubkey::to_bytes).collect()
}

fn keys_of(keys: &[[u8; 32]]) -> Vec<Pubkey> {
    keys.iter().copied().map(Pubkey::new_from_array).collect()
}
