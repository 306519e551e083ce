//! What a choice costs, whom it tries, and what it never does, over random supply.

use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};

use super::*;
use crate::config::Config;
use crate::engine::Engine;
use crate::input::{Event, Input, Offer, Place, ProviderFacts};
use crate::place::limit::rejects;
use crate::place::plan::ask_for_tests as ask;
use crate::reputation::Audited;
use crate::state::job::Job;
use crate::testing::{START_MS, facts, job_terms, label, offer};

/// Numbers from a seed: xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn wide(kind: u8, id: u16) -> Key {
    let mut key = [0; 32];
    key[0] = kind;
    key[1..3].copy_from_slice(&id.to_le_bytes());
    key
}

fn feed(engine: &mut Engine, event: Event) {
    engine.step(&Input { at_ms: START_MS, event });
}

/// Providers of as many owners, at random prices, places and with random histories.
fn supply(count: u16, numbers: &mut Numbers) -> Engine {
    let mut engine = Engine::new();
    feed(&mut engine, Event::Start(Config::default()));
    for id in 0..count {
        let facts = ProviderFacts { provider: wide(1, id), owner: wide(2, id), ..facts(1) };
        let region = label(&format!("r{}", numbers.below(6)));
        let unit_price = UnitPrice::new(100_000 + numbers.below(400_000));
        let cached = if numbers.below(4) == 0 { vec![job_terms(1).shards[0].input] } else { Vec::new() };
        feed(&mut engine, Event::Provider(facts));
        feed(&mut engine, Event::Offer(Offer { provider: wide(1, id), region, unit_price, cached, ..offer(1) }));
        for shard in 0..numbers.below(12) {
            audit(&mut engine, id, u32::try_from(shard).expect("few"), numbers.below(40) > 0);
        }
    }
    engine
}

fn audit(engine: &mut Engine, id: u16, shard: u32, passed: bool) {
    let (job, provider) = (wide(3, id), wide(1, id));
    let net_fee = Payment::new(10_000);
    feed(engine, Event::Audited(Audited { job, shard, provider, passed, net_fee, decided_ms: START_MS }));
}

fn decide(engine: &Engine, job: &Job, counter: u64) -> Choice {
    let decision = Decision {
        seed: [7; 32],
        spec_hash: job.terms.spec_hash,
        counter,
        purpose: Purpose::Initial,
        epoch: 1,
        epoch_hash: [0; 32],
    };
    let held = Held::default();
    choose(&engine.view(), &ask(job, &held), &held, decision)
}

fn job(change: impl FnOnce(&mut Place)) -> Job {
    let mut terms = Place { region: Some(label("r1")), ..job_terms(1) };
    change(&mut terms);
    Job::new(terms, START_MS)
}

#[test]
fn batch_work_costs_at_most_a_tenth_above_the_cheapest() {
    for (count, rounds) in [(20, 40u64), (200, 20), (900, 10)] {
        let (mut cost, mut least) = (0u128, 0u128);
        for seed in 1..=rounds {
            let mut numbers = Numbers(seed * 0x9e37_79b9);
            let engine = supply(count, &mut numbers);
            let job = job(|terms| terms.max_unit_price = UnitPrice::new(300_000 + seed * 10_000));
            let held = Held::default();
            let (view, ask) = (engine.view(), ask(&job, &held));
            let feasible = view.offers(&held).filter(|seen| rejects(&ask, seen).is_feasible());
            let cheapest = feasible.map(|seen| seen.offer.unit_price.get()).min().expect("somebody");
            for counter in 0..10 {
                let winner = decide(&engine, &job, counter).winner.expect("winner");
                // Each as a part of the cheapest of its own supply, in millionths.
                cost += u128::from(winner.unit_price.get()) * 1_000_000 / u128::from(cheapest);
                least += 1_000_000;
            }
        }
        assert!(cost * 100 <= least * 110, "{count} providers: {} millionths", cost * 1_000_000 / least);
    }
}

#[test]
fn no_ask_is_ever_served_above_its_price() {
    let mut numbers = Numbers(5);
    let small = supply(4, &mut numbers);
    let large = supply(400, &mut numbers);
    for round in 0..100_000u64 {
        let engine = if round % 100 == 0 { &large } else { &small };
        let most = UnitPrice::new(1 + numbers.below(600_000));
        let job = job(|terms| {
            terms.max_unit_price = most;
            terms.funded = Payment::new(1 + numbers.below(5_000));
            terms.free = terms.funded;
            terms.est_units = Units::new(1 + numbers.below(150));
            terms.shards.truncate(4);
        });
        let choice = decide(engine, &job, round);
        let feasible = choice.record.candidates.iter().filter(|drawn| drawn.rejects.is_feasible());
        assert!(feasible.map(|drawn| drawn.unit_price).all(|price| price <= most));
        if let Some(winner) = choice.winner {
            assert!(winner.unit_price <= most && winner.cap <= job.terms.free, "{winner:?} for {most}");
        }
    }
}

#[test]
fn newcomers_get_their_part_however_many_they_are() {
    let explored = |newcomers: u16| {
        let mut engine = Engine::new();
        feed(&mut engine, Event::Start(Config::default()));
        for id in 0..newcomers + 5 {
            feed(&mut engine, Event::Provider(ProviderFacts { provider: wide(1, id), owner: wide(2, id), ..facts(1) }));
            feed(&mut engine, Event::Offer(Offer { provider: wide(1, id), ..offer(1) }));
        }
        (0..5).for_each(|id| (0..30).for_each(|shard| audit(&mut engine, id, shard, true)));
        let job = job(|_| {});
        let mut count = 0;
        for counter in 0..2_000 {
            let choice = decide(&engine, &job, counter);
            let winner = choice.winner.expect("winner").provider;
            assert!(!choice.record.explored || !engine.reputation().is_established(&winner));
            count += u32::from(choice.record.explored);
            assert_eq!(decide(&engine, &job, counter).record, choice.record, "it replays");
        }
        count
    };
    // 40 of 2,000 are expected: three deviations either way are 21 to 59.
    let few = explored(1);
    assert!((21..=59).contains(&few), "{few}");
    assert_eq!((explored(40), explored(0)), (few, 0), "by the draws alone, and never without anybody to try");
}

#[test]
fn who_cuts_itself_up_is_not_drawn_more_often() {
    // One owner with one provider or with three hundred, beside thirty others: all alike, in a sampled network.
    let wins = |parts: u16| {
        let mut engine = Engine::new();
        feed(&mut engine, Event::Start(Config::default()));
        for id in 0..330 + parts {
            let owner = if id < 330 { wide(2, id % 30) } else { wide(9, 0) };
            feed(&mut engine, Event::Provider(ProviderFacts { provider: wide(1, id), owner, ..facts(1) }));
            feed(&mut engine, Event::Offer(Offer { provider: wide(1, id), ..offer(1) }));
        }
        let job = job(|_| {});
        let owner_of = |key: &Key| engine.provider(key).map(|provider| provider.facts.owner);
        let all = (0..1_000).filter(|counter| {
            let choice = decide(&engine, &job, *counter);
            assert!(choice.record.is_sampled());
            choice.winner.and_then(|winner| owner_of(&winner.provider)) == Some(wide(9, 0))
        });
        all.count()
    };
    // One in thirty-one: 32 of 1,000, with a deviation of under 6.
    for parts in [1, 300] {
        let wins = wins(parts);
        assert!((14..=50).contains(&wins), "{parts} providers: {wins}");
    }
}

#[test]
fn without_a_candidate_everybody_is_counted() {
    let engine = supply(400, &mut Numbers(3));
    let none = decide(&engine, &job(|terms| terms.max_unit_price = UnitPrice::new(99_999)), 0).record;
    assert_eq!((none.winner, none.is_sampled(), none.looked_at), (None, false, 400));
    assert_eq!(none.rejected[crate::place::limit::Limit::PriceCap.index()], 400);
    // One that fits among four hundred is found, drawn or not.
    let rare = engine.providers.values().min_by_key(|provider| provider.offer.as_ref().map(|offer| offer.unit_price));
    let price = rare.and_then(|provider| provider.offer.as_ref()).expect("offer").unit_price;
    let choice = decide(&engine, &job(|terms| terms.max_unit_price = price), 0);
    assert_eq!(choice.winner.map(|winner| winner.unit_price), Some(price));
}
