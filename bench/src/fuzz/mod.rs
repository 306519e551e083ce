//! `fuzz`: whatever arrives from outside, in every form that a seed can think of.
//!
//! A target is a property of the bytes of an input: raw bytes, valid values, and valid values with something
//! changed are drawn from them with bolero's generators. The tests try some inputs of a fixed seed, a run as many
//! as there is time for, on all threads; an input that fails is shortened and named in hexadecimal.
//!
//! | module | holds |
//! | --- | --- |
//! | [`engine`] | the loop, and shortening |
//! | [`draw`] | values out of an input, and changing them |
//! | [`event`], [`block`] | the program's events, and finding them in blocks and transactions |
//! | [`layout`] | the events' layouts by the IDL |
//! | [`usage`], [`voucher`], [`wire`] | what is signed, and its text |
//! | [`cursor`] | the API's cursors |
//! | [`spec`] | job specifications |
//!
//! Deliberately absent: guidance by coverage. The binaries that it needs are built by other toolchains; the classes
//! that a run has to have met say instead that the properties see what they are for.
//!
//! Memory is measured by the tests alone: the counting allocator must not stand in a binary that measures time.

mod block;
mod cursor;
mod draw;
mod engine;
mod event;
mod layout;
mod spec;
#[cfg(test)]
mod tests;
mod usage;
mod voucher;
mod wire;

use crate::clock::Stopwatch;
use crate::machine;
use crate::report::Report;
use anyhow::Context as _;
use clap::ValueEnum as _;
use engine::{Outcome, Property};
use mira_core::hash::{Sha2, Sha256 as _};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

/// Fewer inputs than that need not have met every class.
const ENOUGH: u64 = 10_000;

/// What is tried, and for how long.
#[derive(clap::Args)]
pub struct Args {
    /// One target alone.
    #[arg(long, value_enum)]
    target: Option<Target>,
    /// How long each target is tried.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// One input again, in hexadecimal, as a failure names it.
    #[arg(long, value_name = "HEX", requires = "target", conflicts_with = "seconds")]
    input: Option<String>,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Target {
    /// The event decoder.
    Event,
    /// The events in a block or a transaction.
    Block,
    /// Usage reports.
    Usage,
    /// Vouchers.
    Voucher,
    /// The API's cursors.
    Cursor,
    /// Job specifications.
    Spec,
}

impl Target {
    /// Its name, as `--target` takes it.
    const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Block => "block",
            Self::Usage => "usage",
            Self::Voucher => "voucher",
            Self::Cursor => "cursor",
            Self::Spec => "spec",
        }
    }

    const fn property(self) -> Property {
        match self {
            Self::Event => event::property,
            Self::Block => block::property,
            Self::Usage => usage::property,
            Self::Voucher => voucher::property,
            Self::Cursor => cursor::property,
            Self::Spec => spec::property,
        }
    }

    /// The classes of inputs that there are.
    const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Event => &event::CLASSES,
            Self::Block => &block::CLASSES,
            Self::Usage => &usage::CLASSES,
            Self::Voucher => &voucher::CLASSES,
            Self::Cursor => &cursor::CLASSES,
            Self::Spec => &spec::CLASSES,
        }
    }

    /// The seed of one thread's inputs.
    fn seed(self, seed: u64, thread: u64) -> [u8; 32] {
        Sha2::hashv(&[b"fuzz", self.name().as_bytes(), &seed.to_le_bytes(), &thread.to_le_bytes()])
    }

    /// Tries inputs on all threads for a time.
    fn run(self, seed: u64, time: Duration) -> Outcome {
        let (watch, failed) = (Stopwatch::start(), AtomicBool::new(false));
        let mut total = Outcome::default();
        thread::scope(|scope| {
            let one = |thread| {
                let failed = &failed;
                scope.spawn(move || {
                    let goes_on = |_| watch.elapsed() < time && !failed.load(Relaxed);
                    let outcome = engine::run(self.property(), self.seed(seed, thread), goes_on);
                    failed.fetch_or(outcome.failure.is_some(), Relaxed);
                    outcome
                })
            };
            let threads: Vec<_> = (0..).take(machine::threads()).map(one).collect();
            for thread in threads {
                total.merge(thread.join().expect("what a property panics with is caught"));
            }
        });
        total
    }

    /// What has to be mended.
    fn findings(self, outcome: &Outcome) -> Vec<String> {
        let name = self.name();
        let failure = outcome.failure.iter().map(|failure| {
            let input = hex::encode(&failure.input);
            format!("{name}: {}; again: cargo xtask fuzz --target {name} --input {input:?}", failure.why)
        });
        let missed = self.classes().iter().filter(|class| !outcome.met.contains_key(*class));
        let enough = outcome.inputs >= ENOUGH && outcome.failure.is_none();
        let missed = missed.filter(|_| enough).map(|class| format!("{name}: no input was ever: {class}"));
        failure.chain(missed).collect()
    }
}

/// Tries.
///
/// # Errors
/// The input to try again is not hexadecimal.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    if let (Some(target), Some(input)) = (args.target, &args.input) {
        let input = hex::decode(input).context("--input is not hexadecimal: give what the failure named")?;
        return Ok(again(target, &input, seed));
    }
    let targets = args.target.map_or(Target::value_variants().to_vec(), |target| vec![target]);
    let (mut figures, mut findings) = (serde_json::Map::new(), Vec::new());
    let mut text = format!("{:<10} {:>12} {:>12}  met\n", "target", "inputs", "per second");
    for target in targets {
        let outcome = target.run(seed, Duration::from_secs(args.seconds));
        findings.extend(target.findings(&outcome));
        let per_second = outcome.inputs / args.seconds;
        let met: Vec<_> = outcome.met.iter().map(|(class, count)| format!("{class} {count}")).collect();
        // Writing into a text does not fail.
        let _ = writeln!(text, "{:<10} {:>12} {per_second:>12}  {}", target.name(), outcome.inputs, met.join(", "));
        let failed = outcome.failure.as_ref().map(|failure| hex::encode(&failure.input));
        let figure: Value = json!({ "inputs": outcome.inputs, "inputs_per_second": per_second, "met": outcome.met,
            "failing_input": failed });
        figures.insert(target.name().to_owned(), figure);
    }
    let figures = json!({ "seconds_each": args.seconds, "targets": figures });
    Ok(Report { command: "fuzz", seed, figures, text, findings })
}

/// Tries one input.
fn again(target: Target, input: &[u8], seed: u64) -> Report {
    let outcome = engine::once(target.property(), input);
    let text = format!("{}: {} bytes: {}\n", target.name(), input.len(), outcome.as_deref().unwrap_or("fails"));
    let figures = json!({ "target": target.name(), "bytes": input.len(), "met": outcome.as_ref().ok() });
    let findings = outcome.err().map(|why| format!("{}: {why}", target.name())).into_iter().collect();
    Report { command: "fuzz", seed, figures, text, findings }
}
