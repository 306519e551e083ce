//! The fold against arithmetic written apart, over many epochs, with the program's own rules as judge.

use super::*;
use crate::epoch::quality::Rate;
use mira_core::params::RewardParams;
use proptest::prelude::*;

const AUTHORITY: Key = [77; 32];

pub(crate) fn key(kind: u8, number: u8) -> Key {
    let mut key = [kind; 32];
    key[0] = number;
    key
}

fn lease(provider: u8, [settled, fee_paid, matched, eligible]: [u64; 4]) -> LeaseInput {
    let [settled, fee_paid, matched, eligible] = [settled, fee_paid, matched, eligible].map(Payment::new);
    LeaseInput { provider: key(1, provider), settled, fee_paid, matched, eligible }
}

pub(crate) fn header(swept: u64, share: u16) -> Header {
    Header {
        program: [1; 32],
        network: [2; 32],
        cluster: [3; 32],
        slot: 100,
        time: 1_700_000_000,
        share: Bps::new(share).unwrap(),
        swept: Payment::new(swept),
        previous: Epoch::default(),
    }
}

/// Three leases of two providers, and one that settled without a report. 2,000 of fees, 1,350 of them counted.
pub(crate) fn small() -> Inputs {
    let leases = [
        (1, lease(1, [40_000, 600, 40_000, 40_000])),
        (2, lease(2, [50_000, 750, 50_000, 40_000])),
        (3, lease(1, [10_000, 150, 10_000, 10_000])),
        (4, lease(3, [30_000, 500, 0, 0])),
    ];
    Inputs {
        header: header(2_000, 8_000),
        leases: leases.map(|(number, input)| (key(9, number), input)).into(),
        providers: BTreeMap::new(),
    }
}

/// Fees counted, reward and lifetime of each provider.
fn lines(report: &Report) -> Vec<(u8, [u64; 4])> {
    let line = |line: &ProviderLine| {
        (line.provider[0], [line.earned, line.fees, line.reward, line.lifetime].map(Payment::get))
    };
    report.providers.iter().map(line).collect()
}

/// The next epoch's inputs after a report.
fn carried(report: &Report) -> BTreeMap<Key, ProviderInput> {
    let carried = |line: &ProviderLine| ProviderInput { fees: line.fees, reward: line.lifetime, ..Default::default() };
    report.providers.iter().map(|line| (line.provider, carried(line))).collect()
}

#[test]
fn fees_count_as_far_as_their_lease_is_eligible() {
    let report = fold(&small()).unwrap();
    assert_eq!(lines(&report), [(1, [750, 750, 600, 600]), (2, [600, 600, 480, 480]), (3, [0; 4])]);
    let epoch = report.epoch;
    assert_eq!((epoch.index, epoch.cumulative_fees.get(), epoch.cumulative_total.get()), (1, 1_350, 1_080));
    assert_eq!(report.to_treasury.get(), 270);
    assert_eq!(report.providers.iter().filter(|line| line.leaf.is_some()).count(), 2);
}

#[test]
fn what_is_not_swept_waits_and_all_wait_alike() {
    let mut inputs = small();
    inputs.header.swept = Payment::new(1_000);
    let first = fold(&inputs).unwrap();
    // 750 and 600 of 1,350, of which 1,000 are there.
    assert_eq!(lines(&first), [(1, [750, 555, 444, 444]), (2, [600, 444, 355, 355]), (3, [0; 4])]);
    inputs.header = Header { swept: Payment::new(2_000), previous: first.epoch, ..inputs.header };
    inputs.providers = carried(&first);
    let second = fold(&inputs).unwrap();
    assert_eq!(lines(&second), [(1, [750, 750, 156, 600]), (2, [600, 600, 124, 479]), (3, [0; 4])]);
    assert_eq!(second.header.previous, first.epoch);
}

#[test]
fn quality_goes_to_the_treasury() {
    let mut inputs = small();
    let observed = Observed { audits: Some(Rate { good: 9, of: 10 }), ..Observed::default() };
    inputs.providers.insert(key(1, 1), ProviderInput { observed, ..ProviderInput::default() });
    let report = fold(&inputs).unwrap();
    assert_eq!(lines(&report), [(1, [750, 750, 540, 540]), (2, [600, 600, 480, 480]), (3, [0; 4])]);
    assert_eq!(report.to_treasury.get(), 270 + 60);
}

#[test]
fn a_lifetime_never_falls_and_what_was_too_much_is_made_up() {
    let mut inputs = small();
    let first = fold(&inputs).unwrap();
    inputs.header.previous = first.epoch;
    inputs.providers = carried(&first);
    // Lease 2 lost a dispute, and another earns less than that took away, then more.
    inputs.leases.get_mut(&key(9, 2)).unwrap().eligible = Payment::new(0);
    for (settled, fees, lifetime) in [(20_000, 600, 480), (40_000, 600, 480), (60_000, 900, 720)] {
        inputs.leases.insert(key(9, 5), lease(2, [settled, settled * 15 / 1_000, settled, settled]));
        let report = fold(&inputs).unwrap();
        let line = report.providers[1];
        assert_eq!((line.fees.get(), line.lifetime.get()), (fees, lifetime));
    }
}

#[test]
fn contradictions_are_put_right_in_their_line() {
    let mut inputs = small();
    inputs.leases.insert(key(9, 1), lease(1, [40_000, 50_000, 41_000, 42_000]));
    inputs.header.previous = Epoch { index: 4, root: [9; 32], cumulative_fees: Payment::new(5), ..Epoch::default() };
    inputs.header.swept = Payment::new(0);
    let report = fold(&inputs).unwrap();
    assert_eq!(report.leases[0].input, lease(1, [40_000, 40_000, 40_000, 40_000]));
    assert_eq!(report.header.previous, Epoch { index: 4, ..Epoch::default() });
    assert_eq!(report.epoch.cumulative_fees, Payment::ZERO);
}

#[test]
fn amounts_that_no_network_has_are_refused() {
    let mut inputs = small();
    inputs.leases.insert(key(9, 1), lease(1, [u64::MAX; 4]));
    let error = fold(&inputs).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the leases' fees do not add up: the amounts do not fit in 64 bits; use smaller ones"
    );
    inputs.leases.clear();
    inputs.header.previous.index = u64::MAX;
    assert_eq!(fold(&inputs).unwrap_err().what, "the totals");
}

#[test]
fn nobody_is_an_epoch_too() {
    let report = fold(&Inputs { leases: BTreeMap::new(), ..small() }).unwrap();
    assert_eq!((report.epoch.root, report.epoch.cumulative_total), ([0; 32], Payment::ZERO));
    assert_eq!(report.claim(&key(1, 1)), None);
}

/// The same, in wide numbers and straight lines: fees and lifetime of each provider.
fn oracle(inputs: &Inputs) -> BTreeMap<Key, (u128, u128)> {
    let mut earned: BTreeMap<Key, u128> = inputs.providers.keys().map(|key| (*key, 0)).collect();
    for lease in inputs.leases.values() {
        let [settled, fee, eligible] = [lease.settled, lease.fee_paid, lease.eligible].map(|x| u128::from(x.get()));
        *earned.entry(lease.provider).or_default() += fee * eligible / settled;
    }
    let before = |key: &Key| inputs.providers.get(key).copied().unwrap_or_default();
    let due = |key: &Key, earned: u128| earned.saturating_sub(u128::from(before(key).fees.get()));
    let all: u128 = earned.iter().map(|(key, earned)| due(key, *earned)).sum();
    let counted: u128 = inputs.providers.values().map(|input| u128::from(input.fees.get())).sum();
    let there = u128::from(inputs.header.swept.get()) - counted;
    let line = |(key, earned): (&Key, &u128)| {
        let due = due(key, *earned);
        let fees = if all > there { due * there / all } else { due };
        let rate = before(key).observed.audits.map_or(10_000, |rate| u128::from(rate.good * 10_000 / rate.of));
        let reward = fees * u128::from(inputs.header.share.get()) / 10_000 * rate / 10_000;
        let ProviderInput { fees: counted, reward: lifetime, .. } = before(key);
        (*key, (u128::from(counted.get()) + fees, u128::from(lifetime.get()) + reward))
    };
    earned.iter().map(line).collect()
}

type Step = (u8, u8, u64, u64, u64);

/// One epoch's changes: a lease settles more, its provider is observed, something is swept.
fn advance(inputs: &mut Inputs, step: Step) {
    let (number, audits, more, eligible, swept) = step;
    let entry = inputs.leases.entry(key(9, number)).or_insert_with(|| lease(number % 4, [0; 4]));
    let settled = entry.settled.get() + more;
    let matched = settled - settled / 10;
    *entry = lease(number % 4, [settled, settled.div_ceil(50), matched, eligible.min(matched)]);
    let fees: u64 = inputs.leases.values().map(|lease| lease.fee_paid.get()).sum();
    inputs.header.swept = Payment::new(fees.min(inputs.header.swept.get() + swept));
    if audits <= 10 {
        let observed = Observed { audits: Some(Rate { good: audits.into(), of: 10 }), ..Observed::default() };
        inputs.providers.entry(key(1, number % 4)).or_default().observed = observed;
    }
}

/// The program takes the report as it is; gives its epochs after.
fn accepted(epochs: &Epochs, report: &Report) -> Epochs {
    let share_bps = report.header.share;
    let params = RewardParams { share_bps, epoch_secs: 1, challenge_secs: 1, stale_secs: 1 };
    let approval = (AUTHORITY, report.epoch.digest::<Sha2>());
    let pending = epochs.approve(&[AUTHORITY], approval, &report.epoch, epochs.last_at + 1, &params).unwrap();
    let finalized = pending.finalize(report.header.swept, epochs.last_at + 2).unwrap();
    assert_eq!(finalized.to_treasury, report.to_treasury);
    finalized.epochs
}

fn step() -> impl Strategy<Value = Step> {
    (0u8..10, 0u8..20, 1u64..1_000_000, 0u64..3_000_000, 0u64..40_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn many_epochs_equal_the_oracle_and_the_program_takes_each(
        steps in prop::collection::vec(step(), 1..30),
        share in 0u16..=9_000,
    ) {
        let mut inputs = Inputs { header: header(0, share), leases: BTreeMap::new(), providers: BTreeMap::new() };
        let mut epochs = Epochs::default();
        let mut claimed: BTreeMap<Key, Payment> = BTreeMap::new();
        for step in steps {
            advance(&mut inputs, step);
            let report = fold(&inputs).unwrap();
            let expected = oracle(&inputs);
            prop_assert_eq!(report.providers.len(), expected.len());
            for line in &report.providers {
                let got = (u128::from(line.fees.get()), u128::from(line.lifetime.get()));
                prop_assert_eq!(got, expected[&line.provider]);
                prop_assert!(line.lifetime >= claimed.get(&line.provider).copied().unwrap_or_default());
                if let Some((lifetime, proof)) = report.claim(&line.provider) {
                    let leaf = merkle::leaf::<Sha2>(&line.provider, lifetime);
                    prop_assert_eq!(merkle::climb::<Sha2>(leaf, &proof), report.epoch.root);
                    claimed.insert(line.provider, lifetime);
                }
            }
            epochs = accepted(&epochs, &report);
            prop_assert_eq!(sum(claimed.values().copied()).unwrap(), report.epoch.cumulative_total);
            inputs.providers = carried(&report);
            inputs.header.previous = report.epoch;
        }
    }
}
