//! What a provider's machine has promised: one slot's needs for each lease and each proposal of a job that states
//! them. What is left is computed from that, so that it cannot drift from it.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::pack::free::{Free, each_milli, shares};
use crate::service::{Machine, Needs};

/// Who was promised a part of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Holder {
    /// A proposal: its job and number.
    Proposal(Key, u64),
    /// A lease.
    Lease(Key),
}

/// What a machine has promised.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Holds(BTreeMap<Holder, Hold>);

#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
struct Hold {
    needs: Needs,
    gpus: Vec<u16>,
}

impl Holds {
    /// What the machine has left.
    pub fn free(&self, machine: &Machine) -> Free {
        let mut free = Free::of(machine);
        self.0.values().for_each(|hold| free.take(&hold.needs, &hold.gpus));
        free
    }

    /// Promises one slot, on the GPUs that it leaves the least of. A promise stands even if the machine is said to be
    /// smaller than it was: then nothing is left.
    pub(crate) fn take(&mut self, machine: Option<&Machine>, holder: Holder, needs: &Needs) {
        if *needs == Needs::default() {
            return;
        }
        let gpus = machine.map_or_else(Vec::new, |machine| tightest(&self.free(machine), needs));
        self.0.insert(holder, Hold { needs: needs.clone(), gpus });
    }

    /// Ends a promise.
    pub(crate) fn release(&mut self, holder: Holder) {
        self.0.remove(&holder);
    }
}

fn tightest(free: &Free, needs: &Needs) -> Vec<u16> {
    if !shares(needs) {
        return free.first_gpus(needs);
    }
    let roomy = (0u16..).zip(&free.gpus).filter(|(_, milli)| **milli >= each_milli(needs));
    roomy.min_by_key(|(_, milli)| **milli).map(|(gpu, _)| gpu).into_iter().collect()
}

#[cfg(test)]
mod tests;
