//! Some inputs of a fixed seed for every target, with an eye on memory, and a property that does not hold.

use super::draw::Draw;
use super::engine::{self, Failure, Property};
use super::{Args, Target, again, run};
use clap::ValueEnum as _;

/// Inputs of each target.
const INPUTS: u64 = 3_000;
/// The most memory that one input may hold at a time, its own making included: a length that is believed before
/// the bytes are seen takes thousands of times as much.
const MOST_BYTES: u64 = 1 << 20;

#[test]
fn every_property_holds_and_meets_what_it_is_for() {
    for target in Target::value_variants() {
        let outcome = engine::run(target.property(), target.seed(1, 0), |inputs| inputs < INPUTS);
        assert_eq!(outcome.failure, None, "{target:?}");
        let missed: Vec<_> = target.classes().iter().filter(|class| !outcome.met.contains_key(*class)).collect();
        assert!(missed.is_empty(), "{target:?} never met {missed:?} in {:?}", outcome.met);
        assert!(outcome.met.keys().all(|class| target.classes().contains(class)), "{:?}", outcome.met);
    }
}

/// The most memory that the first input of a seed takes.
fn taken(property: Property, seed: [u8; 32]) -> u64 {
    let mut goes_on = true;
    let once = || drop(engine::run(property, seed, |_| std::mem::take(&mut goes_on)));
    allocation_counter::measure(once).bytes_max
}

#[test]
fn no_input_makes_anything_take_memory_that_it_does_not_fill() {
    for target in Target::value_variants() {
        // Tables that are made once do not count.
        engine::run(target.property(), target.seed(2, 0), |inputs| inputs < 50);
        for input in 0..INPUTS / 4 {
            let bytes = taken(target.property(), target.seed(3, input));
            assert!((1..=MOST_BYTES).contains(&bytes), "{target:?}: {bytes} bytes for input {input}");
        }
    }
}

/// Believes a length.
fn credulous(draw: &mut Draw<'_>) -> &'static str {
    let length = usize::try_from(draw.length() >> 7).expect("it is not that large");
    drop(std::hint::black_box(Vec::<u8>::with_capacity(length)));
    "believed"
}

#[test]
fn a_length_that_is_believed_is_noticed() {
    let most = (0..50).map(|input| taken(credulous, Target::Event.seed(4, input))).max();
    assert!(most.is_some_and(|bytes| bytes > MOST_BYTES), "{most:?} bytes");
}

/// Fails when both of two bytes are large, at the first that it finds.
fn two_large_bytes(draw: &mut Draw<'_>) -> &'static str {
    let (first, second): (u8, u8) = (draw.any(), draw.any());
    assert!(first < 0x80 || second < 0x80, "both are large\n{first} and {second}");
    "small"
}

#[test]
fn an_input_that_fails_is_shortened_and_fails_again_alone() {
    let outcome = engine::run(two_large_bytes, [9; 32], |inputs| inputs < INPUTS);
    let Failure { input, why } = outcome.failure.expect("a quarter of all inputs");
    assert_eq!(input, [0x80, 0x80]);
    assert!(why.contains("both are large 128 and 128"), "{why}");
    assert_eq!(engine::once(two_large_bytes, &input), Err(why));
    assert_eq!(engine::once(two_large_bytes, &[0x80]), Ok("small"));
}

#[test]
fn a_seed_gives_the_same_inputs() {
    let of = |seed| engine::run(Target::Spec.property(), Target::Spec.seed(seed, 0), |inputs| inputs < 200);
    assert_eq!(of(5), of(5));
    assert_ne!(of(5), of(6));
}

#[test]
fn a_failure_is_named_with_the_command_that_shows_it() {
    let mut outcome = engine::run(two_large_bytes, [9; 32], |inputs| inputs < INPUTS);
    let [finding] = Target::Event.findings(&outcome).try_into().expect("one");
    assert!(finding.ends_with("; again: cargo xtask fuzz --target event --input \"8080\""), "{finding}");
    (outcome.failure, outcome.inputs) = (None, super::ENOUGH);
    let missed = Target::Event.findings(&outcome);
    assert_eq!(missed.len(), Target::Event.classes().len());
    assert_eq!(missed[0], "event: no input was ever: decoded");
}

#[test]
fn one_input_is_tried_again_and_nonsense_is_refused() {
    let report = again(Target::Event, &[], 1);
    assert!(report.findings.is_empty() && report.text.starts_with("event: 0 bytes: decoded"), "{}", report.text);
    let args = Args { target: Some(Target::Event), seconds: 1, input: Some("0g".to_owned()) };
    let error = run(&args, 1).err().expect("no hexadecimal");
    assert_eq!(error.to_string(), "--input is not hexadecimal: give what the failure named");
}
