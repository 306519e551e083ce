//! Every file begins by saying what it is for, and none carries a mark of unfinished work.

use super::Source;
use crate::report::Report;

/// Written apart, so that this file does not find itself.
const MARKS: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
];

/// Checks the head and the marks of each file.
pub fn check(sources: &[Source], report: &mut Report) {
    for source in sources {
        if !source.text.starts_with("//!") {
            report.finding(format!("{} does not begin with //! and what it is for", source.path));
        }
        for (index, line) in source.text.lines().enumerate() {
            for mark in MARKS.iter().filter(|mark| line.contains(**mark)) {
                report.finding(format!("{}:{} carries {mark}", source.path, index + 1));
            }
        }
    }
}
