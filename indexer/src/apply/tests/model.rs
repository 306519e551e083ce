//! Rows against the protocol's model, field by field.

use std::collections::BTreeMap;

use mira_core::amount::Stake;
use mira_core::commission::Commission;
use mira_core::epoch::{Epoch, Pending};
use mira_core::hash::Sha2;
use mira_core::job::JobStatus;
use mira_core::ledger::Ledger;
use mira_store::model::{
    DisputeRow, DisputeStatus, EpochRow, EpochStatus, JobRow, JobState, LeaseRow, NetworkRow, Projection, ProviderRow,
    RewardsRow, StakePositionRow,
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
            Projection::Dispute(row) => dispute(ledger, row),
            Projection::Epoch(row) => epoch(ledger, row),
        };
        *counts.entry(row.key().table().name()).or_default() += usize::from(alive);
    }
    let count = |table| counts.get(table).copied().unwrap_or(0);
    assert_eq!(count("provider"), ledger.providers.len());
    assert_eq!(count("stake_position"), ledger.positions.len());
    assert_eq!(count("job"), ledger.jobs.len());
    assert_eq!(count("lease"), ledger.leases.len());
    assert_eq!(count("fee_shard"), ledger.shards.len());
    assert_eq!(count("dispute"), ledger.disputes.len());
    let epochs = &ledger.rewards.books.epochs;
    let under_way = usize::from(!epochs.approvals.is_empty());
    assert_eq!(count("epoch"), usize::try_from(epochs.last.index).unwrap() + under_way);
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

fn dispute(ledger: &Ledger, row: &DisputeRow) -> bool {
    // A lease is challenged once in its life, and its dispute goes with its account at the latest.
    let Some(books) = ledger.disputes.get(&row.lease) else {
        assert!(row.status >= DisputeStatus::Upheld, "{row:?}");
        let taken = row.slashed_own.checked_add(row.slashed_pool).unwrap();
        assert_eq!(row.compensation.checked_add(row.burned).unwrap(), taken);
        assert!(taken.is_zero() || row.status == DisputeStatus::Upheld, "{row:?}");
        return false;
    };
    assert_eq!((row.challenger, row.kind, row.bond), (books.challenger, books.kind, books.bond));
    assert_eq!(row.status.code(), books.stage.as_u8());
    assert_eq!((row.evidence, row.answer, row.opened_at), (books.evidence, books.answer, books.opened_at));
    assert_eq!((row.respond_until, row.vote_until), (books.respond_until, books.vote_until));
    assert_eq!((row.vote_secs, row.jail_secs, row.max_slash), (books.vote_secs, books.jail_secs, books.max_slash));
    let votes = (usize::from(books.votes_for), usize::from(books.votes_against));
    assert_eq!((row.voters_for.len(), row.voters_against.len()), votes);
    assert_eq!(row.verifier_set, books.verifier_set);
    if row.verifier_set == ledger.network.verifier_set {
        for (place, key) in ledger.network.verifiers.iter().enumerate() {
            let voted = row.voters_for.contains(key) || row.voters_against.contains(key);
            assert_eq!(voted, books.voted >> place & 1 == 1);
        }
    }
    true
}

/// Whether it is final, or approvals of it count.
fn epoch(ledger: &Ledger, row: &EpochRow) -> bool {
    let epochs = &ledger.rewards.books.epochs;
    let said = Epoch {
        index: row.number,
        root: row.root,
        cumulative_fees: row.cumulative_fees,
        cumulative_total: row.cumulative_total,
        report_hash: row.report_hash,
    };
    assert_eq!(row.digest, said.digest::<Sha2>());
    assert!(row.to_treasury <= row.fees);
    if row.number == epochs.last.index {
        assert_eq!((said, row.finalized_at), (epochs.last, Some(epochs.last_at)));
    }
    if row.number <= epochs.last.index {
        assert_eq!(row.status, EpochStatus::Final);
        return true;
    }
    assert_eq!((row.number, row.finalized_at, row.fees.get()), (epochs.last.index + 1, None, 0));
    assert_eq!(row.approvals, epochs.approvals);
    let (share, final_from, stale_from) = (row.share, row.final_from, row.stale_from);
    let pending = Pending { epoch: said, share, final_from, stale_from };
    match epochs.pending {
        Some(is) => assert_eq!((row.status, pending), (EpochStatus::Pending, is)),
        None if epochs.approvals.is_empty() => assert_eq!(row.status, EpochStatus::Dropped),
        None => {
            assert_eq!((row.status, share.get(), final_from), (EpochStatus::Proposed, 0, 0));
            assert_eq!(epochs.approvals.last().map(|newest| newest.digest), Some(row.digest));
        }
    }
    row.status != EpochStatus::Dropped
}
