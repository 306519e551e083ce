//! `sim`: the indexer's pure pipeline against chains from seeds and an endpoint that does everything
//! wrong, alone and among honest ones. What a seed does is in `mira_testkit::sim`; the suite plays a few of them too.

use crate::clock::Stopwatch;
use crate::report::Report;
use crate::seeds;
use mira_testkit::sim::play;
use serde_json::json;

/// Fewer seeds than that need not have met every fault.
const ENOUGH: u64 = 200;

/// How much is played.
#[derive(clap::Args)]
pub struct Args {
    /// How many simulations; the first has the run's seed, each other the next one.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
}

/// Plays.
pub fn run(args: &Args, seed: u64) -> Report {
    let watch = Stopwatch::start();
    let played = seeds::all(args.seeds, seed, play);
    let mut findings = played.findings("seed", |seed| format!("cargo xtask sim --seed {seed} --seeds 1"));
    let tally = played.tally;
    if args.seeds >= ENOUGH {
        findings.extend(tally.uncovered());
    }
    let elapsed = watch.elapsed();
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let per_second = args.seeds.saturating_mul(1_000) / millis;
    let figures = json!({ "seeds": tally.seeds, "blocks": tally.blocks, "events": tally.events,
        "commits": tally.commits, "overlays_compared": tally.overlays, "restarts": tally.faults.get("restart"),
        "faults": tally.faults, "stops": tally.stops, "forks_by_depth": tally.forks,
        "seconds": elapsed.as_secs(), "seeds_per_second": per_second });
    let text = format!("{tally}{per_second} seeds per second");
    Report { command: "sim", seed, figures, text, findings }
}
