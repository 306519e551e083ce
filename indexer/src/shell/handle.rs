//! What the rest of the process holds of a running indexer.

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::health::{Health, NotReady, Stopped};

/// A running indexer. It ends with the token that was given to `spawn`.
#[derive(Debug)]
pub struct Handle {
    /// How it is. Cheap to clone and to read.
    pub health: watch::Receiver<Health>,
    /// The last slot committed by this process; every commit wakes whoever waits on it.
    pub committed: watch::Receiver<Option<u64>>,
    /// The task; it ends after shutdown.
    pub task: JoinHandle<()>,
}

/// Why a slot will not be reached.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaitError {
    /// The cursor stands still until a person acts.
    #[error("{}", NotReady::Stopped(.0.clone()))]
    Stopped(Stopped),
    /// The indexer has ended.
    #[error("the indexer has ended")]
    Ended,
}

impl Handle {
    /// Waits until everything up to `slot` is stored. Bound it with a timeout of the caller's choice.
    ///
    /// # Errors
    /// The indexer stopped for good, or ended.
    pub async fn reached(&self, slot: u64) -> Result<(), WaitError> {
        let mut health = self.health.clone();
        let seen = health
            .wait_for(|health| {
                health.cursor.is_some_and(|cursor| cursor >= slot)
                    || health.stopped.as_ref().is_some_and(|stopped| !stopped.asks_again)
            })
            .await
            .map_err(|_| WaitError::Ended)?;
        match &seen.stopped {
            Some(stopped) if seen.cursor.is_none_or(|cursor| cursor < slot) => Err(WaitError::Stopped(stopped.clone())),
            _ => Ok(()),
        }
    }
}
