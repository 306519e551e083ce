//! Samples stay within the class, the price and the regions that a job allows.

use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::Tier;

use super::*;
use crate::config::Config;
use crate::engine::Engine;
use crate::input::{Event, Input, Offer, Place, ProviderFacts};
use crate::place::plan::ask_for_tests as ask;
use crate::state::job::Job;
use crate::testing::{START_MS, facts, job_terms, label, offer};

const REGIONS: [&str; 3] = ["eu", "us", "ap"];

fn engine() -> Engine {
    let mut engine = Engine::new();
    let mut feed = |event| drop(engine.step(&Input { at_ms: START_MS, event }));
    feed(Event::Start(Config::default()));
    for id in 0..600u16 {
        let mut keys = [[1; 32], [2; 32]];
        keys.iter_mut().for_each(|key| key[1..3].copy_from_slice(&id.to_le_bytes()));
        let [provider, owner] = keys;
        feed(Event::Provider(ProviderFacts { provider, owner, ..facts(1) }));
        let region = label(REGIONS[usize::from(id % 3)]);
        let resource_class = label(if id % 5 == 0 { "gpu" } else { "cpu" });
        let unit_price = UnitPrice::new(1_000 * u64::from(id + 1));
        feed(Event::Offer(Offer { provider, region, resource_class, unit_price, ..offer(1) }));
    }
    engine
}

fn drawn(engine: &Engine, terms: Place, counter: u64) -> Vec<(Label, u64)> {
    let (job, held) = (Job::new(terms, START_MS), Held::default());
    let view = engine.view();
    let sample = sample(&view, &ask(&job, &held), &held, &Draw::new(&[1; 32], &[0; 32], &[2; 32], counter));
    assert!(sample.looked_at <= 64 && sample.feasible.len() <= MAX_DRAWN);
    assert!(sample.feasible.iter().all(|seen| seen.offer.resource_class == label("cpu")));
    sample.feasible.iter().map(|seen| (seen.offer.region, seen.offer.unit_price.get())).collect()
}

#[test]
fn within_the_price_and_half_among_the_cheapest() {
    let engine = engine();
    let terms = Place { max_unit_price: UnitPrice::new(400_000), ..job_terms(1) };
    let all: Vec<u64> =
        (0..200).flat_map(|counter| drawn(&engine, terms.clone(), counter)).map(|(_, price)| price).collect();
    assert!(all.iter().all(|price| *price <= 400_000));
    // Of 320 affordable ones the cheapest 32 ask up to 40,000: half of the draws, and a tenth of the other half.
    let cheap = all.iter().filter(|price| **price <= 40_000).count();
    assert!((all.len() * 45 / 100..=all.len() * 65 / 100).contains(&cheap), "{cheap} of {}", all.len());
}

#[test]
fn only_allowed_regions_and_near_ones_where_distance_matters() {
    let engine = engine();
    let in_region = |terms: &Place, name| {
        let all: Vec<_> = (0..100).flat_map(|counter| drawn(&engine, terms.clone(), counter)).collect();
        (all.iter().filter(|(region, _)| *region == label(name)).count() * 100) / all.len()
    };
    let ruled = Place { regions: vec![label("us")], ..job_terms(1) };
    assert_eq!(in_region(&ruled, "us"), 100);
    let interactive = Place { tier: Tier::Interactive, region: Some(label("ap")), ..job_terms(1) };
    // Half of the turns, and a third of the others.
    assert!((58..=76).contains(&in_region(&interactive, "ap")));
    assert!((25..=42).contains(&in_region(&Place { region: Some(label("ap")), ..job_terms(1) }, "ap")));
}
