//! What happened in simulations.

use super::faults::Lie;
use super::story::DEEPEST;
use std::collections::BTreeMap;
use std::fmt;

/// Faults besides lies.
const FAULTS: [&str; 11] = [
    "dropped",
    "duplicated",
    "late",
    "reordered",
    "answer lost for good",
    "restart",
    "confirmed: left out of a list",
    "confirmed: false events",
    "confirmed: overlay dropped",
    "confirmed: fork left",
    "an endpoint left out",
];

/// Codes of stops besides those that a lie has.
const STOPS: [&str; 2] = ["no_start", "endpoints_disagree"];

/// The counts of one or more seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Simulations that ended well.
    pub seeds: u64,
    /// Blocks that became final.
    pub blocks: u64,
    /// Events in them.
    pub events: u64,
    /// Transactions that stored them.
    pub commits: u64,
    /// By kind, lies included.
    pub faults: BTreeMap<&'static str, u64>,
    /// By the code of the stop.
    pub stops: BTreeMap<&'static str, u64>,
    /// Forks that the overlay held and discarded, by how many blocks.
    pub forks: BTreeMap<usize, u64>,
    /// How often the confirmed rows were compared with what the chain gives.
    pub overlays: u64,
}

impl Tally {
    /// Counts a fault.
    pub fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// Counts a stop.
    pub fn stop(&mut self, code: &'static str) {
        *self.stops.entry(code).or_default() += 1;
    }

    /// Counts a fork that was discarded.
    pub fn fork(&mut self, depth: usize) {
        if depth > 0 {
            *self.forks.entry(depth).or_default() += 1;
            self.fault("confirmed: fork left");
        }
    }

    /// Adds the counts of other seeds.
    pub fn merge(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.blocks += other.blocks;
        self.events += other.events;
        self.commits += other.commits;
        self.overlays += other.overlays;
        let add = |to: &mut BTreeMap<&'static str, u64>, from: &BTreeMap<&'static str, u64>| {
            from.iter().for_each(|(name, count)| *to.entry(name).or_default() += count);
        };
        add(&mut self.faults, &other.faults);
        add(&mut self.stops, &other.stops);
        other.forks.iter().for_each(|(depth, count)| *self.forks.entry(*depth).or_default() += count);
    }

    /// What many seeds have to have met, and did not.
    pub fn uncovered(&self) -> Vec<String> {
        let faults = FAULTS.into_iter().chain(Lie::ALL.map(Lie::name));
        let absent = faults.filter(|fault| !self.faults.contains_key(fault));
        let mut lacks: Vec<String> = absent.map(|fault| format!("never happened: {fault}")).collect();
        let codes = Lie::ALONE.into_iter().map(Lie::code).chain(STOPS);
        let silent = codes.filter(|code| !self.stops.contains_key(code));
        lacks.extend(silent.map(|code| format!("never stopped: {code}")));
        if !self.forks.contains_key(&usize::try_from(DEEPEST).unwrap()) {
            lacks.push(format!("no fork was {DEEPEST} deep"));
        }
        lacks.sort();
        lacks.dedup();
        lacks
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seeds, blocks, events, commits, overlays, .. } = self;
        writeln!(
            f,
            "{seeds} seeds: {blocks} blocks, {events} events in {commits} commits, {overlays} overlays compared"
        )?;
        writeln!(f, "\n{:<36} {:>10}", "fault", "times")?;
        for (name, count) in &self.faults {
            writeln!(f, "{name:<36} {count:>10}")?;
        }
        writeln!(f, "\n{:<36} {:>10}", "stopped, and named", "times")?;
        for (code, count) in &self.stops {
            writeln!(f, "{code:<36} {count:>10}")?;
        }
        let depths: Vec<String> = self.forks.iter().map(|(depth, count)| format!("{depth}×{count}")).collect();
        writeln!(f, "\nforks discarded, depth×times: {}", depths.join(" "))
    }
}
