//! A GPU cluster and its tasks, with the columns of openb and marginals like its: most nodes have two or eight GPUs,
//! most tasks take one GPU or a part of one.

use crate::rng::Rng;
use mira_core::label::Label;
use mira_dispatch::service::{Machine, Model, Needs};

const STREAM: u64 = 0x636c_7573;

/// Nodes of a kind: GPUs, thousandths of a core, MiB, model, and how many of 1,213.
const NODES: [(u16, u32, u32, &str, usize); 7] = [
    (8, 96_000, 393_216, "g2", 560),
    (2, 104_000, 524_288, "t4", 387),
    (2, 16_000, 122_880, "p100", 131),
    (8, 128_000, 786_432, "g3", 60),
    (4, 32_000, 131_072, "v100m16", 28),
    (4, 96_000, 393_216, "v100m32", 26),
    (1, 8_000, 32_768, "v100m16", 21),
];

/// Tasks of a kind: GPUs, thousandths of each, and how many of 1,000.
const TASKS: [(u16, u16, usize); 12] = [
    (1, 1_000, 480),
    (0, 0, 133),
    (1, 810, 132),
    (1, 470, 92),
    (1, 320, 40),
    (1, 650, 31),
    (1, 460, 24),
    (1, 230, 25),
    (1, 590, 18),
    (1, 160, 16),
    (8, 1_000, 5),
    (2, 1_000, 4),
];

/// Cores and memory of a task: thousandths, MiB, and how many of 100.
const SIZES: [(u32, u32, usize); 8] = [
    (11_300, 49_152, 24),
    (3_152, 5_600, 20),
    (11_908, 47_104, 12),
    (8_000, 30_517, 12),
    (12_500, 57_344, 10),
    (4_000, 22_888, 10),
    (18_708, 64_512, 6),
    (16_000, 32_768, 6),
];

/// Draws the nodes of openb's size and this many tasks.
pub fn cluster(seed: u64, tasks: usize) -> (Vec<Machine>, Vec<Needs>) {
    let mut rng = Rng::new(seed, STREAM);
    let node = |(gpus, cpu_milli, memory_mib, model, count): &(u16, u32, u32, &str, usize)| {
        let model = Label::parse(model).ok().map(Model);
        vec![Machine { cpu_milli: *cpu_milli, memory_mib: *memory_mib, gpus: *gpus, model }; *count]
    };
    let mut machines: Vec<Machine> = NODES.iter().flat_map(node).collect();
    rng.shuffle(&mut machines);
    let task = |_| {
        let (gpus, gpu_milli, _) = TASKS[drawn(&mut rng, &TASKS.map(|(.., weight)| weight))];
        let (cpu_milli, memory_mib, _) = SIZES[drawn(&mut rng, &SIZES.map(|(.., weight)| weight))];
        let whole = u32::from(gpus.max(1));
        // No more than the smallest node with as many GPUs has.
        let (cpu_milli, memory_mib) = ((cpu_milli * whole).min(96_000), (memory_mib * whole).min(393_216));
        Needs { cpu_milli, memory_mib, gpus, gpu_milli, models: Vec::new() }
    };
    (machines, (0..tasks).map(task).collect())
}

/// An index, each with the chance of its weight.
fn drawn(rng: &mut Rng, weights: &[usize]) -> usize {
    let mut left = rng.below(weights.iter().sum());
    weights
        .iter()
        .position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cluster_is_of_openbs_size() {
        let (machines, tasks) = cluster(1, 8_152);
        let gpus: u32 = machines.iter().map(|machine| u32::from(machine.gpus)).sum();
        // openb: 1,213 nodes with 6,212 GPUs.
        assert_eq!(machines.len(), 1_213);
        assert!(gpus.abs_diff(6_212) < 62, "{gpus}");
        let of = |test: fn(&Needs) -> bool| tasks.iter().filter(|task| test(task)).count() as f64 / 8_152.0;
        assert!((of(|task| task.gpus == 0) - 0.133).abs() < 0.02);
        assert!((of(|task| task.gpu_milli == 1_000) - 0.489).abs() < 0.02);
        assert!((of(|task| task.gpu_milli == 810) - 0.132).abs() < 0.02);
        // Each fits somewhere.
        assert!(tasks.iter().all(|task| machines.iter().any(|machine| {
            task.gpus <= machine.gpus && task.cpu_milli <= machine.cpu_milli && task.memory_mib <= machine.memory_mib
        })));
    }

    #[test]
    fn weights_are_chances() {
        let mut rng = Rng::new(1, 0);
        let mut counts = [0_u32; 3];
        (0..10_000).for_each(|_| counts[drawn(&mut rng, &[1, 0, 3])] += 1);
        assert!(counts[1] == 0 && counts[0].abs_diff(2_500) < 200, "{counts:?}");
    }
}
