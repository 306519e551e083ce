//! What a part of the benchmark found, as tables in Markdown, plots, and figures for machines.

pub mod goal;
pub mod placement;
pub mod plot;
pub mod table;

use serde_json::Value;

/// One part's results.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name: `decision`, `placement`, …
    pub name: &'static str,
    /// Its text with tables, without a title.
    pub markdown: String,
    /// Its plots.
    pub plots: Vec<Plot>,
    /// Its figures.
    pub figures: Value,
    /// Ratios within the run that are out of bounds, one line each: they fail the run.
    pub findings: Vec<String>,
}

/// A drawing.
#[derive(Clone, Debug)]
pub struct Plot {
    /// The file's name.
    pub file: String,
    /// What it shows, for who cannot see it.
    pub shows: String,
    /// The drawing.
    pub svg: String,
}
