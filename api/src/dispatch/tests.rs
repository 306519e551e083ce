//! The wiring with a real database and a clock that stands still unless it is told to move. There is no
//! chain: leases appear as rows, as the indexer would write them.

mod rows;
mod standby;
mod verdicts;
mod world;

use std::time::Duration;

use mira_core::amount::{Payment, Units};
use world::{JOB, World};

use super::{Error, Fault, Outcome, Pull, RejectReason, ShardResult, Verdict};
use crate::dispatch::calls::pull::Assignment;

fn report(provider: u8, assignment: &Assignment, outcome: Outcome) -> ShardResult {
    ShardResult {
        provider: world::provider_key(provider),
        lease: assignment.lease,
        job: assignment.job,
        shard: assignment.shard,
        attempt: assignment.attempt,
        outcome,
    }
}

fn done(units: u64) -> Outcome {
    Outcome::Done { output: [7; 32], units: Units::new(units) }
}

fn pull(provider: u8, wait_ms: u64) -> Pull {
    Pull { provider: world::provider_key(provider), leases: Vec::new(), wait: Duration::from_millis(wait_ms) }
}

#[tokio::test]
async fn a_job_is_placed_and_worked_on() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    assert_eq!((first.shard, first.attempt), (0, 1));
    let verdict = world.handle.result(report(leased[0], &first, done(91))).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { amount_due, units }
        if amount_due == Payment::new(46) && units == Units::new(91)));
    let shards = world.handle.shards(JOB, None, 2).await.unwrap().expect("placed");
    assert_eq!((shards.total, shards.done, shards.queued, shards.rows.len()), (20, 1, 19, 2));
    let due: u64 = shards.leases.iter().map(|lease| lease.amount_due.get()).sum();
    assert_eq!(due, 46);
    let why = world.handle.why(JOB).await.unwrap().expect("placed");
    let decision = world.handle.decision(why.decisions[0]).await.unwrap().expect("recorded");
    assert!(decision.explanation.contains("won with the lowest score"), "{}", decision.explanation);
    world.stop().await;
}

#[tokio::test]
async fn a_pull_waits_for_work_and_gives_up_in_time() {
    let world = World::placed(3).await;
    assert!(world.handle.pull(pull(0, 0)).await.unwrap().is_none(), "no lease is open");
    let waits = tokio::spawn({
        let handle = world.handle.clone();
        async move {
            let all = (0..3).map(|id| handle.pull(pull(id, 10_000)));
            futures_util::future::join_all(all).await
        }
    });
    world.open_proposals().await;
    let given = waits.await.unwrap().into_iter().filter_map(|answer| answer.unwrap());
    let shards: std::collections::BTreeSet<u32> = given.map(|assignment| assignment.shard).collect();
    assert_eq!(shards, [0, 1, 2].into(), "each got another one");
    world.stop().await;
}

#[tokio::test]
async fn who_goes_away_takes_no_shard() {
    let world = World::placed(3).await;
    let gone = tokio::time::timeout(Duration::from_millis(50), world.handle.pull(pull(0, 10_000))).await;
    assert!(gone.is_err(), "it waited");
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    assert_eq!((first.shard, first.attempt), (0, 1));
    world.stop().await;
}

#[tokio::test]
async fn rows_that_changed_together_are_all_followed() {
    let world = World::new(40).await;
    // More than are read at first, and twice: what was seen the first time is passed over the second.
    world.restake(40, 6, 2_000_000).await;
    world.restake(40, 7, 3_000_000).await;
    world.stop().await;
}

#[tokio::test]
async fn a_restart_knows_everything() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    let second = world.handle.pull(pull(leased[1], 5_000)).await.unwrap().expect("work");
    world.handle.result(report(leased[0], &first, done(91))).await.unwrap();
    let before = world.seen().await;
    let world = world.restart().await;
    assert_eq!(world.seen().await, before);
    // The answer to the first was lost: it is given again. The second is still its holder's.
    for (id, assignment, expected) in [(leased[0], first, 91), (leased[1], second, 80)] {
        let verdict = world.handle.result(report(id, &assignment, done(expected))).await.unwrap();
        assert!(matches!(verdict, Verdict::Accepted { units, .. } if units == Units::new(expected)), "{verdict:?}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_database_that_fails_loses_nothing_and_comes_back() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    let before = world.seen().await;
    world.execute("ALTER TABLE dispatch_input RENAME TO away").await;
    let failed = world.handle.result(report(leased[0], &first, done(91))).await;
    assert!(matches!(failed, Err(Error::Unavailable { .. })), "{failed:?}");
    assert!(!world.handle.ready());
    world.execute("ALTER TABLE away RENAME TO dispatch_input").await;
    world.until_ready().await;
    assert_eq!(world.seen().await, before, "what was not recorded did not happen");
    let verdict = world.handle.result(report(leased[0], &first, done(91))).await.unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    world.stop().await;
}

#[tokio::test]
async fn reports_about_what_is_not_held_are_refused() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let mut first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    first.attempt = 9;
    let verdict = world.handle.result(report(leased[0], &first, done(1))).await.unwrap();
    assert!(matches!(verdict, Verdict::Rejected(RejectReason::NotHolder)));
    world.stop().await;
}

#[tokio::test]
async fn a_failed_shard_goes_to_another_and_says_why() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let first = world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    let failed = Outcome::Failed { fault: Fault::Node, message: "the disk is full".into() };
    let verdict = world.handle.result(report(leased[0], &first, failed)).await.unwrap();
    assert!(matches!(verdict, Verdict::Failed));
    let shards = world.handle.shards(JOB, None, 1).await.unwrap().expect("placed");
    assert_eq!(shards.rows[0].error.as_deref(), Some("the disk is full"));
    let again = world.handle.pull(pull(leased[1], 5_000)).await.unwrap().expect("work");
    assert_eq!((again.shard, again.attempt), (0, 2));
    let overview = world.handle.overview().await.unwrap();
    assert_eq!((overview.suspended, overview.redispatched), (1, 1));
    world.stop().await;
}

#[tokio::test]
async fn a_silent_provider_is_suspended_although_nobody_calls() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    world.handle.pull(pull(leased[0], 5_000)).await.unwrap().expect("work");
    for _ in 0..4 {
        world.pass(2_000).await;
        for id in (0..3).filter(|id| *id != leased[0]) {
            world.beat(id).await;
        }
    }
    world.until(|overview| overview.suspended == 1 && overview.redispatched == 1).await;
    assert!(world.beat(leased[0]).await.suspended);
    world.stop().await;
}

#[tokio::test]
async fn standing_still_is_nobodys_silence() {
    let world = World::placed(3).await;
    world.open_proposals().await;
    world.pass(60_000).await;
    for id in 0..3 {
        assert!(!world.beat(id).await.suspended);
    }
    assert_eq!(world.handle.overview().await.unwrap().suspended, 0);
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_placed_is_said() {
    let world = World::new(1).await;
    let unknown = world.handle.place(world::place([9; 32])).await;
    assert!(matches!(unknown, Err(Error::UnknownJob)), "{unknown:?}");
    let waits = world.handle.place(world::place(JOB)).await;
    assert!(matches!(&waits, Err(Error::NoCandidate { why }) if why.status == "waiting"), "{waits:?}");
    let mut tokens = world::place(JOB);
    tokens.spec.unit_kind = mira_core::tier::UnitKind::Tokens;
    assert!(matches!(world.handle.place(tokens).await, Err(Error::SpecMismatch)));
    let stranger = world.handle.offer(super::Offer { provider: [8; 32], ..world::offer(0) }).await;
    assert!(matches!(stranger, Err(Error::UnknownProvider)));
    let silent = world.handle.pull(Pull { provider: world::provider_key(5), ..pull(0, 0) }).await;
    assert!(matches!(silent, Err(Error::NoOffer)));
    world.stop().await;
}

#[tokio::test]
async fn placing_again_answers_the_same() {
    let world = World::placed(3).await;
    let first = world.handle.place(world::place(JOB)).await.unwrap();
    let again = world.handle.place(world::place(JOB)).await.unwrap();
    assert_eq!(first.decisions, again.decisions);
    assert_eq!(first.proposals.len(), 3);
    world.stop().await;
}

#[tokio::test]
async fn a_heartbeat_that_says_nothing_new_is_not_recorded() {
    let world = World::placed(2).await;
    world.beat(0).await;
    let before = world.recorded().await;
    world.beat(0).await;
    assert_eq!(world.recorded().await, before);
    world.pass(1_600).await;
    world.beat(0).await;
    assert_eq!(world.recorded().await, before + 1);
    world.stop().await;
}

#[tokio::test]
async fn the_time_to_a_lease_and_to_a_settlement_is_measured() {
    let world = World::placed(3).await;
    world.pass(1_500).await;
    world.open_proposals().await;
    let place_ms = world.handle.latencies().place_ms;
    assert_eq!((place_ms.count, place_ms.p50), (3, 1_500));
    world.settle(40, 700).await;
    let settled = || world.handle.latencies().settle_ms;
    world::until("it is settled", async || settled().count == 1 && settled().p50 == 700).await;
    world.stop().await;
}

#[tokio::test]
async fn a_pause_stops_new_leases_and_its_end_brings_them_back() {
    let world = World::placed(3).await;
    world.govern(|network| network.paused = true).await;
    world.until_why(|why| why.message.contains("the network is paused")).await;
    let refused = world.handle.place(world::place(JOB)).await;
    assert!(matches!(refused, Err(Error::NetworkPaused)), "{refused:?}");
    world.govern(|network| network.paused = false).await;
    world.until_why(|why| !why.message.contains("paused")).await;
    assert_eq!(world.handle.place(world::place(JOB)).await.unwrap().proposals.len(), 3);
    world.stop().await;
}

#[tokio::test]
async fn a_job_that_names_another_dispatcher_is_worked_on_and_not_leased_for() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    world.change_job(|job| job.dispatcher = Some([0x77; 32])).await;
    world.until_why(|why| why.message.contains("names another dispatcher")).await;
    assert!(world.handle.pull(pull(leased[0], 5_000)).await.unwrap().is_some());
    world.stop().await;
}

#[tokio::test]
async fn new_parameters_and_a_pause_show_in_a_quote() {
    let world = World::new(3).await;
    let quote = async || world.handle.quote(world::quote()).await.unwrap();
    assert_eq!((quote().await.asked.reason, quote().await.candidates), (None, 3));
    world.govern(|network| network.paused = true).await;
    let paused = quote().await.asked;
    assert!(paused.reason.as_ref().is_some_and(|reason| reason.contains("paused")), "{paused:?}");
    // Nothing happened to the providers themselves.
    world.govern(|network| network.params.min_stake = mira_core::amount::Stake::new(1_000_001)).await;
    for _ in 0..500 {
        if quote().await.candidates == 0 {
            return world.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the new minimum was not seen: {:?}", quote().await);
}
