//! What a dispatcher is started with.

use std::fmt;
use std::time::Duration;

use mira_wire::clock::Clock;
use solana_sdk::signature::Keypair;
use tokio::sync::watch;

use crate::health::IndexHealth;

/// A dispatcher's settings.
pub struct Settings {
    /// The dispatcher's key: signs lease proposals. It can match, never move money.
    pub signer: Keypair,
    /// The engine's settings, with the seed of its sampling.
    pub engine: mira_dispatch::Config,
    /// How often it looks for new rows of the index at least, and lets time pass.
    pub poll: Duration,
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
