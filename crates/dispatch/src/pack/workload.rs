//! The typical tasks: what the tasks to come are taken to be like.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::pack::free::each_milli;
use crate::service::Needs;

/// Tasks of the same needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// What each needs. Memory does not count here: it is never what strands a GPU.
    pub needs: Needs,
    /// How many there are.
    pub count: u64,
}

/// Classes of tasks, the most popular first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    classes: Vec<Class>,
    typical: usize,
}

impl Workload {
    /// Counts tasks. The typical ones are the most popular classes that together make up `percent` of all tasks.
    pub fn count<'a>(tasks: impl IntoIterator<Item = &'a Needs>, percent: u8) -> Self {
        let mut counts = BTreeMap::<Needs, u64>::new();
        for task in tasks {
            let needs = Needs { memory_mib: 0, gpu_milli: each_milli(task), ..task.clone() };
            *counts.entry(needs).or_default() += 1;
        }
        let mut classes: Vec<_> = counts.into_iter().map(|(needs, count)| Class { needs, count }).collect();
        // Among equally many the larger first.
        classes.sort_by_key(|class| {
            Reverse((class.count, class.needs.cpu_milli, class.needs.gpu_milli, class.needs.gpus))
        });
        let all: u64 = classes.iter().map(|class| class.count).sum();
        let mut covered = 0;
        let within = classes.iter().take_while(|class| {
            let short = covered * 100 < all * u64::from(percent);
            covered += class.count;
            short
        });
        let typical = within.count();
        Workload { classes, typical }
    }

    /// All classes.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The typical ones.
    pub fn typical(&self) -> &[Class] {
        &self.classes[..self.typical]
    }
}
