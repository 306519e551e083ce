//! What went wrong as tables, goals and plots.

use super::LOAD;
use super::outage::{AROUND_S, Outage, Recovery};
use super::pressure::{Pair, Pressure};
use crate::interactive::model::Model;
use crate::interactive::policy::Kind;
use crate::report::goal::{self, Goal, Side};
use crate::report::plot::{self, Axis, Line, Scale};
use crate::report::table::Table;
use crate::report::{Plot, Section};
use crate::stats::Estimate;
use serde_json::json;

/// Sums up. `source` says where the traces are from.
///
/// # Errors
/// A plot cannot be drawn.
pub fn section(model: &Model, source: &str, recoveries: &[Recovery], pairs: &[Pair]) -> anyhow::Result<Section> {
    let mut markdown = format!(
        "{source}\n\nThe network of the interactive runs at {:.0} % load. Who vanishes does so in the middle of what \
         it does, without a word; it counts as gone after {} s of silence, and what it had is then sent again. \
         *Attainment*: first token within {} s, of the requests that came in during that time. *Recovered*: \
         attainment over five seconds is back at 99.9 %, or within half a point of before.\n\n",
        LOAD * 100.0,
        model.silence_us / 1_000_000,
        model.target_us as f64 / 1e6
    );
    markdown += &outages(recoveries).markdown();
    let mut plots = Vec::new();
    for outage in Outage::ALL {
        let plot = drawn(outage, recoveries)?;
        markdown += &format!("\n![{}]({})\n", plot.shows, plot.file);
        plots.push(plot);
    }
    markdown += &format!("\n{}", pressures(pairs).markdown());
    let goals = goals(recoveries, pairs);
    markdown += &format!("\n## Goals\n\n{}", goal::table(&goals, 3).markdown());
    let findings = findings(recoveries, pairs);
    let figures = json!({
        "model": model, "load": LOAD, "source": source, "outages": recoveries, "pressures": pairs, "goals": goals,
    });
    Ok(Section { name: "faults", markdown, plots, figures, findings })
}

fn outages(recoveries: &[Recovery]) -> Table {
    let mut table = Table::new(&[
        "what vanishes",
        "policy",
        "seeds",
        "of all slots, %",
        "attainment before, %",
        "first 5 s, %",
        "from 5 s on, %",
        "recovered after, s",
    ]);
    for of in recoveries {
        let percent = |values: &[f64]| Recovery::percent(values).text(2);
        table.row(vec![
            of.outage.name().to_owned(),
            of.policy.name().to_owned(),
            of.gone.len().to_string(),
            Recovery::percent(&of.gone).text(1),
            percent(&of.before),
            percent(&of.first),
            percent(&of.later),
            Estimate::of(&of.recovered_s).text(1),
        ]);
    }
    table
}

fn pressures(pairs: &[Pair]) -> Table {
    let mut table = Table::new(&["what happens", "figure", "policy", "seeds", "without", "with", "ratio"]);
    for pair in pairs {
        table.row(vec![
            pair.pressure.name().to_owned(),
            pair.pressure.figure().to_owned(),
            pair.policy.name().to_owned(),
            pair.with.len().to_string(),
            Estimate::of(&pair.without).text(3),
            Estimate::of(&pair.with).text(3),
            Estimate::of(&pair.gain()).text(3),
        ]);
    }
    table
}

fn goals(recoveries: &[Recovery], pairs: &[Pair]) -> Vec<Goal> {
    let mut goals = Vec::new();
    for of in recoveries.iter().filter(|of| of.policy == Kind::Ours) {
        let what = format!("{}: attainment from 5 s on, %,", of.outage.name());
        goals.push(Goal::new(what, "", Side::AtLeast, 99.9, Recovery::percent(&of.later)));
    }
    for pair in pairs.iter().filter(|pair| pair.policy == Kind::Ours) {
        let (what, side, target, measured) = match pair.pressure {
            Pressure::Stale => ("attainment with stale round trips, %,", Side::AtLeast, 99.9, pair.with.clone()),
            Pressure::Liar => ("what a liar gains", Side::AtMost, 1.0, pair.gain()),
            Pressure::Sybil => {
                ("a Sybil's share of requests over its share of slots", Side::AtMost, 2.0, pair.with.clone())
            }
            Pressure::Spike => ("price paid over cheapest after the spike", Side::AtMost, 1.35, pair.with.clone()),
        };
        goals.push(Goal::new(what, "", side, target, Estimate::of(&measured)));
        if pair.pressure == Pressure::Sybil {
            let gain = Estimate::of(&pair.gain());
            goals.push(Goal::new("what a Sybil gains by splitting", "", Side::AtMost, 1.0, gain));
        }
    }
    goals
}

/// Where ours is worse than a baseline of the same run, or lies pay.
fn findings(recoveries: &[Recovery], pairs: &[Pair]) -> Vec<String> {
    let mut findings = Vec::new();
    for ours in recoveries.iter().filter(|of| of.policy == Kind::Ours) {
        let later = Recovery::percent(&ours.later).mean;
        for other in recoveries.iter().filter(|of| of.outage == ours.outage && of.policy != Kind::Ours) {
            let theirs = Recovery::percent(&other.later).mean;
            if later < theirs - 0.1 {
                let (name, policy) = (ours.outage.name(), other.policy.name());
                findings.push(format!("{name}: {later:.2} % attained from 5 s on, {policy} {theirs:.2} %"));
            }
        }
    }
    for pair in pairs.iter().filter(|pair| pair.policy == Kind::Ours && pair.pressure == Pressure::Liar) {
        if pair.with != pair.without {
            findings.push("a self-report changed what was routed where".to_owned());
        }
    }
    findings
}

fn drawn(outage: Outage, recoveries: &[Recovery]) -> anyhow::Result<Plot> {
    let line = |of: &Recovery| Line {
        name: of.policy.name().to_owned(),
        points: (of.timeline.iter().enumerate())
            .map(|(second, attained)| (second as f64 - AROUND_S as f64, attained * 100.0))
            .collect(),
        bold: of.policy == Kind::Ours,
    };
    let lines: Vec<Line> = recoveries.iter().filter(|of| of.outage == outage).map(line).collect();
    let shows = format!("Attainment with {} at second 0", outage.name());
    let x = Axis { name: "came in at second", scale: Scale::Linear };
    let y = Axis { name: "first token in time, %", scale: Scale::Linear };
    let svg = plot::lines(&shows, &x, &y, &lines)?;
    let file = match outage {
        Outage::Tenth => "faults-tenth.svg",
        Outage::LargestOwner => "faults-largest-owner.svg",
        Outage::Region => "faults-region.svg",
    };
    Ok(Plot { file: file.to_owned(), shows, svg })
}
