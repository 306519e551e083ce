//! A cluster where there is no trace: the same columns, kinds of nodes and tasks in about the published proportions.
//!
//! Kinds of nodes and their shares are those of the published cluster. Tasks are drawn from a short list of typical
//! ones: a third takes a part of a GPU, most others one, a few many, and one in eight none.

use mira_core::label::Label;
use mira_dispatch::service::{Machine, Model, Needs};

use super::Trace;
use crate::rng::Rng;

const STREAM: u64 = 0x6f70_656e;

/// Of 1,000 nodes: how many, cores, memory in GiB, GPUs, model.
const NODES: [(usize, u32, u32, u16, &str); 8] = [
    (453, 96, 384, 8, "g2"),
    (319, 104, 512, 2, "t4"),
    (106, 16, 120, 2, "p100"),
    (32, 128, 768, 8, "g3"),
    (23, 32, 128, 4, "v100m16"),
    (17, 96, 768, 8, "v100m32"),
    (30, 64, 256, 2, "p100"),
    (20, 8, 32, 1, "v100m16"),
];

/// Of 1,000 tasks: how many, cores in thousandths, memory in GiB, GPUs, thousandths.
const TASKS: [(usize, u32, u32, u16, u16); 16] = [
    (130, 3_152, 12, 1, 810),
    (92, 11_908, 24, 1, 470),
    (45, 8_000, 24, 1, 320),
    (35, 4_000, 16, 1, 230),
    (30, 11_908, 24, 1, 650),
    (18, 4_000, 12, 1, 160),
    (20, 6_000, 16, 1, 460),
    (230, 11_400, 48, 1, 1_000),
    (90, 3_152, 24, 1, 1_000),
    (80, 16_000, 64, 1, 1_000),
    (60, 8_000, 32, 1, 1_000),
    (31, 18_708, 64, 1, 1_000),
    (2, 16_200, 64, 2, 1_000),
    (2, 32_000, 128, 4, 1_000),
    (5, 88_000, 320, 8, 1_000),
    (130, 16_000, 32, 0, 0),
];

/// Draws so many nodes and tasks.
///
/// # Panics
/// Never: the names of the models are labels.
pub fn trace(seed: u64, nodes: usize, tasks: usize) -> Trace {
    let mut rng = Rng::new(seed, STREAM);
    let machine = |(_, cores, gib, gpus, model): &(usize, u32, u32, u16, &str)| Machine {
        cpu_milli: cores * 1_000,
        memory_mib: gib * 1_024,
        gpus: *gpus,
        model: Label::parse(model).ok().map(Model),
    };
    let needs = |(_, cpu_milli, gib, gpus, gpu_milli): &(usize, u32, u32, u16, u16)| Needs {
        cpu_milli: *cpu_milli,
        memory_mib: gib * 1_024,
        gpus: *gpus,
        gpu_milli: *gpu_milli,
        models: vec![],
    };
    let machines = (0..nodes).map(|_| machine(draw(&mut rng, &NODES, |kind| kind.0))).collect();
    let tasks = (0..tasks).map(|_| needs(draw(&mut rng, &TASKS, |kind| kind.0))).collect();
    Trace { machines, tasks }
}

fn draw<'a, T>(rng: &mut Rng, kinds: &'a [T], share: impl Fn(&T) -> usize) -> &'a T {
    let mut left = rng.below(kinds.iter().map(&share).sum());
    let mut last = 0;
    for (index, kind) in kinds.iter().enumerate() {
        last = index;
        if left < share(kind) {
            break;
        }
        left -= share(kind);
    }
    &kinds[last]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_are_of_a_thousand() {
        assert_eq!(NODES.iter().map(|kind| kind.0).sum::<usize>(), 1_000);
        assert_eq!(TASKS.iter().map(|kind| kind.0).sum::<usize>(), 1_000);
    }

    #[test]
    fn a_seed_repeats_and_the_proportions_hold() {
        let drawn = trace(1, 2_000, 8_000);
        assert_eq!(drawn, trace(1, 2_000, 8_000));
        let gpus: usize = drawn.machines.iter().map(|machine| usize::from(machine.gpus)).sum();
        assert!((4.8..5.6).contains(&(gpus as f64 / 2_000.0)), "{gpus}: 5.1 a node");
        let parts = drawn.tasks.iter().filter(|task| task.gpus == 1 && task.gpu_milli < 1_000).count();
        assert!((0.35..0.40).contains(&(parts as f64 / 8_000.0)), "{parts}");
    }
}
