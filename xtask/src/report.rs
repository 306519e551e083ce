//! What a chore found, printed for a person or as one JSON document.

use std::io::Write;

use serde::Serialize;

/// The outcome of one chore.
#[derive(Serialize)]
pub struct Report {
    ok: bool,
    /// The chore's name.
    command: &'static str,
    /// Figures worth reading even when nothing is wrong.
    figures: Vec<Figure>,
    /// What has to be mended, one line each.
    findings: Vec<String>,
}

#[derive(Serialize)]
struct Figure {
    name: String,
    value: String,
}

impl Report {
    /// An empty report of `command`.
    pub fn new(command: &'static str) -> Self {
        Self { ok: true, command, figures: Vec::new(), findings: Vec::new() }
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: impl Into<String>, value: impl ToString) {
        self.figures.push(Figure { name: name.into(), value: value.to_string() });
    }

    /// Adds something to mend; the chore then fails.
    pub fn finding(&mut self, finding: impl Into<String>) {
        self.ok = false;
        self.findings.push(finding.into());
    }

    /// Whether nothing has to be mended.
    pub fn ok(&self) -> bool {
        self.ok
    }

    /// Prints figures and findings on standard output.
    pub fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, self)?;
            writeln!(out)?;
            return Ok(());
        }
        for figure in &self.figures {
            writeln!(out, "{}: {}", figure.name, figure.value)?;
        }
        for finding in &self.findings {
            writeln!(out, "✗ {finding}")?;
        }
        let verdict = if self.ok { "ok" } else { "not ok" };
        writeln!(out, "{}: {verdict}, {} findings", self.command, self.findings.len())?;
        Ok(())
    }
}
