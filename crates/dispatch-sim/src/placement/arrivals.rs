//! The order of tasks and nodes in one run.

use mira_dispatch::service::{Machine, Needs};

use crate::rng::Rng;
use crate::trace::openb::Trace;

const STREAM_TASKS: u64 = 1;
const STREAM_NODES: u64 = 2;

/// One run's input.
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// The nodes, in the order in which ties are broken: fixed for the run, as it was published.
    pub machines: Vec<Machine>,
    /// The tasks, as they arrive.
    pub tasks: Vec<Needs>,
    /// Its seed.
    pub seed: u64,
}

impl Arrivals {
    /// Tasks that ask for `load` percent of all GPUs: the trace's in random order, without some of them if they are
    /// too many, and with more of them drawn again after them if they are too few.
    pub fn draw(trace: &Trace, load: u32, seed: u64) -> Self {
        let mut rng = Rng::new(seed, STREAM_TASKS);
        let mut tasks = trace.tasks.clone();
        rng.shuffle(&mut tasks);
        let most = gpu_milli_of(&trace.machines) * u64::from(load) / 100;
        let mut asked: u64 = tasks.iter().map(asked_milli).sum();
        if asked > most {
            while asked > most && !tasks.is_empty() {
                asked -= asked_milli(&tasks.remove(rng.below(tasks.len())));
            }
        } else if trace.tasks.iter().any(|task| task.gpus > 0) {
            loop {
                let task = &trace.tasks[rng.below(trace.tasks.len())];
                // As published: a task of several GPUs may go beyond.
                if asked + u64::from(task.gpu_milli) > most {
                    break;
                }
                asked += asked_milli(task);
                tasks.push(task.clone());
            }
        }
        let mut machines = trace.machines.clone();
        Rng::new(seed, STREAM_NODES).shuffle(&mut machines);
        Arrivals { machines, tasks, seed }
    }

    /// All GPUs, in thousandths.
    pub fn gpu_milli(&self) -> u64 {
        gpu_milli_of(&self.machines)
    }
}

/// What a task asks for: thousandths of GPUs, all together.
pub fn asked_milli(task: &Needs) -> u64 {
    u64::from(task.gpus) * u64::from(task.gpu_milli)
}

fn gpu_milli_of(machines: &[Machine]) -> u64 {
    machines.iter().map(|machine| u64::from(machine.gpus) * 1_000).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::openb::synthetic;

    #[test]
    fn the_load_is_reached_from_below_and_from_above() {
        for (nodes, tasks) in [(200, 300), (20, 3_000)] {
            let trace = synthetic::trace(1, nodes, tasks);
            let run = Arrivals::draw(&trace, 130, 7);
            let asked: u64 = run.tasks.iter().map(asked_milli).sum();
            let load = asked as f64 / run.gpu_milli() as f64;
            assert!((1.25..=1.3 + 8_000.0 / run.gpu_milli() as f64).contains(&load), "{load}");
            assert_eq!(run.tasks.len() > tasks, nodes > 100, "more are drawn, or some are left out");
        }
    }

    #[test]
    fn a_seed_repeats() {
        let trace = synthetic::trace(1, 20, 300);
        let order = |seed| Arrivals::draw(&trace, 130, seed).tasks;
        assert!(order(1) == order(1) && order(1) != order(2));
    }
}
