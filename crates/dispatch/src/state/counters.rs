//! How many decisions were taken for each spec. A decision is named by its spec and its number, so a number is
//! never given twice.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Hash;

/// The numbers of decisions.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(crate) struct Counters {
    specs: BTreeMap<Hash, Counter>,
    /// The first number that no forgotten spec had: a spec that is not known may be one of them.
    floor: u64,
}

#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
struct Counter {
    next: u64,
    /// Jobs of this spec.
    jobs: u32,
}

impl Counters {
    /// The number of a spec's next decision.
    pub(crate) fn next(&self, spec: &Hash) -> u64 {
        self.specs.get(spec).map_or(self.floor, |counter| counter.next)
    }

    /// A decision was taken.
    pub(crate) fn count(&mut self, spec: &Hash) {
        if let Some(counter) = self.specs.get_mut(spec) {
            counter.next = counter.next.saturating_add(1);
        }
    }

    /// A job of a spec came.
    pub(crate) fn enter(&mut self, spec: &Hash) {
        let counter = self.specs.entry(*spec).or_insert(Counter { next: self.floor, jobs: 0 });
        counter.jobs = counter.jobs.saturating_add(1);
    }

    /// A job of a spec is forgotten, and with the last one the spec.
    pub(crate) fn leave(&mut self, spec: &Hash) {
        let Some(counter) = self.specs.get_mut(spec) else { return };
        counter.jobs = counter.jobs.saturating_sub(1);
        if counter.jobs == 0 {
            self.floor = self.floor.max(counter.next);
            self.specs.remove(spec);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_spec_goes_on_while_a_job_of_it_is_known() {
        let mut counters = Counters::default();
        let spec = [1; 32];
        counters.enter(&spec);
        counters.enter(&spec);
        counters.count(&spec);
        counters.leave(&spec);
        assert_eq!(counters.next(&spec), 1);
        assert_eq!(counters.next(&[2; 32]), 0, "nothing is forgotten yet");
    }

    #[test]
    fn no_number_is_given_twice() {
        let (mut counters, mut given) = (Counters::default(), BTreeSet::new());
        for round in 0..200u8 {
            let spec = [round % 7; 32];
            counters.enter(&spec);
            for _ in 0..round % 5 {
                assert!(given.insert((spec, counters.next(&spec))), "round {round}");
                counters.count(&spec);
            }
            if round % 3 > 0 {
                counters.leave(&spec);
            }
        }
        assert!(counters.specs.len() <= 7);
    }
}
