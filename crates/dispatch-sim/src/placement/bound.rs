//! What no policy can exceed, whatever it refuses: a linear program over kinds of nodes and kinds of tasks. It is loose
//! where so much is asked for that the best tasks alone fill the cluster: a policy that refuses nothing that fits must
//! take the others too.
//!
//! Variables: how many tasks of a kind run on nodes of a kind, fractions allowed, never more than arrive. Each kind of
//! node has its cores and its GPUs. The GPUs are counted once as they are, and once for each size of task above one
//! half, with what is left beside that size: for λ ≤ 500, a GPU cannot hold more than one task above 1,000 - λ, and
//! beside it only tasks below λ; so tasks above 1,000 - λ count as whole and tasks below λ as nothing, and the sum is
//! still at most the GPU (a dual feasible function, Martello and Toth 1990). Every run satisfies all of that, so the
//! optimum bounds every run.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};
use mira_dispatch::pack::free::each_milli;
use mira_dispatch::service::{Machine, Model, Needs};

use super::arrivals::{Arrivals, asked_milli};

/// The most GPU that could be allocated. Percent of all GPUs.
///
/// # Errors
/// The program cannot be solved: it is always feasible and bounded, so this is a fault of the solver.
pub fn allocation(run: &Arrivals) -> anyhow::Result<f64> {
    let (nodes, tasks) = (kinds_of_nodes(run), kinds_of_tasks(run));
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut arrived = vec![LinearExpr::empty(); tasks.len()];
    let mut placed: Vec<(&Needs, usize, Variable)> = Vec::new();
    for (node, (machine, _)) in nodes.iter().enumerate() {
        for (kind, (task, count)) in tasks.iter().enumerate().filter(|(_, (task, _))| fits(machine, task)) {
            let variable = problem.add_var(asked_milli(task) as f64 / 1_000.0, (0.0, *count));
            arrived[kind].add(variable, 1.0);
            placed.push((task, node, variable));
        }
    }
    for (expression, (_, count)) in arrived.into_iter().zip(&tasks) {
        problem.add_constraint(expression, ComparisonOp::Le, *count);
    }
    let lambdas = lambdas(&tasks);
    for (node, (machine, count)) in nodes.iter().enumerate() {
        let here = || placed.iter().filter(|(_, at, _)| *at == node);
        let sum = |value: &dyn Fn(&Needs) -> f64| {
            let mut expression = LinearExpr::empty();
            here().for_each(|(task, _, variable)| expression.add(*variable, value(task)));
            expression
        };
        let cores = sum(&|task| f64::from(task.cpu_milli) / 1_000.0);
        problem.add_constraint(cores, ComparisonOp::Le, f64::from(machine.cpu_milli) / 1_000.0 * count);
        for lambda in &lambdas {
            let gpus = sum(&|task| f64::from(task.gpus) * counted(each_milli(task), *lambda));
            problem.add_constraint(gpus, ComparisonOp::Le, f64::from(machine.gpus) * count);
        }
    }
    let SolveOutcome::Solution(solution) = problem.solve().context("the bound's linear program")? else {
        bail!("the bound's linear program was given up");
    };
    Ok(solution.objective() * 100_000.0 / run.gpu_milli() as f64)
}

/// How much of a GPU a size counts, given λ. Both in thousandths; 0 counts sizes as they are.
fn counted(size: u16, lambda: u16) -> f64 {
    if size > 1_000 - lambda {
        1.0
    } else if size < lambda {
        0.0
    } else {
        f64::from(size) / 1_000.0
    }
}

/// One for each size above one half, just large enough that it counts as whole; and 0.
fn lambdas(tasks: &[(Needs, f64)]) -> Vec<u16> {
    let above_half = tasks.iter().map(|(task, _)| each_milli(task)).filter(|size| *size > 500 && *size < 1_000);
    let mut lambdas: Vec<_> = above_half.map(|size| 1_001 - size).chain([0]).collect();
    lambdas.sort_unstable();
    lambdas.dedup();
    lambdas
}

fn fits(machine: &Machine, task: &Needs) -> bool {
    let model = task.models.is_empty() || machine.model.is_some_and(|model| task.models.contains(&model));
    task.cpu_milli <= machine.cpu_milli && task.gpus <= machine.gpus && (task.gpus == 0 || model)
}

fn kinds_of_nodes(run: &Arrivals) -> Vec<(Machine, f64)> {
    let mut kinds = BTreeMap::<(u32, u16, Option<Model>), (Machine, f64)>::new();
    for machine in &run.machines {
        let kind = (machine.cpu_milli, machine.gpus, machine.model);
        kinds.entry(kind).or_insert_with(|| (machine.clone(), 0.0)).1 += 1.0;
    }
    kinds.into_values().collect()
}

/// Memory is left out, which only raises the bound.
fn kinds_of_tasks(run: &Arrivals) -> Vec<(Needs, f64)> {
    let mut kinds = BTreeMap::<Needs, f64>::new();
    for task in &run.tasks {
        *kinds.entry(Needs { memory_mib: 0, ..task.clone() }).or_default() += 1.0;
    }
    kinds.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(cpu_milli: u32, tasks: &[(u32, u16, u16, usize)]) -> Arrivals {
        let machines = vec![Machine { cpu_milli, memory_mib: 1, gpus: 2, model: None }; 5];
        let task = |cpu_milli, gpus, gpu_milli| Needs { cpu_milli, gpus, gpu_milli, ..Needs::default() };
        let many = |(cpu, gpus, milli, count): &(u32, u16, u16, usize)| vec![task(*cpu, *gpus, *milli); *count];
        Arrivals { machines, tasks: tasks.iter().flat_map(many).collect(), seed: 0 }
    }

    fn bound(cpu_milli: u32, tasks: &[(u32, u16, u16, usize)]) -> f64 {
        (allocation(&run(cpu_milli, tasks)).unwrap() * 1e6).round() / 1e6
    }

    #[test]
    fn each_limit_binds() {
        assert_eq!(bound(100_000, &[(1, 1, 1_000, 4)]), 40.0, "what arrives");
        assert_eq!(bound(100_000, &[(1, 1, 1_000, 40)]), 100.0, "the GPUs");
        assert_eq!(bound(1_000, &[(1_000, 1, 1_000, 40)]), 50.0, "the cores");
        assert_eq!(bound(100_000, &[(1, 1, 810, 40)]), 81.0, "what is left beside a large part");
        assert_eq!(bound(100_000, &[(1, 1, 810, 40), (1, 1, 190, 5)]), 90.5, "unless something fills it");
    }
}
