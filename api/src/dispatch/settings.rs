//! What a dispatcher is started with.

use std::fmt;
use std::time::Duration;

use mira_wire::clock::Clock;
use solana_sdk::signature::Keypair;
use tokio::sync::watch;

use crate::health::IndexHealth;

/// How long a dispatcher may be silent before another one takes over: with the wait for a look and the engine
/// following the log all the time, work goes on in less than 5 s.
pub const HOLD: Duration = Duration::from_secs(3);

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
