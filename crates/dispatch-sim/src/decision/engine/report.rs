//! The engine's costs as a table and goals, and the growth that fails a run.

use super::{Cell, JOBS, Run};
use crate::report::goal::{Goal, Side};
use crate::report::table::Table;
use crate::stats::Estimate;

/// The size of the targets.
const TARGET_SIZE: usize = 100_000;
/// What an input's median may grow by from the smallest network to the largest: trees get deeper and caches are left
/// behind. What looks at every provider grows a hundredfold.
pub const GROWTH_MOST: f64 = 12.0;

/// A figure of a run.
type Figure = fn(&Run) -> f64;

/// What is timed, as a growth is named.
const TIMED: [(&str, Figure); 3] = [
    ("placing a job", |run| run.place.p50_ns),
    ("a pull", |run| run.pull.p50_ns),
    ("a pass of the slow path", |run| run.pass.p50_ns),
];

/// The table with what it shows.
pub fn markdown(cells: &[Cell]) -> String {
    let text = "Inputs through `Engine::step`, on one core: `Place` of a batch job of 32 shards, `Pull` by providers with leases of \
                running jobs of 64 shards, and the `Tick` at which the slow path looks at the markets, after 50 of the \
                first and 100 of the second. Rates are of the median of 60 such rounds, quantiles of one input: a placed job gets \
                three leases. Writing inputs down is not part of it.\n\n";
    format!("\n## Through the engine\n\n{text}{}", table(cells).markdown())
}

fn table(cells: &[Cell]) -> Table {
    let head = [
        "providers",
        "jobs",
        "seeds",
        "leases/s",
        "a job p50, µs",
        "p99, µs",
        "pulls/s",
        "a pull p50, µs",
        "p99, µs",
        "a pass p50, µs",
        "p99, µs",
    ];
    let mut table = Table::new(&head);
    for cell in cells {
        let us = |figure: Figure| cell.over(|run| figure(run) / 1e3).text(1);
        table.row(vec![
            cell.providers.to_string(),
            cell.jobs.to_string(),
            cell.runs.len().to_string(),
            cell.over(|run| run.place.per_second).text(0),
            us(|run| run.place.p50_ns),
            us(|run| run.place.p99_ns),
            cell.over(|run| run.pull.per_second).text(0),
            us(|run| run.pull.p50_ns),
            us(|run| run.pull.p99_ns),
            us(|run| run.pass.p50_ns),
            us(|run| run.pass.p99_ns),
        ]);
    }
    table
}

/// The rate that was aimed at, and growth with the network.
pub fn goals(cells: &[Cell]) -> Vec<Goal> {
    let at_target = cells.iter().filter(|cell| cell.providers == TARGET_SIZE);
    let rates = at_target.map(|cell| {
        let what = format!("thousand leases/s through the engine, {} providers, {} jobs", cell.providers, cell.jobs);
        let measured = cell.over(|run| run.place.per_second / 1e3);
        Goal::new(what, "choosing a machine alone 500", Side::AtLeast, 100.0, measured)
    });
    let growths = growths(cells).map(|(what, growth)| {
        Goal::new(format!("growth of {what}"), "a scan grows as the providers do", Side::AtMost, GROWTH_MOST, growth)
    });
    rates.chain(growths).collect()
}

/// Growth beyond the bound, one line each.
pub fn findings(cells: &[Cell]) -> Vec<String> {
    let over = growths(cells).filter(|(_, growth)| growth.mean > GROWTH_MOST);
    over.map(|(what, growth)| format!("{what} grows {:.1} times, over {GROWTH_MOST}", growth.mean)).collect()
}

/// For each number of jobs and kind of input, the largest network's median over the smallest one's.
fn growths(cells: &[Cell]) -> impl Iterator<Item = (String, Estimate)> {
    JOBS.into_iter().flat_map(move |jobs| {
        let of = || cells.iter().filter(move |cell| cell.jobs == jobs);
        let ends = of().min_by_key(|cell| cell.providers).zip(of().max_by_key(|cell| cell.providers));
        ends.filter(|(least, most)| least.providers < most.providers).into_iter().flat_map(move |(least, most)| {
            TIMED.map(|(what, figure)| {
                let ratios = least.runs.iter().zip(&most.runs).map(|(small, large)| figure(large) / figure(small));
                let what = format!("{what} from {} to {} providers, {jobs} jobs", least.providers, most.providers);
                (what, Estimate::of(&ratios.collect::<Vec<f64>>()))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::Timed;
    use super::*;

    fn cell(providers: usize, pass_ns: f64) -> Cell {
        let timed = |ns: f64| Timed { per_second: 3e9 / ns, p50_ns: ns, p99_ns: 2.0 * ns };
        let run = Run { place: timed(20_000.0), pull: timed(2_000.0), pass: timed(pass_ns) };
        Cell { providers, jobs: 10, runs: vec![run; 3] }
    }

    #[test]
    fn what_fails_is_growth_within_the_run() {
        let cells = |pass_ns| [cell(1_000, 50_000.0), cell(10_000, 1e9), cell(100_000, pass_ns)];
        assert!(findings(&cells(599_000.0)).is_empty(), "the smallest and the largest are compared");
        let found = findings(&cells(610_000.0));
        assert!(found.len() == 1 && found[0].starts_with("a pass of the slow path from 1000 to 100000"), "{found:?}");
        assert!(findings(&cells(1e9)[..1]).is_empty(), "one size does not grow");
    }

    #[test]
    fn goals_are_the_rate_and_the_growths() {
        let goals = goals(&[cell(1_000, 50_000.0), cell(100_000, 610_000.0)]);
        assert_eq!(goals.iter().map(|goal| goal.reached).collect::<Vec<bool>>(), [true, true, true, false]);
        assert!((goals[0].measured.mean - 150.0).abs() < 1e-9);
    }
}
