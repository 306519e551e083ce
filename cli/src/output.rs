//! What a command prints: a table for a person, one JSON document for a program.

use std::io::{self, IsTerminal, Write};

use comfy_table::{Table, presets::NOTHING};
use serde_json::Value;

use crate::{args, error::Error};

/// Where a command's answer goes, and in which form.
#[derive(Clone, Copy)]
pub struct Output {
    form: args::Output,
}

impl Output {
    /// From the global flags.
    pub fn new(global: &args::Global) -> Self {
        Self { form: if global.json { args::Output::Json } else { global.output } }
    }

    /// For whoever prints by itself: no notes and no progress.
    pub fn silent() -> Self {
        Self { form: args::Output::Json }
    }

    /// Whether a person reads along on a terminal, so that progress is worth drawing.
    pub fn interactive(self) -> bool {
        self.form == args::Output::Display && io::stderr().is_terminal()
    }

    /// Prints `value` as the form asks: JSON as it is, or the lines of `display`.
    pub fn print(self, value: &Value, display: impl FnOnce() -> String) -> Result<(), Error> {
        let text = match self.form {
            args::Output::Display => display(),
            args::Output::Json => format!("{value:#}"),
            args::Output::JsonCompact => value.to_string(),
        };
        writeln!(io::stdout().lock(), "{}", text.trim_end()).map_err(Error::Print)
    }

    /// A line for a person who waits; nothing when a program reads.
    pub fn note(self, line: &str) {
        if self.form == args::Output::Display {
            // A closed standard error is no reason to stop working.
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }
}

/// A table of two columns: what, and its value.
pub fn fields<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    for (name, value) in rows {
        table.add_row([name.to_owned(), value]);
    }
    table.to_string()
}

/// A table with a head.
pub fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}
