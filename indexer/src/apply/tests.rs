//! The fold against the protocol's model, and against events that lie.

#![allow(clippy::unwrap_used)]

mod model;

use super::*;
use crate::testing::{Chain, Crowd, folded, job, lease, moves, owner, provider};
use mira_core::amount::{Payment, Shares, Stake};
use mira_core::dispute::Verdict;
use mira_core::ledger::Action;
use mira_store::model::{
    DisputeRow, DisputeStatus, EpochRow, EpochStatus, JobState, Projection, ProviderStatus, StakePositionRow,
    state_hash,
};
use proptest::prelude::*;

const CLUSTER: [u8; 32] = [7; 32];

fn rows_of(chain: &mut Chain) -> Vec<Projection> {
    folded(&[chain.take(1)])
}

fn lease_row(rows: &[Projection], number: u8) -> mira_store::model::LeaseRow {
    let find = |row: &Projection| match row {
        Projection::Lease(row) if row.lease == lease(number) => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn job_row(rows: &[Projection], number: u8) -> mira_store::model::JobRow {
    let find = |row: &Projection| match row {
        Projection::Job(row) if row.job == job(number) => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn position_row(rows: &[Projection], staker: [u8; 32]) -> StakePositionRow {
    let find = |row: &Projection| match row {
        Projection::StakePosition(row) if row.staker == staker => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn provider_row(rows: &[Projection]) -> mira_store::model::ProviderRow {
    let find = |row: &Projection| match row {
        Projection::Provider(row) => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn dispute_row(rows: &[Projection]) -> DisputeRow {
    let find = |row: &Projection| match row {
        Projection::Dispute(row) => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn epoch_row(rows: &[Projection]) -> EpochRow {
    let find = |row: &Projection| match row {
        Projection::Epoch(row) => Some(row.clone()),
        _ => None,
    };
    rows.iter().find_map(find).unwrap()
}

fn advance(chain: &mut Chain, secs: u32) {
    chain.run(Action::Advance { secs }).unwrap();
}

fn whole_story() -> Chain {
    Chain::whole_story(CLUSTER)
}

#[test]
fn initialize_makes_the_network() {
    let mut chain = Chain::new(CLUSTER);
    chain.initialize();
    let rows = rows_of(&mut chain);
    assert!(matches!(&rows[..], [Projection::Network(row)] if row.seq == 1 && row.cluster_id == CLUSTER));
}

#[test]
fn every_kind_of_event_folds_to_the_model() {
    let mut chain = whole_story();
    let events = chain.take(1);
    let kinds: std::collections::BTreeSet<_> = events.iter().map(|placed| placed.event.name()).collect();
    assert_eq!(kinds.len(), 37, "the story lacks an event: {kinds:?}");
    model::assert_same(&chain.ledger, &folded(&[events]));
}

#[test]
fn settlement_moves_from_committed_to_paid_up_to_the_cap() {
    let mut chain = Chain::furnished(CLUSTER);
    chain.open(1, 20_000).unwrap();
    chain.settle(1, 5_001, 2_500).unwrap();
    chain.settle(1, 90_000, 9_000).unwrap();
    let rows = rows_of(&mut chain);
    let (lease, job) = (lease_row(&rows, 1), job_row(&rows, 0));
    assert_eq!((lease.settled.get(), lease.fee_paid.get(), lease.units.get()), (20_000, 300, 9_000));
    assert_eq!((job.paid.get(), job.committed.get(), job.open_leases), (20_000, 0, 1));
    assert_eq!((lease.grace_secs, lease.dispute_window_secs), (20, 30));
}

#[test]
fn ended_and_closed_rows_stay() {
    let rows = rows_of(&mut whole_story());
    let (lease, job) = (lease_row(&rows, 2), job_row(&rows, 0));
    assert!(lease.released && lease.ended);
    assert_eq!((lease.settled, lease.returned), (Payment::ZERO, Payment::new(10_000)));
    assert_eq!((job.status, job.refunded), (JobState::Closed, Payment::new(80_000)));
}

#[test]
fn unstaking_leaves_a_ticket_until_it_is_withdrawn() {
    let mut chain = Chain::furnished(CLUSTER);
    let (provider, staker) = (provider(0), owner(0));
    for shares in [300, 200] {
        chain.run(Action::RequestUnstake { provider, staker, shares: Shares::new(shares) }).unwrap();
    }
    let first = chain.take(1);
    let before = position_row(&folded(std::slice::from_ref(&first)), staker);
    assert_eq!(before.tickets.iter().map(|ticket| ticket.shares.get()).collect::<Vec<_>>(), [300, 200]);
    assert_eq!(before.shares, Shares::new(999_500));
    advance(&mut chain, 200);
    chain.run(Action::WithdrawStake { provider, staker, ticket: 0 }).unwrap();
    let after = position_row(&folded(&[first, chain.take(2)]), staker);
    assert_eq!(after.tickets.iter().map(|ticket| ticket.shares.get()).collect::<Vec<_>>(), [200]);
    assert!(after.seq > before.seq);
}

#[test]
fn a_lost_dispute_takes_from_the_owner_and_jails() {
    let mut chain = Chain::furnished(CLUSTER);
    chain.disputed_lease().unwrap();
    let first = chain.take(1);
    let rows = folded(std::slice::from_ref(&first));
    let open = lease_row(&rows, 3);
    assert_eq!((open.disputed, open.challenged, open.bond, open.exposure), (true, true, stake(1_000), stake(10_000)));
    let challenge = dispute_row(&rows);
    assert_eq!((challenge.lease, challenge.status, challenge.seq), (lease(3), DisputeStatus::Open, 1));
    // Nobody answers.
    advance(&mut chain, 10);
    chain.run(Action::ResolveDispute { lease: lease(3) }).unwrap();
    let second = chain.take(2);
    let Event::DisputeResolved(event) = &second[0].event else { panic!("{second:?}") };
    assert_eq!((event.verdict, event.slashed_own, event.slashed_pool), (Verdict::Upheld.as_u8(), 10_000, 0));
    // 3,001 were paid; a million of payment is half a million of stake.
    assert_eq!((event.compensation, event.burned), (1_500, 8_500));
    let rows = folded(&[first, second]);
    let ended = dispute_row(&rows);
    assert_eq!((ended.status, ended.seq, ended.bond), (DisputeStatus::Upheld, 2, stake(1_000)));
    assert_eq!((ended.slashed_own, ended.compensation, ended.burned), (stake(10_000), stake(1_500), stake(8_500)));
    let (closed, provider) = (lease_row(&rows, 3), provider_row(&rows));
    assert_eq!((closed.disputed, closed.challenged, closed.bond, closed.exposure), (false, true, stake(0), stake(0)));
    assert_eq!((provider.status, provider.jailed_until), (ProviderStatus::Jailed, chain.ledger.now + 50));
    assert_eq!((provider.total_stake, provider.exposure), (stake(990_000), stake(0)));
    assert_eq!(position_row(&rows, owner(0)).shares, Shares::new(990_000));
    model::assert_same(&chain.ledger, &rows);
}

#[test]
fn votes_are_kept_with_who_gave_them() {
    use crate::testing::verifier;
    let mut chain = Chain::furnished(CLUSTER);
    chain.disputed_lease().unwrap();
    let lease = lease(3);
    chain.run(Action::RespondDispute { lease, actor: owner(0), answer: Some([22; 32]) }).unwrap();
    chain.run(Action::VoteDispute { lease, actor: verifier(2), uphold: false }).unwrap();
    chain.run(Action::VoteDispute { lease, actor: verifier(0), uphold: true }).unwrap();
    let first = chain.take(1);
    let row = dispute_row(&folded(std::slice::from_ref(&first)));
    assert_eq!((row.status, row.answer, row.seq), (DisputeStatus::Contested, [22; 32], 4));
    assert_eq!((row.voters_for, row.voters_against), (vec![verifier(0)], vec![verifier(2)]));
    chain.run(Action::VoteDispute { lease, actor: verifier(1), uphold: false }).unwrap();
    chain.run(Action::ResolveDispute { lease }).unwrap();
    let rows = folded(&[first, chain.take(2)]);
    assert_eq!(dispute_row(&rows).status, DisputeStatus::Rejected);
    model::assert_same(&chain.ledger, &rows);
}

/// Through approvals, a change of the authorities, a majority, a cancellation, and to the end.
#[test]
fn an_epoch_goes_through_all_of_its_life() {
    use crate::testing::{ADMIN, authority};
    use mira_core::hash::Sha2;
    let mut chain = Chain::furnished(CLUSTER);
    chain.open(1, 20_000).unwrap();
    chain.settle(1, 20_000, 9_000).unwrap();
    chain.run(Action::SweepFees { shard: 1 }).unwrap();
    advance(&mut chain, 60);
    let epoch = chain.next_epoch();
    let approve = |number| Action::ApproveEpoch { authority: authority(number), epoch, digest: epoch.digest::<Sha2>() };
    let mut slots = Vec::new();
    let mut after = |chain: &mut Chain, actions: &[Action]| {
        actions.iter().for_each(|action| chain.run(action.clone()).unwrap());
        slots.push(chain.take(1 + slots.len() as u64));
        let rows = folded(&slots);
        model::assert_same(&chain.ledger, &rows);
        epoch_row(&rows)
    };
    let proposed = after(&mut chain, &[approve(0)]);
    assert_eq!((proposed.number, proposed.status, proposed.approvals.len()), (1, EpochStatus::Proposed, 1));
    let keys = [0, 1, 2].map(authority).to_vec();
    let dropped = after(&mut chain, &[Action::SetRewardAuthorities { actor: ADMIN, keys }]);
    assert_eq!((dropped.status, dropped.approvals.len()), (EpochStatus::Dropped, 0));
    assert!(dropped.seq > proposed.seq);
    let pending = after(&mut chain, &[approve(2), approve(1)]);
    assert_eq!((pending.status, pending.share.get()), (EpochStatus::Pending, 8_000));
    assert_eq!(pending.stale_from - pending.final_from, 25);
    let cancelled = after(&mut chain, &[Action::CancelEpoch { actor: ADMIN }]);
    assert_eq!((cancelled.status, cancelled.final_from), (EpochStatus::Dropped, 0));
    let end = [approve(0), approve(1), Action::Advance { secs: 15 }, Action::FinalizeEpoch];
    let done = after(&mut chain, &end);
    assert_eq!((done.status, done.finalized_at), (EpochStatus::Final, Some(chain.ledger.now)));
    // Half of the fees is given, by the model's next epoch; 300 were swept.
    assert_eq!((done.fees.get(), done.to_treasury.get(), done.approvals.len()), (300, 150, 2));
}

#[test]
fn a_position_is_closed_when_its_account_is() {
    let mut chain = Chain::furnished(CLUSTER);
    let (provider, staker) = (provider(0), owner(1));
    chain.run(Action::Stake { provider, staker, amount: stake(500) }).unwrap();
    chain.run(Action::RequestUnstake { provider, staker, shares: Shares::new(500) }).unwrap();
    let mut slots = vec![chain.take(1)];
    assert!(!position_row(&folded(&slots), staker).closed, "a ticket is left");
    advance(&mut chain, 200);
    chain.run(Action::WithdrawStake { provider, staker, ticket: 0 }).unwrap();
    slots.push(chain.take(2));
    assert!(position_row(&folded(&slots), staker).closed);
    chain.run(Action::Stake { provider, staker, amount: stake(7) }).unwrap();
    slots.push(chain.take(3));
    let again = position_row(&folded(&slots), staker);
    assert_eq!((again.closed, again.shares), (false, Shares::new(7)));
}

fn stake(amount: u64) -> Stake {
    Stake::new(amount)
}

fn refused(events: &[PlacedEvent]) -> Cause {
    fold(&mut Rows::default(), events).unwrap_err().cause
}

#[test]
fn a_missing_event_is_a_gap() {
    let mut events = Chain::furnished(CLUSTER).take(1);
    let funded = events.iter().position(|placed| matches!(placed.event, Event::JobFunded(_))).unwrap();
    let created = events.iter().position(|placed| matches!(placed.event, Event::JobCreated(_))).unwrap();
    let missing = events.remove(created);
    assert!(funded > created);
    assert!(matches!(refused(&events), Cause::SeqGap { expected: 1, found: 2, .. }));
    let repeated = [missing.clone(), PlacedEvent { at: crate::testing::at(2), event: missing.event }];
    assert!(matches!(refused(&repeated), Cause::SeqGap { expected: 2, found: 1, .. }));
}

/// Changes the first event of a kind and expects the fold to refuse the whole.
fn tampered(change: impl Fn(&mut Event) -> bool) -> Cause {
    let mut chain = whole_story();
    let mut events = chain.take(1);
    assert!(events.iter_mut().any(|placed| change(&mut placed.event)), "no such event");
    refused(&events)
}

#[test]
fn every_amount_that_lies_is_noticed() {
    let field = |cause| match cause {
        Cause::Disagrees { field, .. } => field,
        other => panic!("expected a disagreement, got {other:?}"),
    };
    macro_rules! lie {
        ($event:ident.$($name:ident).+, $found:literal) => {
            let cause = tampered(|event| match event {
                Event::$event(e) => {
                    e.$($name).+ += 1;
                    true
                }
                _ => false,
            });
            assert_eq!(field(cause), $found);
        };
    }
    lie!(StakeAdded.amount, "total_stake_after");
    lie!(StakeAdded.shares, "total_shares_after");
    lie!(UnstakeRequested.own_shares_after, "own_shares_after");
    lie!(JobFunded.funded_before, "funded_before");
    lie!(JobFunded.amount, "funded_after");
    lie!(LeaseOpened.nonce, "nonce");
    lie!(LeaseOpened.cap, "job_committed_after");
    lie!(LeaseOpened.exposure, "provider_exposure_after");
    lie!(LeaseSettled.fee, "fee");
    lie!(LeaseSettled.gross, "gross");
    lie!(LeaseSettled.job_paid_after, "job_paid_after");
    lie!(LeaseSettled.fee_collected_before, "fee_collected_before");
    lie!(LeaseClosed.settle_until_before, "settle_until_before");
    lie!(LeaseReleased.returned, "returned");
    lie!(LeaseReleased.job_open_leases_after, "job_open_leases_after");
    lie!(LeaseEnded.exposure, "exposure");
    lie!(LeaseEnded.provider_open_leases_after, "provider_open_leases_after");
    lie!(JobClosed.paid, "paid");
    lie!(FeesSwept.amount, "fee_swept_after");
    lie!(FeesSwept.rewards_swept_after, "rewards_swept_after");
    lie!(StakeAdded.reward_index, "reward_index");
    lie!(UnstakeRequested.position_owed_after, "position_owed_after");
    lie!(UnstakeCancelled.shares, "unbonding_shares_after");
    lie!(UnstakeCancelled.ticket, "ticket");
    lie!(JobExtended.deadline_before, "deadline_before");
    lie!(ProviderUpdated.jailed_until, "jailed_until");
    lie!(ProviderUpdated.settings_before.status, "settings_before");
    lie!(ProviderUpdated.settings_before.next_commission_from, "settings_before");
    lie!(VerifiersSet.verifier_set, "verifier_set");
    lie!(DisputeOpened.exposure, "exposure");
    lie!(DisputeVoted.votes_against, "votes_against");
    lie!(DisputeResolved.bond, "bond");
    lie!(DisputeResolved.compensation, "compensation + burned");
    lie!(DisputeResolved.burned_shares, "total_shares_after");
    lie!(DisputeResolved.provider_exposure_after, "provider_exposure_after");
    lie!(DisputeResolved.owner_owed_after, "owner_owed_after");
    lie!(EpochApproved.approvals, "approvals");
    lie!(EpochApproved.epoch.index, "epoch");
    lie!(EpochApproved.epoch.cumulative_total, "digest");
    lie!(EpochCancelled.index, "epoch");
    lie!(EpochFinalized.fees_before, "fees_before");
    lie!(EpochFinalized.to_treasury, "to_treasury");
    lie!(RewardClaimed.shared_amount, "owner_amount + shared_amount");
    lie!(RewardClaimed.reward_index_after, "reward_index_after");
    lie!(RewardClaimed.rewards_paid_out_after, "rewards_paid_out_after");
    lie!(DelegationRewardClaimed.amount, "amount");
    lie!(DelegationRewardClaimed.rewards_paid_out_before, "rewards_paid_out_before");
    lie!(TreasuryWithdrawn.amount, "withdrawn_after");
}

#[test]
fn unknown_codes_stop_the_fold() {
    let cause = tampered(|event| match event {
        Event::JobCreated(e) => {
            e.tier = 9;
            true
        }
        _ => false,
    });
    assert_eq!(cause, Cause::UnknownValue { field: "tier", value: 9 });
}

#[test]
fn a_job_that_closes_with_money_left_is_refused() {
    let cause = tampered(|event| match event {
        Event::JobClosed(e) => {
            e.refunded -= 1;
            true
        }
        _ => false,
    });
    assert!(matches!(cause, Cause::Disagrees { field: "left in escrow", .. }));
}

/// The rows of these keys alone.
fn only(rows: &Rows, keys: &[ProjectionKey]) -> Rows {
    let mut some = Rows::default();
    some.insert(rows.iter().filter(|row| keys.contains(&row.key())).cloned());
    some
}

#[test]
fn keys_name_every_row_that_changes() {
    for slot in [Chain::furnished(CLUSTER).take(1), whole_story().take(1)] {
        let mut rows = Rows::default();
        for placed in &slot {
            let mut keys = keys_of(&placed.event);
            // As if none of the other rows had been loaded.
            keys.extend(owners_of(std::slice::from_ref(placed), &only(&rows, &keys)));
            fold(&mut rows, std::slice::from_ref(placed)).unwrap();
            for changed in rows.take_changed() {
                assert!(keys.contains(&changed.key()), "{} does not name {:?}", placed.event.name(), changed.key());
            }
        }
    }
}

/// Events in slots as `cuts` says, each slot's in the ledger's order (by signature).
fn slots_of(chain: &mut Chain, turns: &[crate::testing::Move], cuts: &[bool]) -> Vec<Vec<PlacedEvent>> {
    let mut slots = Vec::new();
    for (index, turn) in turns.iter().enumerate() {
        chain.play(*turn);
        if cuts.get(index % cuts.len().max(1)).copied().unwrap_or(true) {
            slots.push(chain.take(2 + slots.len() as u64));
        }
    }
    slots.push(chain.take(2 + slots.len() as u64));
    slots.retain(|slot| !slot.is_empty());
    slots.iter_mut().for_each(|slot| slot.sort_by_key(|placed| placed.at));
    slots
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    #[test]
    fn any_story_folds_to_the_model_however_it_is_cut_and_committed(
        turns in moves(500),
        cuts in proptest::collection::vec(any::<bool>(), 1..12),
        commit in 1..9_usize,
    ) {
        let mut chain = Chain::furnished(CLUSTER);
        let first = chain.take(1);
        let mut slots = vec![first];
        slots.extend(slots_of(&mut chain, &turns, &cuts));

        let all = folded(&slots);
        model::assert_same(&chain.ledger, &all);

        // The same slots in commits of several, each on rows loaded anew as the store would.
        let mut stored: std::collections::BTreeMap<_, Projection> = Default::default();
        for batch in slots.chunks(commit) {
            let mut rows = Rows::default();
            let events: Vec<_> = batch.iter().flatten().cloned().collect();
            let keys = events.iter().flat_map(|placed| keys_of(&placed.event));
            rows.insert(keys.filter_map(|key| stored.get(&key).cloned()));
            let owners = owners_of(&events, &rows);
            rows.insert(owners.iter().filter_map(|key| stored.get(key).cloned()));
            fold(&mut rows, &events).unwrap();
            for row in rows.take_changed() {
                let old = stored.insert(row.key(), row.clone());
                prop_assert!(old.is_none_or(|old| old.seq() < row.seq()));
            }
        }
        prop_assert_eq!(state_hash(stored.values()), state_hash(&all));

        // All events in one slot: the places differ, what they say does not.
        let mut one: Vec<_> = slots.concat();
        one.iter_mut().for_each(|placed| placed.at.slot = 1);
        one.sort_by_key(|placed| placed.at);
        model::assert_same(&chain.ledger, &folded(&[one]));
    }
}

#[test]
fn the_furnished_chain_has_what_the_tests_assume() {
    let chain = Chain::furnished(CLUSTER);
    assert_eq!(chain.ledger.providers[&provider(0)].books.pool.total_stake, Stake::new(1_000_000));
}

/// Else the property above would hold of little.
#[test]
fn random_stories_reach_every_event() {
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::test_runner::{RngSeed, TestRunner};
    let config = ProptestConfig { rng_seed: RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..96 {
        let mut chain = Chain::furnished(CLUSTER);
        let turns = moves(500).new_tree(&mut runner).unwrap().current();
        turns.iter().for_each(|turn| chain.play(*turn));
        kinds.extend(chain.take(1).iter().map(|placed| placed.event.name()));
    }
    assert_eq!(kinds.len(), 37, "some never happen: {kinds:?}");
}

/// What the benchmark folds is what the model says, in all that a network has.
#[test]
fn a_busy_network_folds_to_the_model() {
    let mut crowd = Crowd::new(CLUSTER);
    let mut state = 1_u64;
    let mut roll = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let (mut rows, mut kinds) = (Rows::default(), std::collections::BTreeSet::new());
    for slot in 1..=1_200 {
        (0..100).for_each(|_| crowd.play(&mut roll));
        let placed: Vec<_> = crowd.take_raw(slot).iter().map(crate::testing::placed).collect();
        kinds.extend(placed.iter().map(|placed| placed.event.name()));
        fold(&mut rows, &placed).unwrap();
    }
    let rows: Vec<_> = rows.iter().cloned().collect();
    model::assert_same(&crowd.into_chain().ledger, &rows);
    // All but what the admin does, and what a job's requester may change of it.
    assert!(kinds.len() >= 26, "{kinds:?}");
    assert!(kinds.contains("DisputeResolved") && kinds.contains("DelegationRewardClaimed"), "{kinds:?}");
}
