//! The cost of a decision as tables, goals and a plot.

use super::engine;
use super::measure::{Cell, Run};
use super::subject::Kind;
use crate::report::goal::{self, Goal, Side};
use crate::report::plot::{self, Axis, Line, Scale};
use crate::report::table::Table;
use crate::report::{Plot, Section};
use crate::stats::Estimate;
use serde_json::json;

/// The size of the targets.
const TARGET_SIZE: usize = 100_000;
/// What ours may cost, in decisions of power of two choices: it looks at four times as many providers, at a dozen
/// fields of each, and leaves a record.
pub const RATIO_MOST: f64 = 40.0;

/// What a decision may grow by from the smallest network to the largest: caches are left behind, nothing else.
const GROWTH_MOST: f64 = 10.0;

/// Sums up. `overhead_ns` is what reading the clock costs.
///
/// # Errors
/// The plot cannot be drawn.
pub fn section(cells: &[Cell], engines: &[engine::Cell], overhead_ns: u64) -> anyhow::Result<Section> {
    let mut markdown = format!(
        "One core. A decision of ours is `Router::route`: the draw of eight, the choice, the count of what is in \
         flight, and the record from which it can be taken again. A baseline counts in flight in an array. The rate \
         is of the median of 400 batches of 500 decisions, after each of which all 500 end, untimed; the quantiles \
         are of decisions timed one by one, less the {overhead_ns} ns that reading the clock takes. Slots are taken with a chance of 0.7. Bytes: \
         what the process grows by while the router of that size is made.\n\n"
    );
    markdown += &table(cells).markdown();
    let plot = drawn(cells)?;
    markdown += &format!("\n![{}]({})\n", plot.shows, plot.file);
    markdown += &engine::report::markdown(engines);
    let goals: Vec<Goal> = goals(cells).into_iter().chain(engine::report::goals(engines)).collect();
    markdown += &format!("\n## Goals\n\n{}", goal::table(&goals, 2).markdown());
    let figures = json!({ "clock_ns": overhead_ns, "cells": cells, "engine": engines, "goals": goals });
    let findings = findings(cells).into_iter().chain(engine::report::findings(engines)).collect();
    Ok(Section { name: "decision", markdown, plots: vec![plot], figures, findings })
}

fn table(cells: &[Cell]) -> Table {
    let head = [
        "providers",
        "policy",
        "seeds",
        "decisions/s",
        "in a batch, ns",
        "p50, ns",
        "p99, ns",
        "p99.9, ns",
        "bytes/provider",
    ];
    let mut table = Table::new(&head);
    for cell in cells {
        let ns = |figure: fn(&Run) -> f64| cell.over(figure).text(0);
        table.row(vec![
            cell.providers.to_string(),
            cell.subject.name().to_owned(),
            cell.runs.len().to_string(),
            cell.over(per_second).text(0),
            ns(|run| run.batch_ns),
            ns(|run| run.p50_ns),
            ns(|run| run.p99_ns),
            ns(|run| run.p999_ns),
            cell.bytes.map(|bytes| format!("{bytes:.0}")).unwrap_or_default(),
        ]);
    }
    table
}

fn per_second(run: &Run) -> f64 {
    1e9 / run.batch_ns
}

fn find(cells: &[Cell], providers: usize, subject: Kind) -> Option<&Cell> {
    cells.iter().find(|cell| cell.providers == providers && cell.subject == subject)
}

/// For each seed, ours over power of two choices.
fn ratio(cells: &[Cell], providers: usize) -> Option<Estimate> {
    let (ours, two) = (find(cells, providers, Kind::Ours)?, find(cells, providers, Kind::PowerOfTwo)?);
    let ratios = ours.runs.iter().zip(&two.runs).map(|(ours, two)| ours.batch_ns / two.batch_ns);
    Some(Estimate::of(&ratios.collect::<Vec<f64>>()))
}

fn goals(cells: &[Cell]) -> Vec<Goal> {
    let mut goals = Vec::new();
    if let Some(ours) = find(cells, TARGET_SIZE, Kind::Ours) {
        let systems = "prototype 3.7; whole systems: kube-scheduler's floor 0.00081, Nomad 0.0015";
        let millions = ours.over(|run| per_second(run) / 1e6);
        goals.push(Goal::new("million decisions/s at 100,000 providers", systems, Side::AtLeast, 3.0, millions));
        let p99_us = ours.over(|run| run.p99_ns / 1e3);
        goals.push(Goal::new("p99 at 100,000 providers, µs,", "prototype 0.671", Side::AtMost, 1.0, p99_us));
    }
    if let Some(ratio) = ratio(cells, TARGET_SIZE) {
        goals.push(Goal::new("decisions of power of two that one of ours costs", "", Side::AtMost, RATIO_MOST, ratio));
    }
    let sizes: Vec<usize> = cells.iter().map(|cell| cell.providers).collect();
    let (least, most) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
    if let (Some(small), Some(large)) = (find(cells, least, Kind::Ours), find(cells, most, Kind::Ours)) {
        let growth = small.runs.iter().zip(&large.runs).map(|(small, large)| large.batch_ns / small.batch_ns);
        let what = format!("growth from {least} to {most} providers");
        let growth = Estimate::of(&growth.collect::<Vec<f64>>());
        goals.push(Goal::new(what, "a scan grows as the providers do", Side::AtMost, GROWTH_MOST, growth));
    }
    goals
}

fn findings(cells: &[Cell]) -> Vec<String> {
    let mut sizes: Vec<usize> = cells.iter().map(|cell| cell.providers).collect();
    sizes.dedup();
    let too_dear = |providers: usize| {
        let ratio = ratio(cells, providers)?.mean;
        let text =
            format!("at {providers} providers a decision of ours costs {ratio:.1} of power of two, over {RATIO_MOST}");
        (ratio > RATIO_MOST).then_some(text)
    };
    sizes.into_iter().filter_map(too_dear).collect()
}

fn drawn(cells: &[Cell]) -> anyhow::Result<Plot> {
    let line = |subject: Kind| Line {
        name: subject.name().to_owned(),
        points: (cells.iter().filter(|cell| cell.subject == subject))
            .map(|cell| (cell.providers as f64, cell.over(|run| run.batch_ns).mean))
            .collect(),
        bold: subject == Kind::Ours,
    };
    let shows = "Cost of a routing decision by the number of providers".to_owned();
    let x = Axis { name: "providers", scale: Scale::Log };
    let y = Axis { name: "in a batch, ns", scale: Scale::Log };
    let svg = plot::lines(&shows, &x, &y, &Kind::ALL.map(line))?;
    Ok(Plot { file: "decision.svg".to_owned(), shows, svg })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(providers: usize, subject: Kind, batch_ns: f64) -> Cell {
        let run = Run { batch_ns, p50_ns: batch_ns, p99_ns: 2.0 * batch_ns, p999_ns: 3.0 * batch_ns };
        Cell { providers, subject, runs: vec![run; 3], bytes: Some(250.0) }
    }

    #[test]
    fn what_fails_is_the_ratio_within_the_run() {
        let cells = |ours_ns| [cell(100_000, Kind::Ours, ours_ns), cell(100_000, Kind::PowerOfTwo, 20.0)];
        assert!(findings(&cells(799.0)).is_empty());
        assert_eq!(findings(&cells(801.0)).len(), 1);
        let reached = |ours_ns| goals(&cells(ours_ns)).iter().map(|goal| goal.reached).collect::<Vec<bool>>();
        // Rate, p99, ratio, growth.
        assert_eq!((reached(330.0), reached(900.0)), (vec![true; 4], vec![false, false, false, true]));
    }
}
