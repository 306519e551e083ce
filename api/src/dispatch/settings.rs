//! What a dispatcher is started with.

use std::fmt;
use std::time::Duration;

use clap::Args;
use mira_wire::clock::Clock;
use solana_sdk::signature::Keypair;
use tokio::sync::watch;

use crate::health::IndexHealth;

/// How long a dispatcher may be silent before another one takes over: with the wait for a look and the engine
/// following the log all the time, work goes on in less than 5 s.
pub const HOLD: Duration = Duration::from_secs(3);

/// What a dispatcher keeps of its log, and what it does without one.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// How many snapshots of the dispatcher are kept; its inputs from before the oldest of them are deleted.
    #[arg(id = "dispatch-keep-snapshots", long = "dispatch-keep-snapshots", env = "MIRA_DISPATCH_KEEP_SNAPSHOTS",
        value_name = "SNAPSHOTS", default_value_t = Keep::DEFAULT.snapshots,
        value_parser = clap::value_parser!(u32).range(2..=100))]
    pub snapshots: u32,
    /// How many inputs of the dispatcher come between two of its snapshots, at least: a start replays about so many.
    #[arg(id = "dispatch-snapshot-inputs", long = "dispatch-snapshot-inputs", env = "MIRA_DISPATCH_SNAPSHOT_INPUTS",
        value_name = "INPUTS", default_value_t = Keep::DEFAULT.inputs,
        value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    pub inputs: u64,
    /// Begin with a dispatcher that knows nothing if neither a snapshot nor the whole log can be read: every job has to be
    /// placed again then.
    #[arg(id = "dispatch-begin-anew", long = "dispatch-begin-anew")]
    pub begin_anew: bool,
}

impl Keep {
    /// One snapshot may be broken and one more may be; some hours of a small network can be replayed, or minutes of a large one.
    const DEFAULT: Keep = Keep { snapshots: 3, inputs: 10_000, begin_anew: false };
}

impl Default for Keep {
    fn default() -> Self {
        Keep::DEFAULT
    }
}

/// A dispatcher's settings.
pub struct Settings {
    /// The dispatcher's key: signs lease proposals. It can match, never move money.
    pub signer: Keypair,
    /// The engine's settings, with the seed of its sampling.
    pub engine: mira_dispatch::Config,
    /// How often it looks for new rows of the index at least, and lets time pass.
    pub poll: Duration,
    /// How long another dispatcher on the same database may be silent before this one takes over.
    pub hold: Duration,
    /// What it keeps of its log.
    pub keep: Keep,
    /// Whether requests to interactive jobs are answered before their routing is written.
    pub write_behind: bool,
    /// Where this process is, for the people who read it on another one.
    pub name: String,
    /// Told whenever the index has moved.
    pub health: watch::Receiver<IndexHealth>,
    /// Unix milliseconds.
    pub clock: Clock,
}

impl fmt::Debug for Settings {
    /// Never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("engine", &self.engine).field("poll", &self.poll).finish_non_exhaustive()
    }
}
