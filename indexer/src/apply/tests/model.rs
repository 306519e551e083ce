//! Rows against the protocol's model, field by field.

use std::collections::BTreeMap;

use mira_core::job::JobStatus;
use mira_core::ledger::Ledger;
use mira_store::model::{JobRow, JobState, LeaseRow, Projection, ProviderRow, StakePositionRow};

/// Everything that the model holds has a row that says the same, and no row says that more exists.
pub(super) fn assert_same(ledger: &Ledger, rows: &[Projection]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let alive = match row {
            Projection::Network(_) => false,
            Projection::Provider(row) => provider(ledger, row),
            Projection::StakePosition(row) => position(ledger, row),
            Projection::Job(row) => job(ledger, row),
            Projection::Lease(row) => lease(ledger, row),
            Projection::FeeShard(row) => {
                let books = ledger.shards[&row.shard].books;
                assert_eq!((row.collected, row.swept), (books.collected, books.swept));
                true
            }
            Projection::Rewards(row) => {
                assert_eq!(row.swept, ledger.rewards.books.swept);
                false
            }
        };
        *counts.entry(row.key().table().name()).or_default() += usize::from(alive);
    }
    let count = |table| counts.get(table).copied().unwrap_or(0);
    assert_eq!(count("provider"), ledger.providers.len());
    assert_eq!(count("stake_position"), ledger.positions.values().filter(|position| !position.is_empty()).count());
    assert_eq!(count("job"), ledger.jobs.len());
    assert_eq!(count("lease"), ledger.leases.len());
    assert_eq!(count("fee_shard"), ledger.shards.len());
}

fn provider(ledger: &Ledger, row: &ProviderRow) -> bool {
    let entry = &ledger.providers[&row.provider];
    let books = entry.books;
    assert_eq!((row.owner, row.operator), (entry.owner, entry.operator));
    assert_eq!((row.total_stake, row.total_shares), (books.pool.total_stake, books.pool.total_shares));
    assert_eq!((row.unbonding_shares, row.own_shares), (books.pool.unbonding_shares, books.own_shares));
    assert_eq!((row.exposure, row.open_leases), (books.exposure, books.open_leases));
    true
}

fn position(ledger: &Ledger, row: &StakePositionRow) -> bool {
    let books = ledger.positions.get(&(row.provider, row.staker)).cloned().unwrap_or_default();
    assert_eq!((row.shares, &row.tickets), (books.shares, &books.tickets));
    !books.is_empty()
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
    true
}
