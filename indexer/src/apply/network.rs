//! The network: `NetworkInitialized`.

use mira_chain::event::body::NetworkInitialized;
use mira_core::amount::{Stake, StakePerMillion};
use mira_core::params::Profile;
use mira_store::model::{NetworkRow, Ordinal};

use super::error::Cause;
use super::rows::Rows;
use super::value::bps;

pub(super) fn initialized(rows: &mut Rows, e: &NetworkInitialized, at: &Ordinal) -> Result<(), Cause> {
    let profile = Profile::try_from(e.profile)
        .map_err(|_| Cause::UnknownValue { field: "profile", value: u64::from(e.profile) })?;
    rows.create(NetworkRow {
        config: e.config.to_bytes(),
        admin: e.admin.to_bytes(),
        stake_mint: e.stake_mint.to_bytes(),
        payment_mint: e.payment_mint.to_bytes(),
        cluster_id: e.cluster_id,
        profile,
        fee: bps("fee_bps", e.fee_bps)?,
        min_stake: Stake::new(e.min_stake),
        stake_per_million: StakePerMillion::new(e.stake_per_million),
        unbonding_secs: e.unbonding_secs,
        max_lease_secs: e.max_lease_secs,
        max_job_secs: e.max_job_secs,
        grace_secs: e.grace_secs,
        dispute_window_secs: e.dispute_window_secs,
        job_id_window_secs: e.job_id_window_secs,
        seq: e.config_seq,
        ord: *at,
    })
}
