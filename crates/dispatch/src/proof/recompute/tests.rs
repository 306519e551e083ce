//! Whatever is changed in a record is named.

use mira_core::amount::UnitPrice;

use super::*;
use crate::input::Offer;
use crate::testing::{World, facts, job_terms, offer, provider_key};

/// A decision among three feasible and two rejected providers.
fn record() -> PlacementRecord {
    let mut world = World::with_providers(3);
    for id in 3..5 {
        world.join(facts(id), Offer { unit_price: UnitPrice::new(2_000_000), ..offer(id) });
    }
    world.place(&job_terms(1)).records[0].clone()
}

fn found(change: impl FnOnce(&mut PlacementRecord)) -> Vec<Difference> {
    let mut record = record();
    change(&mut record);
    recompute(&record).expect_err("the change is noticed")
}

#[test]
fn a_record_decides_as_it_says() {
    let record = record();
    assert_eq!(record.candidates.len(), 5);
    let again = recompute(&record).expect("is sound");
    assert_eq!((again.winner, again.runner_up), (record.winner, record.runner_up));
    assert!(again.winner.is_some() && again.runner_up.is_some());
}

#[test]
fn another_winner_is_noticed() {
    let other = Some(provider_key(9));
    let (winner, runner_up) = (record().winner, record().runner_up);
    let named = Difference::Winner { recorded: other, computed: winner };
    assert_eq!(named.to_string(), "winner: another one has the lower score");
    assert_eq!(found(|record| record.winner = other), [named]);
    let second = Difference::RunnerUp { recorded: None, computed: runner_up };
    assert_eq!(second.to_string(), "runner_up: nobody is recorded and somebody is feasible");
    assert_eq!(found(|record| record.runner_up = None), [second]);
    let swapped = found(|record| std::mem::swap(&mut record.winner, &mut record.runner_up));
    assert_eq!(swapped.len(), 2);
}

#[test]
fn another_score_is_noticed() {
    // The last feasible one would have been the best.
    let third = record().candidates[2].provider;
    assert!(record().winner != Some(third));
    let lower = |record: &mut PlacementRecord| {
        if let Some(score) = &mut record.candidates[2].score {
            score.total = 0;
        }
    };
    let winner = |found: &Difference| matches!(found, Difference::Winner { computed, .. } if *computed == Some(third));
    assert!(found(lower).iter().any(winner));
    assert!(found(|record| record.candidates[2].score = None).contains(&Difference::Scored(2)));
    assert!(found(|record| record.candidates[3].rejects = Default::default()).contains(&Difference::Scored(3)));
}

#[test]
fn another_draw_is_noticed() {
    assert!(found(|record| record.candidates.swap(0, 1)).contains(&Difference::Draw(1)));
    assert!(
        found(|record| record.candidates[1] = record.candidates[0].clone()).contains(&Difference::Draw(1)),
        "twice"
    );
    assert_eq!(
        found(|record| record.candidates.truncate(4)),
        [Difference::Rejects(Limit::PriceCap), Difference::Rejects(Limit::EscrowLeft)],
        "one is left out"
    );
    assert!(found(|record| record.considered = 4).contains(&Difference::Drawn), "one is made up");
    // Another seed, epoch or counter would have drawn five candidates in another order, most likely.
    assert!(found(|record| record.epoch_hash = [9; 32]).iter().any(|found| matches!(found, Difference::Draw(_))));
}

#[test]
fn another_name_or_count_or_version_is_noticed() {
    assert!(found(|record| record.counter += 1).contains(&Difference::Name));
    assert_eq!(found(|record| record.id = [0; 32]), [Difference::Name]);
    assert_eq!(found(|record| record.rejected[1] += 1), [Difference::Rejects(Limit::PriceCap)]);
    assert_eq!(found(|record| record.rejected.truncate(10)), [Difference::Rejects(Limit::NetworkShare)]);
    assert_eq!(found(|record| record.schema = 1), [Difference::Schema(1)]);
}
