//! One altered field of one line, each in turn, is found in that line.

use super::super::bundle::U64;
use super::super::fold::{Inputs, ProviderInput, fold, tests::small};
use super::super::quality::{Observed, Rate};
use super::*;
use mira_core::Key;
use mira_core::amount::Payment;

/// The second epoch of a small network, with an observation.
fn second() -> (Bundle, Bundle) {
    let first = Bundle::from(&fold(&small()).unwrap());
    let mut inputs: Inputs = small();
    inputs.header.previous = first.epoch();
    inputs.header.swept = Payment::new(2_100);
    inputs.providers = first.carried();
    let observed = Observed { latency: Some(Rate { good: 3, of: 4 }), ..Observed::default() };
    for input in inputs.leases.values_mut() {
        input.eligible = input.settled;
        input.matched = input.settled;
    }
    inputs.providers.values_mut().for_each(|input: &mut ProviderInput| input.observed = observed);
    (first, Bundle::from(&fold(&inputs).unwrap()))
}

fn named(bundle: &Bundle) -> Vec<String> {
    alone(bundle).unwrap().into_iter().map(|difference| difference.line).collect()
}

/// Another value of the same form.
fn altered(value: &Value) -> Value {
    match value {
        Value::Null => serde_json::json!({ "good": "1", "of": "2" }),
        Value::Number(number) => Value::from(number.as_u64().unwrap() + 1),
        Value::Object(_) => Value::Null,
        Value::String(text) if text.len() == 64 => Value::from(hex::encode([0x5a_u8; 32])),
        Value::String(text) if text.len() > 40 => {
            // A neighbour, so that the order of the keys stays.
            let mut key: Key = [0; 32];
            bs58::decode(text).onto(&mut key).unwrap();
            key[31] ^= 1;
            Value::from(bs58::encode(key).into_string())
        }
        Value::String(text) => Value::from((text.parse::<i64>().unwrap() + 1).to_string()),
        other => panic!("a bundle has no {other}"),
    }
}

/// Alters every field of a line that a pointer leads to; gives how many there are.
fn every_field(good: &Value, line: &str, name: &str) -> usize {
    let fields: Vec<String> = good.pointer(line).unwrap().as_object().unwrap().keys().cloned().collect();
    for field in &fields {
        let mut bad = good.clone();
        let value = bad.pointer_mut(&format!("{line}/{field}")).unwrap();
        *value = altered(value);
        let key = bad.pointer(&format!("{line}/{name}")).map(|key| key.as_str().unwrap().to_owned());
        let expected = key.map_or(name.to_owned(), |key| format!("{name} {key}"));
        let bundle = Bundle::from_json(bad.to_string().as_bytes()).unwrap();
        let named = named(&bundle);
        assert!(named.contains(&expected), "{line}/{field}: {named:?}");
    }
    fields.len()
}

#[test]
fn what_was_folded_verifies() {
    let (first, second) = second();
    assert_eq!((alone(&first).unwrap(), alone(&second).unwrap()), (vec![], vec![]));
    assert_eq!(against_previous(&second, &first).unwrap(), vec![]);
}

#[test]
fn every_field_of_every_kind_of_line_counts() {
    let (_, bundle) = second();
    let good = serde_json::to_value(&bundle).unwrap();
    assert_eq!(every_field(&good, "/epoch", "epoch"), 17);
    for at in 0..bundle.leases.len() {
        assert_eq!(every_field(&good, &format!("/leases/{at}"), "lease"), 8);
    }
    for at in 0..bundle.providers.len() {
        assert_eq!(every_field(&good, &format!("/providers/{at}"), "provider"), 14);
    }
}

#[test]
fn a_difference_says_what_is_and_what_should_be() {
    let (first, _) = second();
    let mut bad = first.clone();
    bad.providers[0].reward = U64(601);
    let key = bad.providers[0].provider;
    let differences = alone(&bad).unwrap();
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].to_string(), format!("provider {key}: reward is 601, recomputed 600"));
}

#[test]
fn a_line_too_few_or_too_many_is_named() {
    let (first, _) = second();
    let mut fewer = first.clone();
    let gone = fewer.providers.remove(1).provider;
    let line = format!("provider {gone}: line is absent, recomputed present");
    assert!(alone(&fewer).unwrap().iter().any(|difference| difference.to_string() == line));
    let mut fewer = first.clone();
    fewer.leases.remove(3);
    // It counted nothing, so that no amount follows from it: only the hash knows.
    assert_eq!(named(&fewer), ["epoch"]);
}

#[test]
fn what_came_before_is_held_against_the_bundle_before() {
    let (first, second) = second();
    let mut other = first.clone();
    other.epoch.report_hash = first.epoch.previous_report_hash;
    let found = against_previous(&second, &other).unwrap();
    assert_eq!((found[0].line.as_str(), found[0].field.as_str()), ("epoch", "previous_report_hash"));
    // Fees moved between two lines: the sums agree and the bundle verifies, but not with the one before.
    let mut inputs = second.inputs().unwrap();
    let one = Payment::new(1);
    let mut lines = inputs.providers.values_mut();
    let (from, to) = (lines.next().unwrap(), lines.next().unwrap());
    (from.fees, to.fees) = (from.fees.checked_sub(one).unwrap(), to.fees.checked_add(one).unwrap());
    let moved = Bundle::from(&fold(&inputs).unwrap());
    assert_eq!(alone(&moved).unwrap(), vec![]);
    let found = against_previous(&moved, &first).unwrap();
    let named: Vec<_> = found.iter().map(|found| (found.line.clone(), found.field.as_str())).collect();
    for at in 0..2 {
        assert!(named.contains(&(format!("provider {}", moved.providers[at].provider), "fees_before")), "{named:?}");
    }
}
