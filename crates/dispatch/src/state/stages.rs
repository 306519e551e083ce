//! The stages of a job: how its shards are numbered, and where a later stage's module and input come from.
//!
//! A job of `n` inputs and `s` stages after the first has `n × (1 + s)` shards: number `k × n + i` is stage `k`
//! over input `i`, so that the first stage keeps the numbers of the specification. Its input is the output of
//! number `(k − 1) × n + i`; until there is one it neither waits in the queue nor runs.

use mira_core::{Hash, Key};

use crate::state::job::Job;
use crate::state::shard::End;

impl Job {
    /// Shards of one stage.
    pub fn width(&self) -> u32 {
        u32::try_from(self.terms.shards.len()).unwrap_or(u32::MAX)
    }

    /// Which stage a shard is of, from 0.
    pub fn stage(&self, index: u32) -> u32 {
        index.checked_div(self.width()).unwrap_or(0)
    }

    /// The shard whose output is this one's input.
    pub fn source(&self, index: u32) -> Option<u32> {
        index.checked_sub(self.width())
    }

    /// The shard of the next stage that waits for this one's output.
    pub fn next(&self, index: u32) -> Option<u32> {
        index.checked_add(self.width()).filter(|next| *next < self.total())
    }

    /// The program that a shard runs.
    pub fn module(&self, index: u32) -> Hash {
        let later = usize::try_from(self.stage(index)).ok().and_then(|stage| stage.checked_sub(1));
        later.and_then(|stage| self.terms.service.stages.get(stage)).map_or(self.terms.module, |stage| stage.module)
    }

    /// The content hash of a shard's input, once it exists.
    pub fn input(&self, index: u32) -> Option<Hash> {
        match self.source(index) {
            None => self.terms.shards.get(usize::try_from(index).ok()?).map(|shard| shard.input),
            Some(source) => match &self.shard(source)?.end {
                Some(End::Done { output, .. }) => Some(*output),
                _ => None,
            },
        }
    }

    /// Who produced a shard's input, and under which lease.
    pub(crate) fn producer(&self, index: u32) -> Option<(Key, Key)> {
        match &self.shard(self.source(index)?)?.end {
            Some(End::Done { provider, lease, .. }) => Some((*provider, *lease)),
            _ => None,
        }
    }
}
