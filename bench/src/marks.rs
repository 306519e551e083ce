//! The committed tables in docs/benchmarks.md: each command's between two markers of its own.

use crate::root;
use anyhow::Context;

/// Where they stand.
pub const FILE: &str = "docs/benchmarks.md";

/// Replaces what stands between a command's markers.
///
/// # Errors
/// The file or a marker is not there.
pub fn replace(command: &str, tables: &str) -> anyhow::Result<()> {
    let text = root::read(FILE)?;
    let (before, _, after) = split(command, &text)?;
    root::write(FILE, &format!("{before}{}\n\n{tables}\n{}{after}", begin(command), end(command)))
}

/// What stands between a command's markers.
///
/// # Errors
/// The file or a marker is not there.
pub fn committed(command: &str) -> anyhow::Result<String> {
    let text = root::read(FILE)?;
    let (_, tables, _) = split(command, &text)?;
    Ok(tables.to_owned())
}

fn begin(command: &str) -> String {
    format!("<!-- {command}: begin; `cargo xtask {command} --write` writes what is between the marks -->")
}

fn end(command: &str) -> String {
    format!("<!-- {command}: end -->")
}

fn split<'a>(command: &str, text: &'a str) -> anyhow::Result<(&'a str, &'a str, &'a str)> {
    let missing = || format!("{FILE} lacks a marker of {command}");
    let (before, rest) = text.split_once(&begin(command)).with_context(missing)?;
    let (tables, after) = rest.split_once(&end(command)).with_context(missing)?;
    Ok((before, tables, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_its_own_markers() {
        let marked = |command: &str| format!("{}\n{command}\n{}", begin(command), end(command));
        let text = format!("before\n{}\n{}\nafter", marked("bench one"), marked("bench two"));
        let (before, tables, after) = split("bench two", &text).expect("both are there");
        assert!(before.contains("bench one") && before.starts_with("before"));
        assert_eq!((tables, after), ("\nbench two\n", "\nafter"));
        assert!(split("bench three", &text).is_err());
    }
}
