//! The committed tables in docs/benchmarks.md, between two markers.
//!
//! Compute units depend on keys and toolchain: they may fall, or rise a little. Everything else is exact: the
//! bytes of accounts and instructions, rent, how many vouchers a transaction settles, what settlements share.

use super::{Figures, table};
use crate::marks::{self, FILE};
use std::collections::BTreeMap;

const COMMAND: &str = "bench program";

/// The rows of all tables: all cells that are exact, and by column those that vary. What stands in one of
/// these and is no number, as a ratio, is `None`.
type Rows = BTreeMap<String, Vec<(String, Option<u64>)>>;

/// Replaces what stands between the markers.
///
/// # Errors
/// The file or a marker is not there.
pub fn replace(figures: &Figures) -> anyhow::Result<()> {
    marks::replace(COMMAND, &table::all(figures))
}

/// What is worse than in the committed tables, or differs from them.
///
/// # Errors
/// The file or a marker is not there.
pub fn compare(figures: &Figures) -> anyhow::Result<Vec<String>> {
    Ok(differences(&parse(&marks::committed(COMMAND)?), &parse(&table::all(figures))))
}

fn parse(text: &str) -> Rows {
    let mut rows = Rows::new();
    for table in text.split("\n\n") {
        let mut lines = table.lines().filter(|line| line.starts_with('|')).map(cells);
        let Some(head) = lines.next() else { continue };
        // The line below a head rules it off.
        for row in lines.skip(1) {
            let (loose, exact): (Vec<_>, Vec<_>) =
                head.iter().zip(row).partition(|(column, _)| varies(head[0], column));
            let exact: Vec<&str> = exact.into_iter().map(|(_, cell)| cell).collect();
            let number = |cell: &str| cell.replace(',', "").parse().ok();
            let loose = loose.into_iter().map(|(column, cell)| ((*column).to_owned(), number(cell))).collect();
            rows.insert(exact.join(" | "), loose);
        }
    }
    rows
}

/// Whether a column depends on the keys. The bytes of a transaction do where it settles several leases: two
/// of them may have drawn the same fee shard, and name it once.
fn varies(table: &str, column: &str) -> bool {
    matches!((table, column), (_, "median" | "most" | "compute units") | ("transaction", "bytes"))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn differences(committed: &Rows, measured: &Rows) -> Vec<String> {
    let mut findings = Vec::new();
    for (row, loose) in measured {
        let Some(before) = committed.get(row) else {
            findings.push(format!("{FILE} lacks {row}; if it is meant, run `cargo xtask bench program --write`"));
            continue;
        };
        for ((name, is), (_, was)) in loose.iter().zip(before) {
            match (was, is) {
                (Some(was), Some(is)) if is > was && is * 10 >= was * 11 => {
                    findings.push(format!("{row}: {name} rose from {was} to {is}, 10 % or more"));
                }
                (None, Some(_)) => findings.push(format!("{FILE} has no number in {row}: {name}")),
                _ => {}
            }
        }
    }
    let gone = committed.keys().filter(|row| !measured.contains_key(*row));
    findings.extend(gone.map(|row| format!("{FILE} has {row}, which is not measured")));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two tables: an instruction's units and bytes, and an account's rent.
    fn tables(units: &str, bytes: &str, rent: &str) -> Rows {
        let instruction = "| instruction | median | most | bytes |\n| --- | --- | --- | --- |";
        let account = "| account | rent, SOL |\n| --- | --- |";
        parse(&format!("\n{instruction}\n| `settle` | {units} | 1,000 | {bytes} |\n\n{account}\n| Job | {rent} |\n"))
    }

    fn found(units: &str, bytes: &str, rent: &str) -> usize {
        differences(&tables("30,000", "850", "0.002"), &tables(units, bytes, rent)).len()
    }

    #[test]
    fn a_rise_of_a_tenth_is_found_and_less_passes() {
        assert_eq!(found("32,999", "850", "0.002"), 0);
        assert_eq!(found("1", "850", "0.002"), 0);
        assert_eq!(found("33,000", "850", "0.002"), 1);
        assert_eq!(differences(&tables("", "850", "0.002"), &tables("1", "850", "0.002")).len(), 1);
    }

    #[test]
    fn everything_else_is_exact() {
        // Each is a row that is not committed, and a committed one that is not measured.
        assert_eq!(found("30,000", "849", "0.002"), 2);
        assert_eq!(found("30,000", "850", "0.001"), 2);
        assert_eq!(found("30,000", "849", "0.001"), 4);
    }

    #[test]
    fn a_shard_that_two_settlements_share_makes_no_difference() {
        let head = "| transaction | vouchers | bytes | compute units |\n| --- | --- | --- | --- |";
        let fits = |vouchers, bytes| parse(&format!("{head}\n| legacy | {vouchers} | {bytes} | 68,258 |"));
        assert!(differences(&fits(2, 990), &fits(2, 1_054)).is_empty());
        assert_eq!(differences(&fits(2, 990), &fits(1, 990)).len(), 2);
    }

    #[test]
    fn what_is_no_number_on_both_sides_is_left_alone() {
        let ratio = parse("| the floor | compute units |\n| --- | --- |\n| ratio | 14.0 |");
        assert_eq!(ratio.len(), 1);
        assert!(differences(&ratio, &ratio).is_empty());
    }

    #[test]
    fn rows_on_one_side_only_are_found() {
        let both = tables("30,000", "850", "0.002");
        assert_eq!(both.len(), 2);
        assert_eq!(differences(&both, &Rows::new()).len(), 2);
        assert_eq!(differences(&Rows::new(), &both).len(), 2);
    }
}
