//! The comparison as tables, goals and plots.

use super::compare::Cell;
use super::model::Model;
use super::policy::{Kind, ours};
use super::summary::{QUANTILES, Summary};
use crate::report::goal::{self, Goal, Side};
use crate::report::plot::{self, Axis, Line, Scale};
use crate::report::table::Table;
use crate::report::{Plot, Section};
use serde_json::json;

/// Sums up a comparison. `source` says where the traces are from.
///
/// # Errors
/// A plot cannot be drawn.
pub fn section(model: &Model, source: &str, cells: &[Cell]) -> anyhow::Result<Section> {
    let mut markdown = format!("{source}\n\n{}\n{}", published(model), tuned());
    let (mut plots, mut loads) = (Vec::new(), Vec::new());
    for cell in cells {
        if loads.last() != Some(&cell.load) {
            loads.push(cell.load);
        }
    }
    for load in loads {
        let at_load: Vec<&Cell> = cells.iter().filter(|cell| cell.load.total_cmp(&load).is_eq()).collect();
        markdown += &format!("\n## Load {:.0} %\n\n{}", load * 100.0, table(&at_load).markdown());
        let plot = drawn(load, &at_load)?;
        markdown += &format!("\n![{}]({})\n", plot.shows, plot.file);
        plots.push(plot);
        markdown += &format!("\np99.9 by seed, s:\n\n{}", by_seed(&at_load).markdown());
    }
    let goals = goals(cells);
    markdown += &format!("\n## Goals\n\n{}", goal::table(&goals, 3).markdown());
    let figures = json!({ "model": model, "source": source, "cells": cells, "goals": goals });
    Ok(Section { name: "interactive", markdown, plots, figures, findings: findings(cells) })
}

/// How the router is tuned, in words.
fn tuned() -> String {
    let config = ours::config();
    format!(
        "Ours is the service's router: up to {} draws of {}, a second attempt at the {}th percentile of the time to \
         first token with a budget of {} % (at once and without one where the first found no free slot; a hedge all \
         the same), the median price counts as much as {} ms. Peak-EWMA, Livepeer's weights and cheapest first choose \
         among providers with a free slot while there are any. *One queue* keeps what finds none at the dispatcher, in \
         order of arrival, and knows when each provider is slow: it is what late binding could do at best, and no \
         bound, because who knew how long requests are could let some of them wait for the others. The *bound* has no \
         queue at all, so it does not know that slots are few.\n",
        config.rounds,
        config.draw,
        config.hedge_quantile_percent,
        f64::from(config.hedge_budget_ppm) / 1e4,
        config.price_weight_ppm / 1_000
    )
}

/// The model in words.
fn published(model: &Model) -> String {
    let Model { providers, slots, owners, fronts, requests, .. } = model;
    format!(
        "{providers} providers with {slots} slots each, of {owners} owners (share of the n-th like n^−{}), placed on \
         random hosts of the matrix; requests come in at {fronts} other ones. About {requests} requests a run, the \
         first {:.0} % not measured; the trace is played {}× as fast, as many times at once, each from another \
         request on, as the load needs. A request holds a slot for {} ms + {} µs for each token of context (then its \
         first token is written) + {} ms for each further token; what finds no slot waits in order of arrival. A \
         provider is {}× slow for {} % of the time, in periods of {} s in the mean (exponential). Prices are \
         log-normal (σ {}), requests pay up to {}× the median. A message takes half a round trip.\n\n\
         Load is offered work over all slots at full speed. *Attainment*: first token within {} s. *Waste*: slot \
         time of attempts that were called off. *Largest share*: of all requests, by one owner; *of its bound*: the \
         most that any owner's share is of max(2 × its slots' share, 1 %). *Cost*: what was paid, called-off \
         attempts included, over the price of the cheapest slots that could hold the load.\n",
        model.owner_exponent,
        model.warm_up * 100.0,
        model.speed_up,
        model.prefill_base_us / 1_000,
        model.prefill_us_per_token,
        model.decode_us_per_token / 1_000,
        model.slow_factor,
        model.slow_share * 100.0,
        model.slow_mean_us / 1e6,
        model.price_sigma,
        model.price_cap / 1_000_000,
        model.target_us as f64 / 1e6,
    )
}

/// A column: its name, its figure, and decimals.
type Column = (&'static str, fn(&Summary) -> f64, usize);

/// How many of the columns are about time.
const TIMES: usize = 4;

const COLUMNS: [Column; 10] = [
    ("p50, s", |of| of.p50_s, 3),
    ("p99, s", |of| of.p99_s, 3),
    ("p99.9, s", |of| of.p999_s, 3),
    ("attainment, %", |of| of.attainment * 100.0, 2),
    ("hedges, %", |of| of.hedges * 100.0, 2),
    ("waste, %", |of| of.wasted * 100.0, 3),
    ("largest share, %", |of| of.largest_share * 100.0, 1),
    ("of its bound", |of| of.share_of_bound, 2),
    ("cost", |of| of.cost, 3),
    ("over the price cap", |of| of.breaches as f64, 0),
];

fn table(cells: &[&Cell]) -> Table {
    let mut head = vec!["policy", "reference p99.9, s", "seeds"];
    head.extend(COLUMNS.iter().map(|(name, ..)| *name));
    let mut table = Table::new(&head);
    for cell in cells {
        let mut row = vec![cell.policy.name().to_owned(), reference(cell), cell.runs.len().to_string()];
        row.extend(COLUMNS.iter().enumerate().map(|(column, (_, figure, decimals))| match cell.policy {
            // The nearest provider has room for everything there: what it pays and who gets it means nothing.
            Kind::Bound if column >= TIMES => "–".to_owned(),
            _ => cell.over(figure).text(*decimals),
        }));
        table.row(row);
    }
    table
}

/// The policies whose tail is shown by seed: where one queue waits too, there were too few slots for a while.
const BY_SEED: [Kind; 4] = [Kind::LeastInFlight, Kind::OneQueue, Kind::Bound, Kind::Ours];

/// Seeds are counted from the first of the run.
fn by_seed(cells: &[&Cell]) -> Table {
    let runs = cells.iter().map(|cell| cell.runs.len()).max().unwrap_or(0);
    let seeds: Vec<String> = (1..=runs).map(|run| format!("{run}.")).collect();
    let mut head = vec!["policy"];
    head.extend(seeds.iter().map(String::as_str));
    let mut table = Table::new(&head);
    for cell in cells.iter().filter(|cell| BY_SEED.contains(&cell.policy)) {
        let mut row = vec![cell.policy.name().to_owned()];
        row.extend(cell.runs.iter().map(|run| format!("{:.3}", run.p999_s)));
        table.row(row);
    }
    table
}

/// What an earlier prototype measured on a model of its own with the same traces: p99.9 in seconds.
fn reference(cell: &Cell) -> String {
    const MEASURED: [(Kind, &str, &str); 4] = [
        (Kind::PowerOfTwo, "7.45", "16.5"),
        (Kind::PeakEwma, "3.5", "5.4"),
        (Kind::LeastInFlight, "3.0", "2.9"),
        (Kind::Bound, "0.40", "0.40"),
    ];
    let known = MEASURED.iter().find(|(kind, ..)| *kind == cell.policy);
    match (known, percent(cell.load)) {
        (Some((_, at, _)), 70) | (Some((_, _, at)), 85) => (*at).to_owned(),
        _ => String::new(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a load is a small number")]
fn percent(load: f64) -> u32 {
    (load * 100.0).round() as u32
}

/// The targets of the design, at each load that has one.
fn goals(cells: &[Cell]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for ours in cells.iter().filter(|cell| cell.policy == Kind::Ours) {
        let load = percent(ours.load);
        let (reach, least) = match load {
            70 => (1.0, "least in flight 3.0"),
            85 => (1.2, "least in flight 2.9"),
            _ => continue,
        };
        let mut add = |what: &str, reference: &str, target: f64, figure: fn(&Summary) -> f64| {
            goals.push(Goal::new(format!("{what} at {load} %"), reference, Side::AtMost, target, ours.over(figure)));
        };
        add("p99.9 time to first token, s,", least, reach, |of| of.p999_s);
        add("hedges, %,", "", 2.5, |of| of.hedges * 100.0);
        add("waste, %,", "", 0.5, |of| of.wasted * 100.0);
        add("cost over cheapest feasible", "", 1.35, |of| of.cost);
        add("largest share of its bound", "", 1.0, |of| of.share_of_bound);
        add("attempts over the price cap", "", 0.0, |of| of.breaches as f64);
    }
    goals
}

/// Where ours is worse than the best baseline in the same run, or takes more than an owner may get.
fn findings(cells: &[Cell]) -> Vec<String> {
    let mut findings = Vec::new();
    for ours in cells.iter().filter(|cell| cell.policy == Kind::Ours) {
        let same = |cell: &&Cell| cell.load.total_cmp(&ours.load).is_eq() && cell.policy == Kind::LeastInFlight;
        let Some(least) = cells.iter().find(same) else { continue };
        let (ours_s, least_s) = (ours.over(|of| of.p999_s).mean, least.over(|of| of.p999_s).mean);
        if ours_s > least_s {
            let load = percent(ours.load);
            findings.push(format!("p99.9 at {load} % is {ours_s:.3} s, above that of least in flight, {least_s:.3} s"));
        }
        let breaches: u64 = ours.runs.iter().map(|of| of.breaches).sum();
        if breaches > 0 {
            findings.push(format!("{breaches} attempts went to providers dearer than the request pays"));
        }
    }
    findings
}

fn drawn(load: f64, cells: &[&Cell]) -> anyhow::Result<Plot> {
    let line = |cell: &&Cell| Line {
        name: cell.policy.name().to_owned(),
        points: (QUANTILES.iter().enumerate())
            .map(|(index, quantile)| (1.0 / (1.0 - quantile), cell.over(|of| of.quantiles_s[index]).mean))
            .collect(),
        bold: cell.policy == Kind::Ours,
    };
    let shows = format!("Time to first token at {} % load, by quantile", percent(load));
    let x = Axis { name: "one request in … is slower", scale: Scale::Log };
    let y = Axis { name: "time to first token, s", scale: Scale::Log };
    let svg = plot::lines(&shows, &x, &y, &cells.iter().map(line).collect::<Vec<Line>>())?;
    Ok(Plot { file: format!("interactive-{}.svg", percent(load)), shows, svg })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(policy: Kind, load: f64, p999_s: f64, breaches: u64) -> Cell {
        let run = Summary {
            p50_s: 0.1,
            p99_s: 0.5,
            p999_s,
            attainment: 0.999,
            hedges: 0.02,
            wasted: 0.001,
            largest_share: 0.1,
            share_of_bound: 0.6,
            cost: 1.2,
            breaches,
            quantiles_s: QUANTILES.to_vec(),
        };
        Cell { load, policy, runs: vec![run.clone(), run] }
    }

    #[test]
    fn a_run_fails_where_ours_is_worse_and_not_where_a_goal_is_missed() {
        let cells =
            |ours_s, breaches| [cell(Kind::LeastInFlight, 0.7, 3.0, 9), cell(Kind::Ours, 0.7, ours_s, breaches)];
        assert!(findings(&cells(2.9, 0)).is_empty());
        assert!(findings(&cells(3.1, 0))[0].contains("above that of least in flight"));
        assert!(findings(&cells(2.9, 1))[0].contains("dearer"));
        let reached: Vec<bool> = goals(&cells(2.9, 0)).iter().map(|goal| goal.reached).collect();
        assert_eq!(reached, [false, true, true, true, true, true]);
    }

    #[test]
    fn every_load_has_its_table_and_its_plot() {
        let cells = [0.7, 0.85].map(|load| [cell(Kind::Ours, load, 0.9, 0), cell(Kind::Bound, load, 0.4, 0)]).concat();
        let section = section(&Model::default(), "Somewhere.", &cells).unwrap();
        let files: Vec<&str> = section.plots.iter().map(|plot| plot.file.as_str()).collect();
        assert_eq!(files, ["interactive-70.svg", "interactive-85.svg"]);
        assert!(section.markdown.contains("| ours |  | 2 | 0.100 ± 0.000 |"), "{}", section.markdown);
        assert!(section.markdown.contains("| bound: no queue, best provider | 0.40 | 2 |"));
        assert!(section.markdown.contains("| policy | 1. | 2. |"), "{}", section.markdown);
        assert!(section.markdown.contains("| ours | 0.900 | 0.900 |"), "{}", section.markdown);
        assert!(section.findings.is_empty());
    }
}
