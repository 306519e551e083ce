//! The figures as tables in Markdown, which a person reads on a terminal too.

use super::{Figures, OfEngine};
use crate::machine::Origin;
use crate::number::thousands;

/// All tables, as they stand in docs/benchmarks.md.
pub fn all(figures: &Figures, seed: u64) -> String {
    let mut text = head(figures, seed);
    text += &alone(figures);
    for (head, rows) in [("from its own ledger", LEDGER), ("from a local chain", CHAIN)] {
        text += &format!("\n| {head} |");
        let names: Vec<_> = figures.engines.iter().map(|of| of.engine).collect();
        text += &format!(" {} | goal |\n| --- |{} --- |\n", names.join(" | "), " --- |".repeat(names.len()));
        for (name, cell, goal) in rows {
            let cells: Vec<_> = figures.engines.iter().map(cell).collect();
            text += &format!("| {name} | {} | {goal} |\n", cells.join(" | "));
        }
    }
    if let Some(why) = figures.left_out {
        text += &format!("\n{why}.\n");
    }
    text
}

/// On which machine, and over what.
fn head(figures: &Figures, seed: u64) -> String {
    let Origin { processor, threads, .. } = Origin::here();
    let total = figures.events.max(1);
    let settled = figures.folded.events.get("LeaseSettled").copied().unwrap_or(0);
    let rows: u64 = figures.folded.rows.values().sum();
    format!(
        "{processor}, {threads} threads, seed {seed}. The ledger: {} events of {} kinds, {} of 100 settlements, which \
         give {} rows.\n\n",
        thousands(figures.events),
        figures.folded.events.len(),
        settled * 100 / total,
        thousands(rows)
    )
}

fn alone(figures: &Figures) -> String {
    let (fold, both) = (figures.folded.fold_per_second, figures.folded.decode_and_fold_per_second);
    format!(
        "| without a database, on one core | events/s | goal |\n| --- | --- | --- |\n\
         | fold, from typed events to rows | {} | 100,000 |\n\
         | decode and fold, from the ledger's bytes | {} | |\n",
        thousands(fold),
        thousands(both)
    )
}

/// A row's name, its cell for an engine, and what was aimed at.
type Row = (&'static str, fn(&OfEngine) -> String, &'static str);

const LEDGER: &[Row] = &[
    ("`rebuild`, events/s", |of| thousands(of.rebuilt.rebuild.per_second()), "50,000 (SQLite)"),
    ("`verify`, events/s", |of| thousands(of.rebuilt.verify.per_second()), ""),
    ("recorded first: fold and commit by 2,000, events/s", |of| thousands(of.rebuilt.record_per_second), ""),
    ("one event at a time, on a small ledger, events/s", |of| thousands(of.naive.per_second), ""),
    ("`rebuild` over one event at a time", |of| format!("{}×", thousands(of.naive.ratio)), ""),
    (
        "peak memory of `rebuild`, MiB: half of the ledger, all",
        |of| mib(of.rebuilt.rebuild_half.peak_kib, of.rebuilt.rebuild.peak_kib),
        "flat",
    ),
    (
        "peak memory of `verify`, MiB: half of the ledger, all",
        |of| mib(of.rebuilt.verify_half.peak_kib, of.rebuilt.verify.peak_kib),
        "as its rows",
    ),
];

const CHAIN: &[Row] = &[
    ("catching up by blocks, slots/s", |of| thousands(of.caught_up.blocks.slots_per_second()), ""),
    ("catching up by transactions, slots/s", |of| thousands(of.caught_up.signatures.slots_per_second()), ""),
    ("calls per 1,000 slots, catching up by blocks", |of| thousands(of.caught_up.blocks.calls_per_thousand()), ""),
    (
        "calls per 1,000 slots, catching up by transactions",
        |of| thousands(of.caught_up.signatures.calls_per_thousand()),
        "",
    ),
    ("calls per 1,000 slots, following by blocks", |of| thousands(of.lag.calls * 1_000 / of.lag.slots.max(1)), ""),
    ("settlements sent while following", |of| thousands(of.lag.seen), ""),
    ("finalized to visible, p50, ms", |of| ms(of.lag.p50_micros), ""),
    ("finalized to visible, p99, ms", |of| ms(of.lag.p99_micros), ""),
];

fn mib(half_kib: u64, all_kib: u64) -> String {
    format!("{}, {}", half_kib / 1_024, all_kib / 1_024)
}

/// Microseconds as milliseconds, to a tenth.
fn ms(micros: u64) -> String {
    format!("{}.{}", micros / 1_000, micros % 1_000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_rounded_down() {
        assert_eq!((ms(12_399), ms(90)), ("12.3".to_owned(), "0.0".to_owned()));
        assert_eq!(mib(2_047, 4_096), "1, 4");
    }
}
