//! What audits showed reaches the engine once.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, UnitPrice, Units};
use mira_dispatch::reputation::{OUTCOME, lower_ppm};
use mira_store::model::{AuditRow, AuditState, LeaseRow};

use super::rows;
use super::world::{JOB, NOW, World, provider_key};
use crate::dispatch::verdicts::{held, wrong};

fn audit(shard: u32, state: AuditState, provider: Key, wrong_provider: Option<Key>) -> AuditRow {
    AuditRow {
        job: JOB,
        shard,
        lease: [0x40; 32],
        provider,
        owner: [0xa0; 32],
        operator: [0xc0; 32],
        output: [7; 32],
        units: Units::new(25),
        seed: 9,
        rate: Bps::ZERO,
        sampled_ms: 1,
        state,
        asked: None,
        decided_ms: Some(NOW * 1_000),
        wrong_lease: None,
        wrong_provider,
    }
}

fn lease(fee_paid: u64, units: u64, released: bool) -> LeaseRow {
    let row = rows::lease([0x40; 32], 0, provider_key(0), UnitPrice::new(1), Payment::new(9));
    LeaseRow { fee_paid: Payment::new(fee_paid), units: Units::new(units), released, ..row }
}

#[test]
fn a_result_counts_by_its_part_of_the_fees_that_stay() {
    let row = audit(0, AuditState::Passed, provider_key(0), None);
    let share = |bps| Bps::new(bps).unwrap();
    assert_eq!(held(&row, &lease(1_000, 100, false), share(0)), None, "more may be settled");
    let fee = |lease: LeaseRow, bps| held(&row, &lease, share(bps)).unwrap().net_fee.get();
    assert_eq!(fee(lease(1_000, 100, true), 0), 250);
    assert_eq!(fee(lease(1_000, 100, true), 8_000), 50);
    assert_eq!(fee(lease(1_000, 100, true), 10_000), 0, "what comes back buys nothing");
    assert_eq!(fee(lease(1_000, 10, true), 0), 1_000, "no more than was settled");
    assert_eq!(fee(lease(0, 0, true), 0), 0);
    assert_eq!(fee(lease(u64::MAX, u64::MAX, true), 0), 25);
}

#[test]
fn whoever_was_wrong_is_told_at_once() {
    let of = |state, provider| wrong(&audit(0, state, provider_key(0), provider));
    let failed = of(AuditState::Failed, Some(provider_key(0))).unwrap();
    assert_eq!((failed.provider, failed.passed, failed.net_fee), (provider_key(0), false, Payment::ZERO));
    assert_eq!(of(AuditState::Cleared, Some(provider_key(1))).unwrap().provider, provider_key(1));
    assert_eq!(of(AuditState::Passed, None), None);
}

#[tokio::test]
async fn each_verdict_counts_once_over_restarts() {
    let world = World::placed(3).await;
    let leased = world.open_proposals().await;
    let (good, bad) = (provider_key(leased[0]), provider_key(leased[1]));
    world.decide(audit(0, AuditState::Passed, good, None)).await;
    let world = world.restart().await;
    // Of fees of 250,000 a tenth is this result's, and a fifth of that does not come back: half an outcome.
    world.release_first(250_000, 250).await;
    world.until_bound(good, lower_ppm(OUTCOME * 3 / 2, OUTCOME)).await;
    world.decide(audit(1, AuditState::Failed, bad, Some(bad))).await;
    let world = world.restart().await;
    world.until_bound(bad, lower_ppm(OUTCOME, OUTCOME * 11)).await;
    world.until_bound(good, lower_ppm(OUTCOME * 3 / 2, OUTCOME)).await;
    world.stop().await;
}
