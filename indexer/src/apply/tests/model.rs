//! Rows against the protocol's model, field by field.

use std::collections::BTreeMap;

use mira_core::amount::Stake;
use mira_core::commission::Commission;
use mira_core::epoch::Epoch;
use mira_core::job::JobStatus;
use mira_core::ledger::Ledger;
use mira_store::model::{
    JobRow, JobState, LeaseRow, NetworkRow, Projection, ProviderRow, RewardsRow, StakePositionRow,
};

/// Everything that the model holds has a row that says the same, and no row says that more exists.
pub(super) fn assert_same(ledger: &Ledger, rows: &[Projection]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let alive = match row {
            Projection::Network(row) => network(ledger, row),
            Projection::Provider(row) => provider(ledger, row),
            Projection::StakePosition(row) => position(ledger, row),
            Projection::Job(row) => job(ledger, row),
            Projection::Lease(row) => lease(ledger, row),
            Projection::FeeShard(row) => {
                let books = ledger.shards[&row.shard].books;
                assert_eq!((row.collected, row.swept), (books.collected, books.swept));
                true
            }
            Projection::Rewards(row) => rewards(ledger, row),
        };
        *counts.entry(row.key().table().name()).or_default() += usize::from(alive);
    }
    let count = |table| counts.get(table).copied().unwrap_or(0);
    assert_eq!(count("provider"), ledger.providers.len());
    assert_eq!(count("stake_position"), ledger.positions.len());
    assert_eq!(count("job"), ledger.jobs.len());
    assert_eq!(count("lease"), ledger.leases.len());
    assert_eq!(count("fee_shard"), ledger.shards.len());
}

fn network(ledger: &Ledger, row: &NetworkRow) -> bool {
    let network = &ledger.network;
    assert_eq!((row.admin, row.pending_admin, row.guardian), (network.admin, network.pending_admin, network.guardian));
    assert_eq!((row.paused, row.params, row.profile), (network.paused, network.params, network.profile));
    assert_eq!((row.verifier_set, &row.verifiers), (network.verifier_set, &network.verifiers));
    assert_eq!(row.reward_authorities, network.reward_authorities);
    false
}

fn rewards(ledger: &Ledger, row: &RewardsRow) -> bool {
    let books = &ledger.rewards.books;
    assert_eq!((row.swept, row.claimed, row.paid_out), (books.swept, books.claimed, books.paid_out));
    assert_eq!((row.to_treasury, row.withdrawn), (books.to_treasury, books.withdrawn));
    let last = Epoch {
        index: row.epoch,
        root: row.root,
        cumulative_fees: row.cumulative_fees,
        cumulative_total: row.cumulative_total,
        report_hash: row.report_hash,
    };
    assert_eq!(last, books.epochs.last);
    false
}

fn provider(ledger: &Ledger, row: &ProviderRow) -> bool {
    let entry = &ledger.providers[&row.provider];
    let books = entry.books;
    assert_eq!((row.owner, row.operator), (entry.owner, entry.operator));
    assert_eq!((row.total_stake, row.total_shares), (books.pool.total_stake, books.pool.total_shares));
    assert_eq!((row.unbonding_shares, row.own_shares), (books.pool.unbonding_shares, books.own_shares));
    assert_eq!((row.exposure, row.open_leases), (books.exposure, books.open_leases));
    assert_eq!((row.status.code(), row.jailed_until), (books.status.as_u8(), books.jailed_until));
    let commission = Commission { rate: row.commission, next: row.next_commission, from: row.next_commission_from };
    assert_eq!((commission, row.reward_index, row.claimed), (books.commission, books.reward_index, books.claimed));
    true
}

fn position(ledger: &Ledger, row: &StakePositionRow) -> bool {
    let Some(books) = ledger.positions.get(&(row.provider, row.staker)) else {
        assert!(row.closed);
        return false;
    };
    assert_eq!((row.shares, &row.tickets, row.closed), (books.shares, &books.tickets, false));
    assert_eq!((row.reward_entry, row.reward_owed), (books.entry, books.owed));
    true
}

fn job(ledger: &Ledger, row: &JobRow) -> bool {
    let Some(entry) = ledger.jobs.get(&row.job) else {
        assert_eq!(row.status, JobState::Closed);
        return false;
    };
    let books = entry.books;
    let status = match books.status {
        JobStatus::Open => (JobState::Open, None),
        JobStatus::Closing => (JobState::Closing, Some(books.closing_at)),
    };
    assert_eq!((row.status, row.closing_at), status);
    assert_eq!((row.funded, row.committed), (books.funded, books.committed));
    assert_eq!((row.paid, row.refunded), (books.paid, books.refunded));
    assert_eq!((row.open_leases, row.leases_total), (books.open_leases, books.leases_total));
    assert_eq!((row.deadline, row.young_until, row.due_at), (books.deadline, books.young_until, books.due_at));
    assert_eq!((row.voucher_signer, row.dispatcher), (books.voucher_signer, books.dispatcher));
    true
}

fn lease(ledger: &Ledger, row: &LeaseRow) -> bool {
    let Some(entry) = ledger.leases.get(&row.lease) else {
        assert!(row.ended);
        return false;
    };
    let books = entry.books;
    assert_eq!((row.job, row.provider, row.nonce), (entry.job, entry.provider, entry.nonce));
    assert_eq!((row.requester, row.voucher_signer), (entry.requester, entry.voucher_signer));
    assert_eq!((row.cap, row.exposure, row.settled), (books.cap, books.exposure, books.settled));
    assert_eq!((row.units, row.released, row.ended), (books.units, books.released, false));
    assert_eq!((row.settle_until, row.dispute_until), (books.settle_until, books.dispute_until));
    assert_eq!((row.grace_secs, row.dispute_window_secs), (books.grace_secs, books.dispute_window_secs));
    assert_eq!((row.operator, row.stake_per_million), (entry.operator, books.stake_per_million));
    assert_eq!((row.disputed, row.challenged), (books.disputed, books.challenged));
    assert_eq!(row.bond, ledger.disputes.get(&row.lease).map_or(Stake::ZERO, |dispute| dispute.bond));
    true
}
