//! Placement on a GPU cluster as tables, goals and plots.

use super::goal::{self, Goal, Side};
use super::plot::{self, Axis, Line, Scale};
use super::table::Table;
use super::{Plot, Section};
use crate::placement::{Outcome, Row, policy::Policy};
use crate::stats::Estimate;
use serde::Serialize;
use serde_json::json;

/// One workload's results.
#[derive(Clone, Debug, Serialize)]
pub struct Workload {
    /// Its name, short enough for a file.
    pub name: String,
    /// What was measured.
    pub outcome: Outcome,
    /// What was published for it, by policy: GPU allocated at the full load over its seeds. Percent.
    pub published: Vec<(&'static str, Estimate)>,
}

impl Workload {
    fn row(&self, policy: Policy) -> Option<&Row> {
        self.outcome.rows.iter().find(|row| row.policy == policy.name())
    }

    fn published(&self, policy: &str) -> Option<&Estimate> {
        self.published.iter().find(|(name, _)| *name == policy).map(|(_, published)| published)
    }
}

/// Sums up. `source` says where the traces are from.
///
/// # Errors
/// A plot cannot be drawn.
pub fn section(source: &str, workloads: &[Workload]) -> anyhow::Result<Section> {
    let mut markdown = format!(
        "{source}\n\nTasks arrive in random order, drawn again until they ask for the load; none ends, and one that \
         fits nowhere is dropped (the setting of \"Beware of Fragmentation\", ATC 2023). *Allocation*: GPU in use at the end, \
         of all GPUs. The bound holds for any policy, even one that refuses tasks. The bound where what fits is placed holds for \
         any policy that refuses nothing that fits, as all of these, also one that knows what will arrive, as long as only GPUs \
         run short: cores and memory are taken as plenty.\n"
    );
    let (mut plots, mut goals, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for workload in workloads {
        let Outcome { load, nodes, gpus, .. } = &workload.outcome;
        let title = format!("\n## {}: {nodes} nodes, {gpus} GPUs, {load} % asked for\n\n", workload.name);
        markdown += &(title + &table(workload).markdown());
        let plot = drawn(workload)?;
        markdown += &format!("\n![{}]({})\n", plot.shows, plot.file);
        plots.push(plot);
        goals.extend(goals_of(workload));
        findings.extend(findings_of(workload));
    }
    if !goals.is_empty() {
        markdown += &format!("\n## Goals\n\n{}", goal::table(&goals, 2).markdown());
    }
    let figures = json!({ "source": source, "workloads": workloads, "goals": goals });
    Ok(Section { name: "placement", markdown, plots, figures, findings })
}

fn table(workload: &Workload) -> Table {
    let head = ["policy", "published, %", "seeds", "allocation, %", "dropped", "decisions/s", "placements/s"];
    let mut table = Table::new(&head);
    for row in &workload.outcome.rows {
        table.row(vec![
            row.policy.to_owned(),
            workload.published(row.policy).map(|published| published.text(2)).unwrap_or_default(),
            row.allocation.seeds.to_string(),
            row.allocation.text(2),
            row.dropped.text(0),
            row.decisions_per_s.text(0),
            row.placements_per_s.text(0),
        ]);
    }
    let none = String::new;
    let bounds = [("bound where what fits is placed", workload.outcome.kept_bound), ("bound", workload.outcome.bound)];
    for (name, bound) in bounds {
        table.row(vec![name.to_owned(), none(), bound.seeds.to_string(), bound.text(2), none(), none(), none()]);
    }
    table
}

/// The design's goals, which are for the published workload `default` at 130 %; for others none.
fn goals_of(workload: &Workload) -> Vec<Goal> {
    let mut goals = Vec::new();
    if workload.name != "default" || workload.outcome.load != 130 || workload.published.is_empty() {
        return goals;
    }
    if let Some(fgd) = workload.row(Policy::Fgd) {
        let reference = workload.published(fgd.policy).map(|published| published.text(2)).unwrap_or_default();
        goals.push(Goal::new("FGD's allocation reproduced, %,", &reference, Side::AtLeast, 95.2, fgd.allocation));
    }
    if let Some(ours) = workload.row(Policy::Lookahead) {
        goals.push(Goal::new("allocation of ours, %,", "FGD 95.39", Side::AtLeast, 96.5, ours.allocation));
        let rate = ours.placements_per_s;
        goals.push(Goal::new("placements/s of ours", "", Side::AtLeast, 100_000.0, rate));
    }
    goals
}

/// Where ours fills less than FGD in the same run, or the memoised FGD is not FGD.
fn findings_of(workload: &Workload) -> Vec<String> {
    let mut findings = Vec::new();
    if let (Some(ours), Some(fgd)) = (workload.row(Policy::Lookahead), workload.row(Policy::Fgd)) {
        let (ours, fgd) = (ours.allocation.mean, fgd.allocation.mean);
        if ours < fgd {
            findings.push(format!("{}: ours fills {ours:.2} % of the GPUs, FGD {fgd:.2} %", workload.name));
        }
    }
    for (seed, equal) in &workload.outcome.fgd_equals_scan {
        if !equal {
            findings.push(format!("{}: memoised FGD and the full scan differ with seed {seed}", workload.name));
        }
    }
    findings
}

fn drawn(workload: &Workload) -> anyhow::Result<Plot> {
    let line = |row: &Row| Line {
        name: row.policy.to_owned(),
        // What comes before most of the GPUs are taken is the same for all.
        points: row.curve.iter().enumerate().skip(70).map(|(load, filled)| (load as f64, *filled)).collect(),
        bold: row.policy == Policy::Lookahead.name(),
    };
    let lines: Vec<Line> = workload.outcome.rows.iter().map(line).collect();
    let shows = format!("GPU allocated while tasks arrive: {}", workload.name);
    let x = Axis { name: "asked for, % of all GPUs", scale: Scale::Linear };
    let y = Axis { name: "allocated, % of all GPUs", scale: Scale::Linear };
    let svg = plot::lines(&shows, &x, &y, &lines)?;
    Ok(Plot { file: format!("placement-{}.svg", workload.name), shows, svg })
}
