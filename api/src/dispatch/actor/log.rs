//! The engine's log in the store: read at the start, and after a failed write.

use mira_dispatch::Engine;
use mira_dispatch::replay::{self, Entry};
use mira_store::Store;

use crate::dispatch::error::Error;

/// Inputs read at a time.
const PAGE: u32 = 1_000;

/// What a replay of the whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Inputs replayed; also the number of the newest.
    pub inputs: u64,
    /// How many of them lead to other decisions than were recorded.
    pub diverged: u64,
}

/// Makes every recorded decision again, in memory; changes nothing and may run beside a dispatcher.
///
/// # Errors
/// The store's; an input that cannot be read.
pub async fn verify_replay(store: &dyn Store) -> Result<Replayed, Error> {
    Ok(read(store).await?.1)
}

/// Replays the whole log. Returns the engine and the number of the newest input.
pub(super) async fn replay(store: &dyn Store) -> Result<(Engine, u64), Error> {
    let (engine, Replayed { inputs, diverged }) = read(store).await?;
    metrics::gauge!("mira_dispatch_replay_diverged").set(f64::from(u32::try_from(diverged).unwrap_or(u32::MAX)));
    if diverged > 0 {
        tracing::error!(diverged, "recorded inputs lead to other decisions than they did: another version wrote them");
    }
    tracing::info!(inputs, "the dispatcher's log was replayed");
    Ok((engine, inputs))
}

async fn read(store: &dyn Store) -> Result<(Engine, Replayed), Error> {
    let (mut engine, mut seq, mut diverged) = (Engine::new(), 0u64, 0u64);
    loop {
        let page = store.dispatch_inputs(seq, PAGE).await?;
        for input in &page {
            seq = input.seq;
            let entry = Entry::from_bytes(&input.bytes)
                .ok_or_else(|| Error::Internal(format!("dispatch input {seq} is too short: restore a backup")))?;
            match replay::feed(&mut engine, seq, &entry) {
                Ok(_) => {}
                // An earlier version decided this. What providers hold by its decisions expires and is
                // handed out again, so going on is safer for jobs than not starting.
                Err(replay::Error::Diverged { .. }) => diverged += 1,
                Err(error @ replay::Error::Corrupt { .. }) => return Err(Error::Internal(error.to_string())),
            }
        }
        if page.is_empty() {
            return Ok((engine, Replayed { inputs: seq, diverged }));
        }
    }
}
