//! What a run found, printed for a person or as one JSON document.

use crate::machine::Origin;
use serde_json::{Value, json};
use std::io::Write;

/// The outcome of one run.
pub struct Report {
    /// The run's name.
    pub command: &'static str,
    /// Its seed: the same seed gives the same run.
    pub seed: u64,
    /// The figures, as a JSON object.
    pub figures: Value,
    /// The figures, as a person reads them.
    pub text: String,
    /// What has to be mended, one line each.
    pub findings: Vec<String>,
}

impl Report {
    /// Prints it and says whether nothing has to be mended.
    ///
    /// # Errors
    /// `out` is closed.
    pub fn print(&self, json: bool, mut out: impl Write) -> anyhow::Result<bool> {
        let (ok, origin) = (self.findings.is_empty(), Origin::here());
        if json {
            let document = json!({ "ok": ok, "command": self.command, "seed": self.seed, "origin": origin,
                "figures": self.figures, "findings": self.findings });
            writeln!(out, "{document:#}")?;
            return Ok(ok);
        }
        writeln!(out, "{}", self.text.trim_end())?;
        for finding in &self.findings {
            writeln!(out, "✗ {finding}")?;
        }
        let verdict = if ok { "ok" } else { "not ok" };
        let Origin { commit, processor, threads } = origin;
        writeln!(out, "seed {}, commit {commit}, {processor}, {threads} threads", self.seed)?;
        writeln!(out, "{}: {verdict}, {} findings", self.command, self.findings.len())?;
        Ok(ok)
    }
}
