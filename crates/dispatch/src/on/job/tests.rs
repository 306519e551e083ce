//! What the chain may change of a job under way: its deadline, the network's terms, whether anything may
//! be leased.

use mira_core::amount::{Stake, StakePerMillion};

use crate::effect::Effect;
use crate::explain::why;
use crate::input::{Event, JobFacts, Place};
use crate::testing::{World, job_terms, proposals};

fn withdrawn(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Withdrawn { .. })).count()
}

#[test]
fn a_deadline_that_is_put_off_ends_the_job_later() {
    let terms = job_terms(1);
    let mut world = World::running(3, &terms);
    let facts = world.facts_of(&terms.job);
    world.feed(Event::Job(JobFacts { deadline: facts.deadline + 600, ..facts }));
    let ended = Effect::JobEnded { job: terms.job };
    world.pass(7_200_000);
    assert!(!world.tick().effects.contains(&ended), "it goes on");
    world.pass(600_000);
    assert!(world.tick().effects.contains(&ended));
}

#[test]
fn a_pause_withdraws_proposals_and_blames_nobody() {
    let terms = job_terms(1);
    let mut world = World::with_providers(3);
    let proposed = proposals(&world.place(&terms)).len();
    let facts = world.facts_of(&terms.job);
    let paused = world.feed(Event::Job(JobFacts { leasable: false, ..facts.clone() }));
    assert_eq!(withdrawn(&paused.effects), proposed);
    let said = why(&world.engine, &terms.job).expect("placed").message;
    assert!(said.contains("the network is paused"), "{said}");
    world.beat(0);
    assert!(world.engine.jobs[&terms.job].declined.is_empty());
    assert!(world.engine.providers.values().all(|provider| provider.pending_exposure.is_zero()));

    let resumed = world.feed(Event::Job(facts));
    assert_eq!(proposals(&resumed).len(), proposed, "spread as at first");
}

#[test]
fn work_goes_on_under_the_leases_of_a_paused_network() {
    let terms = job_terms(1);
    let mut world = World::running(3, &terms);
    let facts = world.facts_of(&terms.job);
    world.feed(Event::Job(JobFacts { leasable: false, ..facts }));
    assert!(world.pull(0).is_some());
}

#[test]
fn proposals_follow_the_networks_terms() {
    let terms = job_terms(1);
    let mut world = World::with_providers(3);
    let first = world.place(&terms);
    let facts = world.facts_of(&terms.job);
    let rate = StakePerMillion::new(2_000_000);
    let changed = world.feed(Event::Job(JobFacts { stake_per_million: rate, max_lease_secs: 60, ..facts }));
    assert_eq!(withdrawn(&changed.effects), proposals(&first).len());
    let again = proposals(&changed);
    let expiry = i64::try_from(world.now_ms / 1_000).expect("time") + 60;
    assert!(!again.is_empty() && again.iter().all(|proposal| proposal.expires_at <= expiry));
    assert_eq!(again.len(), proposals(&first).len(), "spread as at first");
    let exposed = world.engine.providers[&again[0].provider].pending_exposure;
    assert_eq!(exposed, Stake::new(again[0].cap.get() * 2), "twice the stake for the same cap");
}

#[test]
fn what_is_known_is_not_news() {
    let terms = job_terms(1);
    let world = World::running(3, &terms);
    let facts = world.facts_of(&terms.job);
    assert!(world.engine.knows_job(&facts));
    let news = [
        JobFacts { leasable: false, ..facts.clone() },
        JobFacts { deadline: facts.deadline + 1, ..facts.clone() },
        JobFacts { max_lease_secs: 1, ..facts.clone() },
        JobFacts { stake_per_million: StakePerMillion::new(1), ..facts },
    ];
    assert!(news.iter().all(|facts| !world.engine.knows_job(facts)));
}

#[test]
fn a_complete_job_is_off_its_providers_books() {
    let terms = Place { shards: job_terms(1).shards[..1].to_vec(), ..job_terms(1) };
    let mut world = World::running(3, &terms);
    let held = |world: &World| world.engine.providers().map(|(_, provider)| provider.leases.len()).sum::<usize>();
    assert_eq!(held(&world), world.engine.jobs[&terms.job].leases.len());
    let claim = (0..3).find_map(|id| world.pull(id)).expect("work").claim;
    world.done(claim, 90);
    assert_eq!(held(&world), 0, "though its leases are open on chain");
}
