//! What a job asks of its tier beyond the common terms, and what a machine is.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;
use mira_core::label::Label;
use mira_core::tier::Tier;

use crate::codec::{get, put};
use crate::config::MAX_SHARDS;

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

impl Service {
    /// Why a job of so many shards, one stage's, cannot ask this of a tier, if so.
    pub fn misfit(&self, tier: Tier, shards: u32) -> Option<String> {
        let stages = self.stages.len();
        if tier == Tier::Pipeline {
            if stages == 0 {
                return Some("a pipeline needs at least one stage after the first: name one, or use batch".into());
            }
            let all = shards_of(shards, stages);
            return (all > MAX_SHARDS).then(|| {
                format!(
                    "its {shards} inputs make {all} shards over all stages, more than {MAX_SHARDS}: cut larger shards"
                )
            });
        }
        let gang = self.gang;
        if stages > 0 {
            Some("it has stages, and only a pipeline has: submit it as a pipeline".into())
        } else if tier != Tier::Training {
            (gang > 0).then(|| format!("only training jobs have a gang, and this one is {tier}"))
        } else if gang == 0 {
            Some("a training job needs a gang of at least 1 member: set service.gang".into())
        } else if shards < u32::from(gang) {
            Some(format!("it has {shards} shards for a gang of {gang}: each member runs one of every {gang} shards"))
        } else {
            self.preemptible.then(|| "a gang cannot be preemptible: it stops as a whole or not at all".into())
        }
    }
}

/// Shards of all stages together.
pub(crate) fn shards_of(shards: u32, stages: usize) -> u32 {
    let stages = u32::try_from(stages).unwrap_or(u32::MAX).saturating_add(1);
    shards.saturating_mul(stages)
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
