//! What a job asks of its tier beyond the common terms, and what a machine is.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;
use mira_core::label::Label;

use crate::codec::{get, put};

/// What a job asks of its tier. The default asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Service {
    /// Interactive: the 95th percentile of the time to first token that it wants. Milliseconds.
    pub target_ms: Option<u32>,
    /// Training: how many members start together or not at all. 0 for none.
    pub gang: u16,
    /// Batch: whether its shards may be stopped and run again to make room for a gang.
    pub preemptible: bool,
    /// Pipeline: the stages after the first, in order. Each runs once over every output of the one before.
    pub stages: Vec<Stage>,
    /// What one slot of it needs of a machine.
    pub needs: Needs,
}

/// A later stage of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Stage {
    /// The program to run.
    pub module: Hash,
    /// Its size.
    pub bytes: u64,
}

/// What one slot needs of a machine. The default fits everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Needs {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    /// Memory. MiB.
    pub memory_mib: u32,
    /// Whole GPUs, or 1 of which `gpu_milli` is needed.
    pub gpus: u16,
    /// Thousandths of each GPU: 1,000 unless `gpus` is 1; 0 without any.
    pub gpu_milli: u16,
    /// Models that will do; empty means any.
    pub models: Vec<Model>,
}

/// A GPU model's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct Model(#[borsh(serialize_with = "put", deserialize_with = "get")] pub Label);

/// What a machine has.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Machine {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    /// Memory. MiB.
    pub memory_mib: u32,
    /// GPUs.
    pub gpus: u16,
    /// Their model.
    pub model: Option<Model>,
}
