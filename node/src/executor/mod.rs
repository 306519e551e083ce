//! Executors: what turns a shard's bytes into output bytes and a metered number of units.
//!
//! [`Executor`] is the one seam; [`WasmExecutor`] is the embedded one, deterministic in output and in fuel, so that anybody can run a
//! shard again and compare exactly. Everything an executor runs is hostile: each limit of a [`Task`] has its own [`ExecError`].

mod wasm;

use bytes::Bytes;
use mira_core::Hash;
use mira_core::tier::UnitKind;
use tokio_util::sync::CancellationToken;

pub use wasm::{MAX_MODULE_BYTES, WasmExecutor};

/// One shard to run, with its limits.
#[derive(Clone, Debug)]
pub struct Task {
    /// SHA-256 of `module`, already checked.
    pub module_hash: Hash,
    /// The program.
    pub module: Bytes,
    /// What it reads.
    pub input: Bytes,
    /// The most units it may use.
    pub units_limit: u64,
    /// The most memory it may hold, in bytes.
    pub memory_limit_bytes: u64,
    /// The longest it may run, in milliseconds of wall time.
    pub time_limit_ms: u64,
    /// The longest output, in bytes.
    pub output_limit_bytes: usize,
}

/// What a task produced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// All that it wrote.
    pub bytes: Bytes,
    /// The units it used.
    pub units: u64,
}

/// Why a task produced nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecError {
    /// Not a program of the kind this executor runs.
    #[error(
        "the module cannot be run: {0}; build a wasm32-wasip1 command that reads standard input and writes standard output"
    )]
    Malformed(String),
    /// Used up its units.
    #[error("out of fuel: the limit is {limit}; raise the job's fuel_limit or cut smaller shards")]
    OutOfFuel {
        /// The limit, in units.
        limit: u64,
    },
    /// Wanted more memory.
    #[error(
        "out of memory: the limit is {limit_bytes} bytes; raise the job's memory_limit_bytes or cut smaller shards"
    )]
    MemoryLimit {
        /// The limit, in bytes.
        limit_bytes: u64,
    },
    /// Took too long.
    #[error("out of time: the limit is {limit_ms} ms; raise the job's time_limit_ms or cut smaller shards")]
    TimeLimit {
        /// The limit, in milliseconds.
        limit_ms: u64,
    },
    /// Wrote more than is accepted.
    #[error("the output is longer than {limit_bytes} bytes, the most that this node uploads")]
    OutputTooLarge {
        /// The limit, in bytes.
        limit_bytes: usize,
    },
    /// Stopped by itself: a trap, or an exit status other than 0.
    #[error("the module failed: {0}")]
    Trap(String),
    /// The node is stopping.
    #[error("the node stopped before the shard was done")]
    Cancelled,
    /// The host's fault, not the module's.
    #[error("the executor failed: {0}")]
    Host(String),
}

impl ExecError {
    /// The kind as it is reported to the dispatcher.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::OutOfFuel { .. } => "out_of_fuel",
            Self::MemoryLimit { .. } => "out_of_memory",
            Self::TimeLimit { .. } => "timeout",
            Self::OutputTooLarge { .. } => "output_too_large",
            Self::Trap(_) => "trap",
            Self::Cancelled | Self::Host(_) => "internal",
        }
    }
}

/// Runs tasks. Calls block their thread until the task ends; `cancel` ends it early.
pub trait Executor: Send + Sync {
    /// What this executor meters.
    fn unit_kind(&self) -> UnitKind;

    /// Whether `module` could be run at all.
    ///
    /// # Errors
    /// [`ExecError::Malformed`] with the reason.
    fn check(&self, module: &Bytes) -> Result<(), ExecError>;

    /// Runs one task to its end.
    ///
    /// # Errors
    /// The limit that the task ran into, or what else stopped it.
    fn run(&self, task: &Task, cancel: &CancellationToken) -> Result<Output, ExecError>;
}
