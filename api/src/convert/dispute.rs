//! Disputes.

use mira_core::dispute::DisputeKind;
use mira_store::model::DisputeRow;
use mira_wire::dispute::Dispute;
use mira_wire::{HashHex, KeyStr, Time};

/// A dispute.
pub fn dispute(row: &DisputeRow) -> Dispute {
    let keys = |keys: &[[u8; 32]]| keys.iter().copied().map(KeyStr).collect();
    let contested = row.vote_until > 0;
    Dispute {
        dispute: KeyStr(row.dispute),
        lease: KeyStr(row.lease),
        provider: KeyStr(row.provider),
        challenger: KeyStr(row.challenger),
        kind: kind(row.kind).to_owned(),
        status: row.status.as_str().to_owned(),
        bond: row.bond.get().into(),
        evidence: HashHex(row.evidence),
        answer: contested.then_some(HashHex(row.answer)),
        opened_at: Time::from_secs(row.opened_at),
        respond_until: Time::from_secs(row.respond_until),
        vote_until: contested.then(|| Time::from_secs(row.vote_until)),
        jail_secs: row.jail_secs,
        max_slash_bps: row.max_slash.get(),
        voters_for: keys(&row.voters_for),
        voters_against: keys(&row.voters_against),
        slashed_own: row.slashed_own.get().into(),
        slashed_pool: row.slashed_pool.get().into(),
        compensation: row.compensation.get().into(),
        burned: row.burned.get().into(),
        seq: row.seq.into(),
    }
}

fn kind(kind: DisputeKind) -> &'static str {
    match kind {
        DisputeKind::NoShow => "no_show",
        DisputeKind::BadResult => "bad_result",
        DisputeKind::OverReport => "over_report",
    }
}
