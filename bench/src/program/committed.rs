//! The committed tables in docs/benchmarks.md, between two markers.

use super::Figures;
use super::rows::Measured;
use super::table::{self, HEAD};
use crate::root;
use anyhow::{Context, bail};
use std::collections::BTreeMap;

const FILE: &str = "docs/benchmarks.md";
const BEGIN: &str =
    "<!-- bench program: begin; `cargo xtask bench program --write` writes what is between the marks -->";
const END: &str = "<!-- bench program: end -->";

/// A row of the table: the instruction and its state.
type Row = (String, String);

/// Replaces what stands between the markers.
///
/// # Errors
/// The file or a marker is not there.
pub fn replace(figures: &Figures) -> anyhow::Result<()> {
    let text = root::read(FILE)?;
    let (before, _, after) = split(&text)?;
    root::write(FILE, &format!("{before}{BEGIN}\n\n{}\n{END}{after}", table::all(figures)))
}

/// What is worse than the committed table, or not in it.
///
/// # Errors
/// The file or a marker is not there.
pub fn compare(figures: &Figures) -> anyhow::Result<Vec<String>> {
    let text = root::read(FILE)?;
    let (_, tables, _) = split(&text)?;
    Ok(differences(&parse(tables)?, &figures.rows))
}

fn split(text: &str) -> anyhow::Result<(&str, &str, &str)> {
    let missing = || format!("{FILE} lacks a marker of bench program");
    let (before, rest) = text.split_once(BEGIN).with_context(missing)?;
    let (tables, after) = rest.split_once(END).with_context(missing)?;
    Ok((before, tables, after))
}

/// Median and most compute units of every committed row.
fn parse(tables: &str) -> anyhow::Result<BTreeMap<Row, [u64; 2]>> {
    let rows = tables.lines().skip_while(|line| *line != HEAD).skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, instruction, state, median, most, ..] = cells.as_slice() else { bail!("{FILE}: no row: {line}") };
        let number = |cell: &str| cell.replace(',', "").parse().with_context(|| format!("{FILE}: no number: {line}"));
        let row = (instruction.trim_matches('`').to_owned(), (*state).to_owned());
        Ok((row, [number(median)?, number(most)?]))
    })
    .collect()
}

fn differences(committed: &BTreeMap<Row, [u64; 2]>, measured: &[Measured]) -> Vec<String> {
    let key = |row: &Measured| (row.instruction.to_owned(), row.state.to_owned());
    let mut findings = Vec::new();
    for row in measured {
        let (instruction, state) = (row.instruction, row.state);
        let Some([median, most]) = committed.get(&key(row)) else {
            findings.push(format!("{instruction} ({state}) is not in {FILE}; run `cargo xtask bench program --write`"));
            continue;
        };
        for (name, was, is) in [("median", *median, row.compute_units_median), ("most", *most, row.compute_units_most)]
        {
            if is > was + was / 10 {
                findings.push(format!("{instruction} ({state}): {name} rose from {was} to {is}, more than 10 %"));
            }
        }
    }
    let gone = committed.keys().filter(|row| measured.iter().all(|other| key(other) != **row));
    findings
        .extend(gone.map(|(instruction, state)| format!("{FILE} has {instruction} ({state}), which is not measured")));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: &'static str, units: u64) -> Measured {
        Measured {
            instruction: "settle",
            state,
            compute_units_median: units,
            compute_units_most: units,
            bytes: 700,
            budget: Some(40_000),
        }
    }

    fn committed(units: &str) -> BTreeMap<Row, [u64; 2]> {
        let table = format!("\n{HEAD}\n| --- |\n| `settle` | first | {units} | {units} | 40,000 | 700 |\n\n| other |");
        parse(&table).expect("a table")
    }

    #[test]
    fn a_rise_of_a_tenth_passes_and_more_is_found() {
        assert!(differences(&committed("30,000"), &[row("first", 33_000)]).is_empty());
        assert!(differences(&committed("30,000"), &[row("first", 1)]).is_empty());
        assert_eq!(differences(&committed("30,000"), &[row("first", 33_001)]).len(), 2);
    }

    #[test]
    fn rows_on_one_side_only_are_found() {
        let both = differences(&committed("30,000"), &[row("first", 30_000), row("second", 1)]);
        assert_eq!(both.len(), 1);
        assert_eq!(differences(&committed("30,000"), &[]).len(), 1);
    }

    #[test]
    fn markers_are_needed() {
        let text = format!("before\n{BEGIN}\ntables\n{END}\nafter");
        assert_eq!(split(&text).expect("both are there"), ("before\n", "\ntables\n", "\nafter"));
        assert!(split("no markers").is_err());
    }
}
