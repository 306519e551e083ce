//! Reward epochs.

use mira_core::Error;
use mira_store::model::{EpochRow, EpochStatus};
use mira_wire::epoch::{Approval, Epoch, EpochResult};
use mira_wire::{HashHex, KeyStr, Time};

/// A reward epoch.
///
/// # Errors
/// A row that sends more to the treasury than its fees.
pub fn epoch(row: &EpochRow) -> Result<Epoch, Error> {
    let majority = matches!(row.status, EpochStatus::Pending | EpochStatus::Final);
    let result = |at: i64| {
        let rewards = row.fees.checked_sub(row.to_treasury)?;
        Ok(EpochResult {
            finalized_at: Time::from_secs(at),
            fees: row.fees.get().into(),
            rewards: rewards.get().into(),
            to_treasury: row.to_treasury.get().into(),
        })
    };
    let approvals = row
        .approvals
        .iter()
        .map(|approval| Approval { authority: KeyStr(approval.authority), digest: HashHex(approval.digest) });
    Ok(Epoch {
        number: row.number.into(),
        status: row.status.as_str().to_owned(),
        root: HashHex(row.root),
        report_hash: HashHex(row.report_hash),
        digest: HashHex(row.digest),
        cumulative_fees: row.cumulative_fees.get().into(),
        cumulative_total: row.cumulative_total.get().into(),
        approvals: approvals.collect(),
        share_bps: majority.then_some(row.share.get()),
        final_from: majority.then(|| Time::from_secs(row.final_from)),
        stale_from: majority.then(|| Time::from_secs(row.stale_from)),
        result: row.finalized_at.map(result).transpose()?,
        seq: row.seq.into(),
    })
}
