//! The thread that advances the engine's epoch.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use wasmtime::Engine;

use super::ExecError;

/// Milliseconds between two epochs: the grain of time limits and of cancellation.
pub(super) const TICK_MS: u64 = 10;

/// Runs until it is dropped.
pub(super) struct Ticker {
    _stop: Sender<()>,
}

impl Ticker {
    pub fn start(engine: &Engine) -> Result<Self, ExecError> {
        let (stop, stopped) = mpsc::channel::<()>();
        let engine = engine.weak();
        let tick = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_millis(TICK_MS)) {
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        };
        let thread = std::thread::Builder::new().name("mira-wasm-ticker".into()).spawn(tick);
        thread.map_err(|e| ExecError::Host(format!("no thread for time limits: {e}")))?;
        Ok(Self { _stop: stop })
    }
}
