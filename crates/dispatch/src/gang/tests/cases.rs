//! One case each, through the whole engine.

use std::collections::BTreeSet;

use mira_core::Key;
use mira_core::amount::{Bps, Payment};
use mira_core::tier::Tier;

use crate::effect::{Effect, HandOverCause, Outcome, Refusal};
use crate::explain::why;
use crate::gang::note::{Cause, What};
use crate::input::{Fault, Offer, Place};
use crate::service::Service;
use crate::testing::{World, facts, job_terms, label, offer, proposals, provider_key};

/// A gang of this size over two shards a member.
pub(crate) fn gang(id: u8, size: u16) -> Place {
    let mut terms = job_terms(id);
    terms.tier = Tier::Training;
    terms.service = Service { gang: size, ..Service::default() };
    terms.shards.truncate(usize::from(size) * 2);
    terms
}

pub(crate) fn notes(outcome: &Outcome) -> Vec<&What> {
    let all = outcome.effects.iter();
    all.filter_map(|effect| if let Effect::Gang(note) = effect { Some(&note.what) } else { None }).collect()
}

fn message(world: &World, job: &Key) -> String {
    why(&world.engine, job).expect("known").message
}

fn members(world: &World, job: &Key) -> Vec<u8> {
    world.engine.gang(job).expect("gang").members().iter().map(|member| member.provider[1]).collect()
}

#[test]
fn nothing_runs_until_every_lease_is_open() {
    let mut world = World::with_providers(5);
    let terms = gang(1, 4);
    let outcome = world.place(&terms);
    assert_eq!(proposals(&outcome).len(), 4);
    let until_ms = world.now_ms + 4 * 60_000;
    assert_eq!(notes(&outcome), vec![&What::Reserved { members: 4, missing: 0, until_ms }]);
    for open in 1..4 {
        let outcome = world.open_first(&terms.job, 1);
        assert!(notes(&outcome).is_empty());
        assert!((0..5).all(|id| world.pull(id).is_none()), "{open} of 4 leases are open");
    }
    assert!(message(&world, &terms.job).starts_with("gang of 4: 3 reserved, waiting for 1 until "));
    let outcome = world.open_first(&terms.job, 1);
    assert!(matches!(notes(&outcome)[..], [What::Started { members }] if members.len() == 4));
    let ranks = members(&world, &terms.job);
    let shards: Vec<Option<u32>> =
        ranks.iter().map(|id| world.pull(*id).map(|assignment| assignment.claim.shard)).collect();
    assert_eq!(shards, vec![Some(0), Some(1), Some(2), Some(3)], "each its rank's");
    assert!(message(&world, &terms.job).starts_with("gang of 4 runs step 0"));
}

#[test]
fn a_step_begins_when_the_one_before_has_ended() {
    let mut world = World::with_providers(2);
    let terms = gang(1, 2);
    world.place(&terms);
    world.open_all(&terms.job);
    let ranks = members(&world, &terms.job);
    let first: Vec<_> = ranks.iter().map(|id| world.pull(*id).expect("a shard").claim).collect();
    world.done(first[0], 90);
    assert!(world.pull(ranks[0]).is_none(), "the other is still at the first step");
    world.done(first[1], 90);
    let second: Vec<_> = ranks.iter().map(|id| world.pull(*id).expect("a shard").claim).collect();
    assert_eq!(second.iter().map(|claim| claim.shard).collect::<Vec<_>>(), vec![2, 3]);
    world.done(second[0], 90);
    let outcome = world.done(second[1], 90);
    assert!(outcome.effects.contains(&Effect::JobComplete { job: terms.job, failed: 0 }));
    assert_eq!(notes(&outcome), vec![&What::Left]);
    assert!(world.engine.gang(&terms.job).is_none());
}

#[test]
fn what_a_limit_releases_is_tried_with_others() {
    let mut world = World::with_providers(4);
    let terms = gang(1, 3);
    world.place(&terms);
    world.open_first(&terms.job, 1);
    let first = members(&world, &terms.job);
    let kept = first[0];
    let mut released = Vec::new();
    for _ in 0..61 {
        world.pass(1_000);
        for id in 0..4 {
            let outcome = world.beat(id);
            released.extend(notes(&outcome).into_iter().cloned());
        }
    }
    assert_eq!(released[0], What::Released(Cause::MemberLost(provider_key(first[1]))));
    assert!(matches!(released[1], What::Reserved { members: 3, missing: 0, .. }));
    let second = members(&world, &terms.job);
    assert!(second.contains(&kept), "its lease is open and is used");
    assert!(!second.contains(&first[1]), "it let the others wait");
    let outcome = world.open_all(&terms.job);
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]));
}

#[test]
fn a_lease_of_a_try_that_failed_is_wanted_until_the_gang_has_others() {
    let mut world = World::with_providers(3);
    let terms = gang(1, 2);
    world.place(&terms);
    world.open_first(&terms.job, 1);
    let lost = members(&world, &terms.job)[0];
    let wanted = |world: &World| -> Vec<u8> {
        let leases = world.engine.leases_of(world.engine.job(&terms.job).expect("placed"));
        leases.filter(|(_, lease)| world.engine.is_wanted(lease)).map(|(_, lease)| lease.provider[1]).collect()
    };
    assert_eq!(wanted(&world), [lost]);
    let mut released = false;
    for _ in 0..61 {
        world.pass(1_000);
        for id in (0..3).filter(|id| *id != lost) {
            released |= notes(&world.beat(id)).contains(&&What::Released(Cause::MemberLost(provider_key(lost))));
        }
    }
    assert!(released, "it was silent for too long");
    let chosen = members(&world, &terms.job);
    assert!(!chosen.contains(&lost) && wanted(&world).is_empty(), "{chosen:?}");
    let outcome = world.open_all(&terms.job);
    assert!(matches!(notes(&outcome)[..], [What::Started { .. }]));
    assert_eq!(BTreeSet::from_iter(wanted(&world)), BTreeSet::from_iter(chosen));
}

#[test]
fn a_lost_member_stops_all_and_the_rest_runs_again() {
    let mut world = World::with_providers(4);
    let terms = gang(1, 3);
    world.place(&terms);
    world.open_all(&terms.job);
    let first = members(&world, &terms.job);
    let claims: Vec<_> = first.iter().map(|id| world.pull(*id).expect("a shard").claim).collect();
    world.done(claims[0], 90);
    let outcome = world.fail(claims[1], Fault::Node);
    let stopped = What::Stopped { lost: provider_key(first[1]) };
    assert_eq!(notes(&outcome)[0], &stopped);
    let handed = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::HandOver { claim, cause } => Some((claim.shard, *cause)),
        _ => None,
    });
    assert_eq!(handed.collect::<Vec<_>>(), vec![(1, HandOverCause::NodeFailed), (2, HandOverCause::GangStopped)]);
    assert!(first.iter().all(|id| world.pull(*id).is_none()));
    world.open_all(&terms.job);
    let second = members(&world, &terms.job);
    assert!(!second.contains(&first[1]) && second.contains(&first[0]) && second.contains(&first[2]));
    let again: BTreeSet<_> =
        second.iter().filter_map(|id| world.pull(*id)).map(|assignment| assignment.claim.shard).collect();
    assert_eq!(again, BTreeSet::from([1, 2]), "what was done stays done");
    assert!(world.engine.providers[&provider_key(first[0])].health.is_healthy(), "not its fault");
}

#[test]
fn an_owner_has_its_share_of_the_members() {
    let mut world = World::new(crate::config::Config::default());
    // Four machines of one owner, and one each of two others.
    for id in 0..6 {
        let owner = crate::testing::owner_key(id.max(3));
        world.join(crate::input::ProviderFacts { owner, ..facts(id) }, offer(id));
    }
    let terms = gang(1, 4);
    world.place(&terms);
    let owners: Vec<Key> =
        world.engine.gang(&terms.job).expect("gang").members().iter().map(|member| member.owner).collect();
    assert_eq!(owners.len(), 4);
    assert_eq!(owners.iter().filter(|owner| **owner == crate::testing::owner_key(3)).count(), 2, "half of four");
}

#[test]
fn members_are_close_together() {
    let mut world = World::new(crate::config::Config::default());
    let regions = ["eu", "ap", "us", "sa"];
    for id in 0..12 {
        world.join(facts(id), Offer { region: label(regions[usize::from(id) % 4]), ..offer(id) });
    }
    let terms = gang(1, 3);
    world.place(&terms);
    let at: BTreeSet<_> = members(&world, &terms.job).into_iter().map(|id| id % 4).collect();
    assert_eq!(at.len(), 1, "each region has three machines");
}

#[test]
fn a_gang_that_is_too_large_says_so_and_holds_nothing() {
    let mut world = World::with_providers(3);
    let large = gang(1, 4);
    let outcome = world.place(&large);
    assert!(outcome.effects.iter().any(|effect| matches!(effect, Effect::NoCandidate { .. })));
    assert!(message(&world, &large.job).starts_with("gang of 4: not enough members to be had"));
    let small = gang(2, 3);
    world.place(&small);
    assert_eq!(members(&world, &small.job).len(), 3, "nobody stands in its way");
    world.join(facts(3), offer(3));
    assert_eq!(members(&world, &large.job).len(), 4, "one more, and it is not asked again");
}

/// A change of terms, and what the refusal says of it.
type Change = (fn(&mut Place), &'static str);

#[test]
fn bad_terms_are_refused() {
    let changes: [Change; 7] = [
        (|terms| terms.service.gang = 0, "needs a gang of at least 1"),
        (|terms| terms.max_leases = 3, "max_leases allows 3"),
        (|terms| terms.shards.truncate(3), "3 shards for a gang of 4"),
        (|terms| terms.max_share = Bps::new(2_000).expect("bps"), "needs 5 owners"),
        (|terms| terms.service.preemptible = true, "cannot be preemptible"),
        (|terms| terms.tier = Tier::Batch, "only training jobs have a gang"),
        (|terms| terms.funded = Payment::ZERO, ""),
    ];
    for (change, text) in changes {
        let mut world = World::with_providers(5);
        let mut terms = gang(1, 4);
        change(&mut terms);
        let outcome = world.place(&terms);
        let refused = outcome.effects.iter().find_map(|effect| match effect {
            Effect::Refused(Refusal::BadTerms(reason)) => Some(reason.clone()),
            _ => None,
        });
        match refused {
            Some(reason) => assert!(!text.is_empty() && reason.contains(text), "{reason}"),
            // Without money it is not refused, but has no candidate.
            None => assert!(text.is_empty() && world.engine.gang(&terms.job).is_some(), "{text}"),
        }
    }
}
