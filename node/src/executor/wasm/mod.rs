//! The WebAssembly executor: wasm32-wasip1 commands, metered in fuel.
//!
//! A module sees its standard input, output and error, and nothing else: no files, no environment, no arguments, no network. Its clocks
//! stand still and its randomness is one fixed sequence, so that output and fuel depend on module and input alone. Sleeping is refused,
//! because a host call that sleeps could not be interrupted.
//!
//! Four limits hold at once: fuel, memory, wall time and output length; see [`super::ExecError`]. What is not limited is the time to
//! compile a module; [`MAX_MODULE_BYTES`] bounds it.

mod cache;
mod engine;
mod host;
mod run;
#[cfg(test)]
mod tests;
mod ticker;

use std::sync::Arc;

use bytes::Bytes;
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};
use mira_core::tier::UnitKind;
use tokio_util::sync::CancellationToken;
use wasmtime::{Engine, InstancePre, Linker};

use super::{ExecError, Executor, Output, Task};
use cache::ModuleCache;
use host::Host;
use ticker::Ticker;

pub use mira_wire::spec::MAX_MODULE_BYTES;

/// Compiled modules that are kept.
const CACHED_MODULES: usize = 16;

/// Runs WebAssembly. One serves any number of threads, and several nodes of one process may share it.
pub struct WasmExecutor {
    engine: Engine,
    linker: Linker<Host>,
    modules: ModuleCache<InstancePre<Host>>,
    /// Advances the engine's epoch, which is what time limits are measured in.
    _ticker: Ticker,
}

impl WasmExecutor {
    /// An executor with an empty module cache.
    ///
    /// # Errors
    /// [`ExecError::Host`] when this machine cannot run compiled WebAssembly, or has no thread left.
    pub fn new() -> Result<Arc<Self>, ExecError> {
        let engine = engine::build()?;
        let linker = engine::link(&engine)?;
        let ticker = Ticker::start(&engine)?;
        Ok(Arc::new(Self { engine, linker, modules: ModuleCache::new(CACHED_MODULES), _ticker: ticker }))
    }

    fn prepare(&self, hash: &Hash, module: &Bytes) -> Result<Arc<InstancePre<Host>>, ExecError> {
        self.modules.get_or_insert(hash, || engine::compile(&self.engine, &self.linker, module))
    }
}

impl Executor for WasmExecutor {
    fn unit_kind(&self) -> UnitKind {
        UnitKind::Fuel
    }

    fn check(&self, module: &Bytes) -> Result<(), ExecError> {
        self.prepare(&Sha2::hashv(&[module]), module).map(|_| ())
    }

    fn run(&self, task: &Task, cancel: &CancellationToken) -> Result<Output, ExecError> {
        let module = self.prepare(&task.module_hash, &task.module)?;
        run::run(&self.engine, &module, task, cancel)
    }
}
