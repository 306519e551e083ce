//! What was held against what, and whether it held.

use serde_json::{Value, json};
use std::fmt::{Debug, Display};

/// One thing that has to hold.
struct Check {
    name: String,
    ok: bool,
    detail: String,
}

/// All that was looked at.
#[derive(Default)]
pub struct Checks(Vec<Check>);

impl Checks {
    /// Notes whether something holds.
    pub fn note(&mut self, name: impl Into<String>, ok: bool, detail: impl Display) {
        self.0.push(Check { name: name.into(), ok, detail: detail.to_string() });
    }

    /// Notes whether two things are the same.
    pub fn same<T: PartialEq + Debug>(&mut self, name: impl Into<String>, left: &T, right: &T) {
        let detail = if left == right { format!("{left:?}") } else { format!("{left:?} is not {right:?}") };
        self.note(name, left == right, detail);
    }

    /// What does not hold.
    pub fn findings(&self) -> Vec<String> {
        let failed = self.0.iter().filter(|check| !check.ok);
        failed.map(|Check { name, detail, .. }| format!("{name}: {detail}")).collect()
    }

    /// The checks as JSON.
    pub fn document(&self) -> Value {
        let one = |Check { name, ok, detail }: &Check| json!({ "name": name, "ok": ok, "detail": detail });
        self.0.iter().map(one).collect()
    }

    /// The checks for a person.
    pub fn table(&self) -> String {
        let width = self.0.iter().map(|check| check.name.len()).max().unwrap_or(0);
        let line = |Check { name, ok, detail }: &Check| {
            let mark = if *ok { "✓" } else { "✗" };
            format!("{mark} {name:width$}  {detail}")
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_hold_is_named() {
        let mut checks = Checks::default();
        checks.note("one", true, "fine");
        checks.same("other", &1, &2);
        assert_eq!(checks.findings(), ["other: 1 is not 2"]);
        assert_eq!(checks.table(), "✓ one    fine\n✗ other  1 is not 2");
        assert_eq!(checks.document()[1]["ok"], false);
    }
}
