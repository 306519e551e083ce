//! A quote counts who could serve, what it would cost, and why not.

use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::tier::{Tier, UnitKind};

use super::time::{Basis, ENOUGH, Estimate};
use super::*;
use crate::config::Config;
use crate::quoted::{Actual, Quoted, actual};
use crate::testing::{World, facts, job_terms, label, offer, pipeline_terms};

pub(super) fn request() -> QuoteRequest {
    QuoteRequest {
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        resource_class: label("cpu"),
        region: None,
        regions: Vec::new(),
        deny: Vec::new(),
        max_unit_price: None,
        max_share: Bps::new(5_000).expect("bps"),
        max_leases: 4,
        min_provider_stake: Stake::ZERO,
        stake_per_million: StakePerMillion::new(1_000_000),
        shards: 10,
        est_units_per_shard: Units::new(1_000),
        time_limit_ms: None,
        within_ms: None,
        service: Service::default(),
    }
}

pub(super) fn market(prices: &[u64]) -> World {
    let mut world = World::new(Config::default());
    for (id, price) in (0u8..).zip(prices) {
        world.join(facts(id), crate::input::Offer { unit_price: UnitPrice::new(*price), ..offer(id) });
    }
    world
}

#[test]
fn expects_the_cheapest_owners_that_are_needed() {
    let world = market(&[400_000, 200_000, 900_000]);
    let quote = quote(&world.engine, &request()).expect("quote");
    assert!(quote.is_feasible());
    assert_eq!((quote.candidates, quote.owners, quote.owners_needed), (3, 3, 2));
    assert_eq!(quote.price_low, Some(UnitPrice::new(200_000)));
    assert_eq!(quote.price_median, Some(UnitPrice::new(400_000)));
    assert_eq!(quote.price_high, Some(UnitPrice::new(900_000)));
    // 10,000 units at the average of the two cheapest.
    assert_eq!(quote.asked.expected_cost, Payment::new(3_000));
    assert_eq!(quote.asked.recommended_funding, Payment::new(5_250));
}

#[test]
fn a_job_funded_as_recommended_is_placed() {
    let mut world = market(&[400_000, 200_000, 300_000]);
    let quote = quote(&world.engine, &request()).expect("quote");
    let terms = crate::input::Place {
        funded: quote.asked.recommended_funding,
        free: quote.asked.recommended_funding,
        est_units: Units::new(1_000),
        max_units: Units::new(2_000),
        shards: vec![crate::input::ShardInput { input: [1; 32], bytes: 1 }; 10],
        ..crate::testing::job_terms(1)
    };
    assert!(!crate::testing::proposals(&world.place(&terms)).is_empty());
}

#[test]
fn says_which_limit_rejected_how_many() {
    let world = market(&[400_000, 200_000, 900_000]);
    let quote = quote(&world.engine, &QuoteRequest { max_unit_price: Some(UnitPrice::new(300_000)), ..request() });
    let quote = quote.expect("quote");
    assert!(!quote.is_feasible());
    assert_eq!(quote.rejects, vec![(Limit::PriceCap, 2)]);
    assert!(quote.asked.reason.expect("reason").contains("1 owners"));
}

#[test]
fn an_empty_market_has_no_prices() {
    let quote = quote(&market(&[]).engine, &request()).expect("quote");
    assert_eq!((quote.price_low, quote.expected_cost()), (None, Payment::ZERO));
    assert!(!quote.is_feasible());
}

#[test]
fn refuses_what_no_job_can_have() {
    let world = market(&[1]);
    let refusals = [
        QuoteRequest { shards: 0, ..request() },
        QuoteRequest { est_units_per_shard: Units::ZERO, ..request() },
        QuoteRequest { max_leases: 1, ..request() },
        QuoteRequest { max_unit_price: Some(UnitPrice::ZERO), ..request() },
        QuoteRequest { tier: Tier::Training, ..request() },
        QuoteRequest { tier: Tier::Pipeline, ..request() },
        QuoteRequest { service: pipeline_terms(1, 1).service, ..request() },
    ];
    assert!(refusals.iter().all(|request| quote(&world.engine, request).is_err()));
}

fn row(quote: &Quote, tier: Tier) -> &TierQuote {
    quote.tiers.iter().find(|row| row.tier == tier).expect("every tier has a row")
}

#[test]
fn without_history_it_says_what_the_limits_allow() {
    let world = market(&[400_000, 200_000, 900_000]);
    let unlimited = quote(&world.engine, &request()).expect("quote");
    assert_eq!((unlimited.asked.start.basis, unlimited.asked.start.samples), (Basis::Limits, 0));
    assert_eq!(unlimited.asked.start.p99_ms, Config::default().proposal_ttl_ms);
    assert_eq!(unlimited.asked.completion, None, "nothing was stated, so nothing is said");
    let limited = QuoteRequest { time_limit_ms: Some(5_000), within_ms: Some(100_000), ..request() };
    let limited = quote(&world.engine, &limited).expect("quote");
    // 20 s a shard with its grace; 10 of them on the 6 slots of 3 owners: 10 × 20 / 6 + 20 × 5 / 6.
    let most_ms = 60_000 + 50_000;
    let expected = Estimate { basis: Basis::Limits, samples: 0, p50_ms: most_ms, p90_ms: most_ms, p99_ms: most_ms };
    assert_eq!((limited.asked.completion, limited.asked.in_time), (Some(expected), Some(false)));
}

#[test]
fn each_tier_has_its_price_and_what_stands_against_it() {
    let mut world = market(&[400_000, 200_000, 900_000]);
    // The dearest is where the requester is.
    world
        .join(facts(2), crate::input::Offer { unit_price: UnitPrice::new(900_000), region: label("here"), ..offer(2) });
    let mut request = QuoteRequest { region: Some(label("here")), max_share: Bps::ONE, ..request() };
    let plain = quote(&world.engine, &request).expect("quote");
    let costs: Vec<u64> = plain.tiers.iter().map(|row| row.expected_cost.get()).collect();
    // 10,000 units: the nearest; the cheapest; ten members on six slots, two of each price; the cheapest.
    assert_eq!(costs, [9_000, 2_000, 5_000, 2_000]);
    let reason = |quote: &Quote, tier| row(quote, tier).reason.clone().unwrap_or_default();
    assert_eq!(row(&plain, Tier::Interactive).reason, None);
    assert!(reason(&plain, Tier::Training).contains("needs a gang"));
    assert_eq!(row(&plain, Tier::Batch).reason, None);
    assert!(reason(&plain, Tier::Pipeline).contains("at least one stage"));
    request.tier = Tier::Pipeline;
    request.service = pipeline_terms(1, 2).service;
    let staged = quote(&world.engine, &request).expect("quote");
    assert_eq!(row(&staged, Tier::Pipeline).expected_cost, Payment::new(6_000), "three stages");
    assert_eq!((staged.asked.clone(), staged.is_feasible()), (row(&staged, Tier::Pipeline).clone(), true));
    assert!(reason(&staged, Tier::Batch).contains("only a pipeline has"));
}

#[test]
fn training_needs_its_slots_at_once_and_interactive_its_round_trip() {
    let mut world = market(&[400_000, 200_000, 900_000]);
    world.join(facts(2), crate::input::Offer { region: label("here"), ..offer(2) });
    let served = |request: &QuoteRequest| {
        let market = Market::of(&world.engine, request);
        tiers::served(&world.engine, request, &market, request.tier)
    };
    let mut request = QuoteRequest { tier: Tier::Training, region: Some(label("here")), ..request() };
    request.service.gang = 6;
    assert_eq!((served(&request).lacks, served(&request).slots), (None, 6));
    request.service.gang = 7;
    let lacks = served(&request).lacks.expect("three times two slots");
    assert_eq!(lacks, "a gang of 7 needs as many free slots at once, and 6 are free");
    request.tier = Tier::Interactive;
    // Only the one in the requester's own region is so near, and the share needs two owners.
    request.service = Service { target_ms: Some(crate::rtt::LOCAL_MS + 1), ..Service::default() };
    let lacks = served(&request).lacks.expect("one is too few");
    assert_eq!(lacks, "1 of 3 owners have a round trip under its target of 3 ms, and it needs 2");
    request.max_share = Bps::ONE;
    assert_eq!((served(&request).lacks, served(&request).prices), (None, vec![UnitPrice::new(500_000)]));
}

/// A stream of numbers from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Start and run times of this test's own world: mostly short, some long.
fn draw_start(random: &mut Random) -> u64 {
    2_000 + random.below(3_000)
}

fn draw_run(random: &mut Random) -> u64 {
    if random.below(20) == 0 { 900 } else { 200 + random.below(100) }
}

/// What really happens: each slot takes the next shard as soon as it is free.
fn simulate(random: &mut Random, shards: usize, slots: usize) -> u64 {
    let mut free_at = vec![draw_start(random); slots];
    for _ in 0..shards {
        let first = free_at.iter_mut().min().expect("a slot");
        *first += draw_run(random);
    }
    free_at.into_iter().max().expect("a slot")
}

#[test]
fn quantiles_hold_in_a_simulation_of_the_test_s_own() {
    let mut world = market(&[400_000, 200_000, 900_000]);
    let (mut random, asked) = (Random(3), QuoteRequest { shards: 60, ..request() });
    for _ in 0..2_000 {
        world.engine.history.started(Tier::Batch, draw_start(&mut random));
        let took_ms = draw_run(&mut random);
        world.engine.history.ran(UnitKind::Fuel, label("cpu"), asked.est_units_per_shard, took_ms);
    }
    let answer = quote(&world.engine, &asked).expect("quote").asked;
    let completion = answer.completion.expect("there is history");
    assert_eq!((answer.start.basis, completion.basis), (Basis::Observed, Basis::Observed));
    let mut starts: Vec<u64> = (0..4_000).map(|_| draw_start(&mut random)).collect();
    let mut ends: Vec<u64> = (0..4_000).map(|_| simulate(&mut random, 60, 6)).collect();
    starts.sort_unstable();
    ends.sort_unstable();
    for (percent, start_ms, end_ms) in [
        (50, answer.start.p50_ms, completion.p50_ms),
        (90, answer.start.p90_ms, completion.p90_ms),
        (99, answer.start.p99_ms, completion.p99_ms),
    ] {
        let (start, end) = (starts[starts.len() * percent / 100 - 1], ends[ends.len() * percent / 100 - 1]);
        assert!(start_ms.abs_diff(start) <= start / 10, "p{percent} start: {start_ms} for {start}");
        // Never early beyond the noise of the samples, and not late beyond a quarter.
        assert!(end_ms * 100 >= end * 97 && end_ms * 100 <= end * 125, "p{percent} end: {end_ms} for {end}");
    }
}

#[test]
fn few_observations_are_no_history() {
    let mut world = market(&[400_000, 200_000, 900_000]);
    (1..ENOUGH).for_each(|_| world.engine.history.started(Tier::Batch, 10));
    let start = quote(&world.engine, &request()).expect("quote").asked.start;
    assert_eq!((start.basis, start.samples), (Basis::Limits, ENOUGH - 1));
    world.engine.history.started(Tier::Batch, 10);
    let start = quote(&world.engine, &request()).expect("quote").asked.start;
    assert_eq!((start.basis, start.p99_ms), (Basis::Observed, 10));
}

#[test]
fn a_job_keeps_its_quote_beside_what_became_of_it() {
    let mut world = World::with_providers(3);
    let terms = job_terms(1);
    world.place(&terms);
    let quoted = |cost| Quoted {
        job: terms.job,
        quote: [7; 32],
        cost: Payment::new(cost),
        start_ms: [1, 2, 3],
        completion_ms: None,
    };
    world.feed(crate::input::Event::Quoted(quoted(1_000)));
    world.feed(crate::input::Event::Quoted(quoted(1)));
    world.pass(700);
    world.open_all(&terms.job);
    let job = &world.engine.jobs[&terms.job];
    assert_eq!(job.quoted, Some(quoted(1_000)), "the first one counts");
    assert_eq!(actual(&world.engine, job), Actual { cost: Payment::ZERO, start_ms: None, completion_ms: None });
    for round in 0..20 {
        let claim = world.pull(round % 3).expect("work").claim;
        world.pass(50);
        world.done(claim, 100);
    }
    let job = &world.engine.jobs[&terms.job];
    let became = actual(&world.engine, job);
    // 20 × 100 units at half a unit of payment each; 20 times 50 ms after the start at 700.
    let expected = Actual { cost: Payment::new(1_000), start_ms: Some(700), completion_ms: Some(1_700) };
    assert_eq!(became, expected);
    assert_eq!(world.engine.history().start(Tier::Batch).map(|seen| seen.count()), Some(1));
    assert_eq!(world.engine.history().pace(UnitKind::Fuel, label("cpu")).map(|seen| seen.count()), Some(20));
}
