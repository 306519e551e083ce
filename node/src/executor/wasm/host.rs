//! What one run has of the host: its WASI context and its limits.

use std::time::Duration;

use bytes::Bytes;
use wasmtime::ResourceLimiter;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{Deterministic, HostMonotonicClock, HostWallClock, WasiCtxBuilder};

/// Entries of all tables together: function pointers of a large program.
const MAX_TABLE_ELEMENTS: usize = 1 << 20;
/// What is kept of standard error.
const STDERR_BYTES: usize = 16 << 10;

/// Why the host stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Time,
    Cancelled,
}

pub(super) struct Host {
    pub wasi: WasiP1Ctx,
    pub limits: Limits,
    pub stop: Option<Stop>,
}

/// The module's ends of the pipes stay in the context; these are the host's.
pub(super) struct Pipes {
    pub stdout: MemoryOutputPipe,
    pub stderr: MemoryOutputPipe,
}

impl Host {
    pub fn new(input: Bytes, memory_limit_bytes: u64, output_limit_bytes: usize) -> (Self, Pipes) {
        // One byte more than allowed, so that a full pipe means too much.
        let stdout = MemoryOutputPipe::new(output_limit_bytes.saturating_add(1));
        let stderr = MemoryOutputPipe::new(STDERR_BYTES);
        let wasi = WasiCtxBuilder::new()
            .stdin(MemoryInputPipe::new(input))
            .stdout(stdout.clone())
            .stderr(stderr.clone())
            .wall_clock(StoppedClock)
            .monotonic_clock(StoppedClock)
            .secure_random(fixed_random())
            .insecure_random(fixed_random())
            .insecure_random_seed(0)
            .allow_tcp(false)
            .allow_udp(false)
            .build_p1();
        let memory = usize::try_from(memory_limit_bytes).unwrap_or(usize::MAX);
        (Self { wasi, limits: Limits { memory, exceeded: false }, stop: None }, Pipes { stdout, stderr })
    }
}

fn fixed_random() -> Deterministic {
    Deterministic::new((0..=u8::MAX).collect())
}

struct StoppedClock;

impl HostWallClock for StoppedClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

impl HostMonotonicClock for StoppedClock {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        0
    }
}

/// Ends the run when it asks for too much, instead of letting the module see a failed allocation: a limit is then always told apart
/// from a fault of the module.
pub(super) struct Limits {
    memory: usize,
    pub exceeded: bool,
}

impl Limits {
    fn allow(&mut self, desired: usize, limit: usize, what: &str) -> wasmtime::Result<bool> {
        if desired <= limit {
            return Ok(true);
        }
        self.exceeded = true;
        Err(wasmtime::Error::msg(format!("{what} would grow to {desired}, the limit is {limit}")))
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.allow(desired, self.memory, "memory")
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.allow(desired, MAX_TABLE_ELEMENTS, "a table")
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        4
    }

    fn memories(&self) -> usize {
        1
    }
}
