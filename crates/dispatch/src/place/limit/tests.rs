//! Each limit alone: a provider that all limits admit, then one thing changed.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::Key;
use mira_core::amount::{Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::tier::UnitKind;

use super::*;
use crate::config::Config;
use crate::place::ask::Held;
use crate::service::{Machine, Model, Needs};
use crate::state::hold::Holder;
use crate::state::provider::Provider;
use crate::testing::{facts, key, label, offer, owner_key, provider_key};

struct Case {
    provider: Provider,
    held: Held,
    regions: Vec<mira_core::label::Label>,
    deny: Vec<Key>,
    declined: BTreeSet<Key>,
    min_provider_stake: Stake,
    least: Units,
    escrow: Payment,
    owner_cap: Payment,
    new_owners_only: bool,
    needs: Needs,
}

impl Case {
    fn new() -> Self {
        let mut provider = Provider::new(facts(1), 0);
        provider.take_offer(&offer(1));
        Case {
            provider,
            held: Held::default(),
            regions: Vec::new(),
            deny: Vec::new(),
            declined: BTreeSet::new(),
            min_provider_stake: Stake::new(10),
            // At half a base unit each: 50 base units.
            least: Units::new(100),
            escrow: Payment::new(50),
            owner_cap: Payment::new(60),
            new_owners_only: false,
            needs: Needs::default(),
        }
    }

    fn rejected(&self) -> Vec<Limit> {
        let data = BTreeMap::new();
        let ask = Ask {
            unit_kind: UnitKind::Fuel,
            resource_class: label("cpu"),
            region: None,
            regions: &self.regions,
            deny: &self.deny,
            declined: &self.declined,
            max_unit_price: UnitPrice::new(500_000),
            min_provider_stake: self.min_provider_stake,
            stake_per_million: StakePerMillion::new(2_000_000),
            want: Units::new(120),
            least: self.least,
            escrow: self.escrow,
            owner_cap: self.owner_cap,
            new_owners_only: self.new_owners_only,
            data: &data,
            needs: &self.needs,
        };
        let offer = self.provider.offer.as_ref().expect("offer");
        let seen = Seen { provider: &self.provider, offer, held: &self.held };
        let bits = rejects(&ask, &seen);
        if bits.is_feasible() {
            let cap = seen.cap(&ask);
            assert!(cap >= seen.least_cap(&ask).expect("cap") && cap <= self.escrow && cap <= self.owner_cap);
        }
        bits.limits().collect()
    }
}

fn with(change: impl FnOnce(&mut Case)) -> Vec<Limit> {
    let mut case = Case::new();
    change(&mut case);
    case.rejected()
}

#[test]
fn admits_one_that_fits_exactly() {
    assert_eq!(Case::new().rejected(), vec![]);
}

#[test]
fn resource_fit() {
    let offer = |change: fn(&mut crate::state::provider::Terms)| {
        with(|case| change(case.provider.offer.as_mut().expect("offer")))
    };
    assert_eq!(offer(|offer| offer.slots = 0), vec![Limit::ResourceFit]);
    assert_eq!(offer(|offer| offer.resource_class = label("gpu")), vec![Limit::ResourceFit]);
    assert_eq!(offer(|offer| offer.unit_kind = UnitKind::Tokens), vec![Limit::ResourceFit]);
}

#[test]
fn what_the_machine_has_left_must_hold_one_slot() {
    let machine = Machine { cpu_milli: 8_000, memory_mib: 1_024, gpus: 2, model: Some(Model(label("a100"))) };
    let rejected = |needs: &Needs, machine: Option<&Machine>, held: &[Needs]| {
        with(|case| {
            case.needs = needs.clone();
            case.provider.offer.as_mut().expect("offer").machine = machine.cloned();
            for (id, needs) in (0u8..).zip(held) {
                case.provider.holds.take(machine, Holder::Lease(key(8, id)), needs);
            }
        })
    };
    let gpu = |gpu_milli| Needs { gpus: 1, gpu_milli, ..Needs::default() };
    let fits = [
        Needs { cpu_milli: 8_000, memory_mib: 1_024, gpus: 2, gpu_milli: 1_000, ..Needs::default() },
        Needs { models: vec![Model(label("t4")), Model(label("a100"))], ..gpu(1_000) },
    ];
    assert!(fits.iter().all(|needs| rejected(needs, Some(&machine), &[]).is_empty()));
    let too_much = [
        Needs { cpu_milli: 8_001, ..Needs::default() },
        Needs { memory_mib: 1_025, ..Needs::default() },
        Needs { gpus: 3, gpu_milli: 1_000, ..Needs::default() },
        Needs { models: vec![Model(label("t4"))], ..gpu(1_000) },
    ];
    assert!(too_much.iter().all(|needs| rejected(needs, Some(&machine), &[]) == [Limit::ResourceFit]));
    assert_eq!(
        rejected(&gpu(500), Some(&machine), &[gpu(600), gpu(600)]),
        [Limit::ResourceFit],
        "400 are left on each"
    );
    assert_eq!(rejected(&gpu(400), Some(&machine), &[gpu(600), gpu(600)]), vec![]);
    assert_eq!(rejected(&gpu(1), None, &[]), [Limit::ResourceFit], "who says nothing fits only what needs nothing");
    assert_eq!(rejected(&Needs::default(), None, &[]), vec![]);
}

#[test]
fn price_cap() {
    let price = |price| {
        let rejected = with(|case| case.provider.offer.as_mut().expect("offer").unit_price = UnitPrice::new(price));
        rejected.contains(&Limit::PriceCap)
    };
    assert!(!price(500_000));
    assert!(price(500_001));
    assert!(price(0));
}

#[test]
fn escrow_left() {
    assert_eq!(with(|case| case.escrow = Payment::new(49)), vec![Limit::EscrowLeft]);
    assert!(with(|case| case.least = Units::MAX).contains(&Limit::EscrowLeft));
}

#[test]
fn stake_floor() {
    assert_eq!(with(|case| case.min_provider_stake = Stake::new(1_000_001)), vec![Limit::StakeFloor]);
}

#[test]
fn stake_at_risk_counts_leases_proposals_and_this_plan() {
    // A cap of 50 exposes 100.
    let free = |free: u64| with(|case| case.provider.facts.exposure = Stake::new(1_000_000 - free));
    assert_eq!(free(100), vec![]);
    assert_eq!(free(99), vec![Limit::StakeAtRisk]);
    assert_eq!(with(|case| case.provider.pending_exposure = Stake::new(999_901)), vec![Limit::StakeAtRisk]);
    let planned = with(|case| {
        case.held.exposure.insert(provider_key(1), Stake::new(999_901));
    });
    assert_eq!(planned, vec![Limit::StakeAtRisk]);
}

#[test]
fn health() {
    assert_eq!(with(|case| case.provider.facts.active = false), vec![Limit::Health]);
    let suspended = with(|case| case.provider.health.suspend(0, &Config::default()));
    assert_eq!(suspended, vec![Limit::Health]);
    let probing = with(|case| {
        case.provider.health.suspend(0, &Config::default());
        case.provider.health.beat(u64::MAX, &Config::default());
    });
    assert_eq!(probing, vec![Limit::Health]);
}

#[test]
fn deny_list_names_providers_owners_or_operators() {
    assert_eq!(with(|case| case.deny = vec![provider_key(1)]), vec![Limit::DenyList]);
    assert_eq!(with(|case| case.deny = vec![owner_key(1)]), vec![Limit::DenyList]);
    let operator = |id| facts(id).operator;
    assert_eq!(with(|case| case.deny = vec![operator(1)]), vec![Limit::DenyList]);
    assert_eq!(with(|case| case.deny = vec![provider_key(2), owner_key(2), operator(2)]), vec![]);
}

#[test]
fn region_rule() {
    assert_eq!(with(|case| case.regions = vec![label("us"), label("eu")]), vec![]);
    assert_eq!(with(|case| case.regions = vec![label("us")]), vec![Limit::RegionRule]);
}

#[test]
fn owner_share_counts_all_providers_of_an_owner() {
    let holds = |cap: u64, new_owners_only| {
        with(|case| {
            case.held.by_owner.insert(owner_key(1), Payment::new(cap));
            case.new_owners_only = new_owners_only;
        })
    };
    assert_eq!(holds(10, false), vec![]);
    assert_eq!(holds(11, false), vec![Limit::OwnerShare]);
    assert_eq!(holds(1, true), vec![Limit::OwnerShare]);
    assert_eq!(holds(0, true), vec![]);
}

#[test]
fn declined() {
    assert_eq!(with(|case| case.declined = BTreeSet::from([provider_key(1)])), vec![Limit::Declined]);
    assert_eq!(with(|case| case.declined = BTreeSet::from([key(1, 2)])), vec![]);
}

#[test]
fn every_reason_is_named() {
    let all = with(|case| {
        case.provider.facts.active = false;
        case.escrow = Payment::ZERO;
        case.deny = vec![owner_key(1)];
        case.regions = vec![label("us")];
    });
    assert_eq!(all, vec![Limit::EscrowLeft, Limit::Health, Limit::DenyList, Limit::RegionRule]);
}

#[test]
fn bits_and_names_are_distinct() {
    let bits: BTreeSet<u16> = Limit::ALL.iter().map(|limit| limit.bit()).collect();
    let names: BTreeSet<&str> = Limit::ALL.iter().map(|limit| limit.as_str()).collect();
    assert_eq!((bits.len(), names.len()), (Limit::ALL.len(), Limit::ALL.len()));
    assert!(Limit::ALL.iter().enumerate().all(|(index, limit)| limit.index() == index));
}
