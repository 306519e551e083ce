//! The slow path in a small world: what moves its prices, and what does not.

use mira_core::amount::{Payment, UnitPrice};
use mira_core::tier::UnitKind;

use super::*;
use crate::config::Config;
use crate::input::{Offer, Place, ProviderFacts};
use crate::testing::{World, facts, job_terms, key, label, offer, owner_key, proposals, provider_key};

fn class() -> Class {
    (label("cpu"), UnitKind::Fuel)
}

fn prices(world: &World) -> &MarketPrices {
    world.engine.prices().of(&class()).expect("a market")
}

/// Lets periods pass in which everybody is heard of; returns how often prices changed.
fn periods(world: &mut World, count: u64, providers: u8) -> usize {
    let before = world.outcomes.len();
    for _ in 0..count * 5 {
        world.pass(1_000);
        (0..providers).for_each(|id| drop(world.beat(id)));
    }
    let effects = world.outcomes[before..].iter().flat_map(|outcome| &outcome.effects);
    effects.filter(|effect| matches!(effect, Effect::Prices(_))).count()
}

fn priced(id: u8, price: u64) -> Offer {
    Offer { unit_price: UnitPrice::new(price), ..offer(id) }
}

#[test]
fn prices_follow_the_first_offers_and_are_recorded_when_they_change() {
    let mut world = World::with_providers(3);
    world.tick();
    let set = prices(&world).clone();
    assert_eq!((set.ask_median, set.congestion_ppm, set.headroom), (UnitPrice::new(500_000), 1_000_000, 0));
    // Twice the median is worth 200 ms to an interactive job and a minute to a batch job.
    assert_eq!(set.latency_us(Tier::Interactive, UnitPrice::new(500_000)), 200_000);
    assert_eq!(set.latency_us(Tier::Batch, UnitPrice::new(500_000)), 60_000_000);
    assert_eq!(periods(&mut world, 4, 3), 0, "nothing changed, nothing is recorded");
    (0..2).for_each(|id| drop(world.feed(crate::input::Event::Offer(priced(id, 800_000)))));
    assert_eq!(periods(&mut world, 2, 3), 1);
    assert_eq!(prices(&world).ask_median, UnitPrice::new(800_000));
}

#[test]
fn congestion_rises_while_shards_wait_and_falls_when_none_do() {
    let mut terms = job_terms(1);
    terms.shards = (0..100).map(|_| terms.shards[0]).collect();
    (terms.funded, terms.free) = (Payment::new(100_000), Payment::new(100_000));
    let mut world = World::running(3, &terms);
    periods(&mut world, 3, 3);
    let high = prices(&world).clone();
    assert!(high.congestion_ppm > 1_300_000, "{high:?}");
    assert!(high.latency_us(Tier::Batch, UnitPrice::new(500_000)) < 50_000_000, "a price counts less");
    periods(&mut world, 60, 3);
    assert_eq!(prices(&world).congestion_ppm, 4_000_000);
    world.sync(&terms.job, false);
    periods(&mut world, 20, 3);
    assert_eq!(prices(&world).congestion_ppm, 1_000_000);
}

/// Places jobs one after the other, all leases opened; how many of their proposals went to this owner, by value, in
/// percent.
fn share_of(world: &mut World, owner: &Key, jobs: u8) -> u64 {
    let (mut own, mut all) = (0, 0);
    for id in 0..jobs {
        let terms = Place { job: key(3, id), spec_hash: key(4, id), ..job_terms(1) };
        let outcome = world.place(&terms);
        for proposal in proposals(&outcome) {
            all += proposal.cap.get();
            own += if proposal.owner == *owner { proposal.cap.get() } else { 0 };
        }
        world.pass(500);
        (0..110).for_each(|id| drop(world.beat(id)));
    }
    own * 100 / all
}

#[test]
fn a_sybil_that_splits_into_a_hundred_nodes_gains_no_share() {
    let world = |parts: u8| {
        let share = crate::share::Policy { floor: Payment::new(1_000), ..crate::share::Policy::default() };
        let mut world = World::new(Config { share, ..Config::default() });
        (0..9).for_each(|id| world.join(facts(id), Offer { slots: 20, ..offer(id) }));
        for id in 10..10 + parts {
            let facts = ProviderFacts { owner: owner_key(200), ..facts(id) };
            world.join(facts, Offer { slots: u16::from(100 / parts), ..offer(id) });
        }
        world
    };
    let (mut whole, mut split) = (world(1), world(100));
    let shares = [&mut whole, &mut split].map(|world| share_of(world, &owner_key(200), 40));
    assert!(shares[1] <= shares[0] + 2, "{shares:?}");
    let bounds = [&whole, &split].map(|world| world.engine.network_share(&class(), &owner_key(200)).limit_ppm);
    assert_eq!(bounds[0], bounds[1]);
    assert_eq!(prices(&whole).ask_median, prices(&split).ask_median);
}

#[test]
fn a_price_spike_moves_traffic_away_within_a_period_and_no_price_with_it() {
    let mut world = World::new(Config::default());
    (0..6).for_each(|id| world.join(facts(id), priced(id, if id == 0 { 90_000 } else { 100_000 })));
    periods(&mut world, 1, 6);
    let before = prices(&world).clone();
    let won = |outcome: &Outcome| proposals(outcome).iter().filter(|p| p.provider == provider_key(0)).count();
    let place = |world: &mut World, id| world.place(&Place { job: key(3, id), spec_hash: key(4, id), ..job_terms(1) });
    let cheap: Vec<usize> = (0..10).map(|id| won(&place(&mut world, id))).collect();
    assert_eq!(cheap, vec![1; 10], "the cheapest gets a lease of each job");
    world.feed(crate::input::Event::Offer(priced(0, 900_000)));
    periods(&mut world, 1, 6);
    let dear: Vec<usize> = (10..60).map(|id| won(&place(&mut world, id))).collect();
    assert_eq!(dear, vec![0; 50]);
    let after = prices(&world);
    assert_eq!((after.ask_median, before.ask_median), (UnitPrice::new(100_000), UnitPrice::new(100_000)));
}

#[test]
fn an_owner_over_its_share_is_held_back_said_so_and_let_in_again() {
    let share = crate::share::Policy { floor: Payment::new(100), half_life_ms: 60_000 };
    let mut world = World::new(Config { share, ..Config::default() });
    // Five owners of equal capacity, who may have two fifths each; only two of them are cheap enough for the jobs.
    (0..5).for_each(|id| world.join(facts(id), priced(id, if id < 2 { 500_000 } else { 2_000_000 })));
    let place = |world: &mut World, id| {
        let terms =
            Place { job: key(3, id), spec_hash: key(4, id), deadline: job_terms(1).deadline + 90_000, ..job_terms(1) };
        world.place(&terms)
    };
    assert_eq!(proposals(&place(&mut world, 1)).len(), 2);
    let mut id = 1;
    while world.engine.network_share(&class(), &owner_key(0)).admits()
        && world.engine.network_share(&class(), &owner_key(1)).admits()
    {
        id += 1;
        place(&mut world, id);
        assert!(id < 100, "never held back");
    }
    let outcome = place(&mut world, 101);
    assert!(proposals(&outcome).is_empty());
    let said = crate::explain::why(&world.engine, &key(3, 101)).expect("job").message;
    assert!(said.contains("network_share rejected"), "{said}");
    periods(&mut world, 1, 5);
    assert!(prices(&world).holds_back(&owner_key(0)) || prices(&world).holds_back(&owner_key(1)));
    // Proposals that nobody opens are withdrawn, and what is withdrawn was never given.
    periods(&mut world, 60, 5);
    let asked = world.outcomes.iter().flat_map(proposals).filter(|proposal| proposal.job == key(3, 101));
    assert_eq!(asked.count(), 2, "both were asked once their shares had fallen");
}

#[test]
fn headroom_follows_peaks_of_interactive_work() {
    let mut world = World::with_providers(6);
    let terms = job_terms(1);
    let mut job = crate::state::job::Job::new(Place { tier: Tier::Interactive, ..terms.clone() }, world.now_ms);
    job.queue.truncate(4);
    world.engine.jobs.insert(terms.job, job);
    world.engine.market.job_changed(&terms.job);
    periods(&mut world, 1, 6);
    assert_eq!(prices(&world).headroom, 5, "a quarter more than four");
    world.engine.jobs.clear();
    world.engine.market.job_changed(&terms.job);
    let half_life = world.engine.config().market.peak_half_life_ms / 5_000;
    // A peak of four fades to two in a half-life, and not by one in every period.
    periods(&mut world, half_life / 4, 6);
    assert_eq!(prices(&world).headroom, 4, "a quarter more than three: it may come again");
    periods(&mut world, half_life / 2, 6);
    assert_eq!(prices(&world).headroom, 3);
    periods(&mut world, 2 * half_life, 6);
    assert_eq!(prices(&world).headroom, 0);
}

/// Against all owners, asked one by one, whatever was proposed to whom and given back.
#[test]
fn who_is_held_back_is_found_among_the_largest() {
    let (mut shares, policy) = (crate::share::Shares::default(), crate::share::Policy::default());
    let (mut now_ms, mut numbers) = (1_700_000_000_000, crate::fair::tests::line::Numbers(4));
    let (mut given, mut held) = (Vec::new(), 0);
    for id in 0..150 {
        shares.count(class(), &owner_key(id), 1 + numbers.below(40), 0, now_ms);
    }
    for _ in 0..600 {
        now_ms += numbers.below(3_600_000);
        let owner = owner_key(u8::try_from(numbers.below(150) * numbers.below(150) / 150).expect("a byte"));
        let cap = Payment::new(1 + numbers.below(2_000_000));
        shares.propose(&policy, class(), owner, cap, now_ms);
        given.push((owner, cap));
        if numbers.below(3) == 0 {
            let at = usize::try_from(numbers.below(given.len() as u64)).expect("a place");
            let (owner, cap) = given.swap_remove(at);
            shares.withdraw(&policy, &class(), &owner, cap, now_ms);
        }
        shares.forget(&policy, now_ms);
        let all = (0..150).map(owner_key).filter(|owner| !shares.bound(&policy, &class(), owner, now_ms).admits());
        let all: Vec<Key> = all.collect();
        held += all.len();
        let admitted = (0..150).map(owner_key).filter(|owner| shares.admits(&policy, &class(), owner, now_ms));
        assert_eq!(admitted.count(), 150 - all.len());
        assert_eq!(shares.held_back(&policy, &class(), now_ms), all);
    }
    assert!(held > 600, "{held}");
}

#[test]
fn no_offer_no_market_and_nothing_to_wait_for() {
    let mut world = World::new(Config::default());
    world.join(facts(0), offer(0));
    world.feed(crate::input::Event::Offer(Offer { slots: 0, ..offer(0) }));
    world.tick();
    world.pass(5_000);
    world.tick();
    assert!(world.engine.prices().of(&class()).is_none(), "no slots, no price");
    assert_eq!(World::new(Config::default()).engine.next_due_ms(), None);
}
