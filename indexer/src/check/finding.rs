//! Collecting what a check finds.

use std::fmt::{Debug, Display};

use mira_core::Key;

use super::CheckResult;
use crate::convert::base58;

/// Differences named in a detail; the rest is counted.
const NAMED: usize = 5;

/// What a check found wrong so far, and what strangers gave.
#[derive(Debug, Default)]
pub(super) struct Findings {
    wrong: Vec<String>,
    gifts: u128,
}

impl Findings {
    /// Something that does not hold.
    pub(super) fn wrong(&mut self, what: String) {
        self.wrong.push(what);
    }

    /// Two things that must be equal.
    pub(super) fn equal<T: PartialEq + Debug>(&mut self, what: impl Display, index: &T, chain: &T) {
        if index != chain {
            self.wrong.push(format!("{what}: {index:?} by the books, {chain:?} on the other side"));
        }
    }

    /// A vault and what it owes.
    pub(super) fn vault(&mut self, what: impl Display, vault: &Key, owed: u128, held: Option<u64>, gifts: bool) {
        let held_or_none = u128::from(held.unwrap_or(0));
        if held_or_none < owed || (held_or_none > owed && !gifts) {
            let held = held.map_or("does not exist".to_owned(), |held| format!("holds {held}"));
            self.wrong.push(format!("{what}: vault {} {held}, {owed} by the books", base58(vault)));
        } else {
            self.gifts = self.gifts.saturating_add(held_or_none.saturating_sub(owed));
        }
    }

    /// The result: `figures` if all holds.
    pub(super) fn result(self, name: &'static str, figures: String) -> CheckResult {
        let ok = self.wrong.is_empty();
        let detail = if ok && self.gifts > 0 {
            format!("{figures}; {} more were sent by strangers", self.gifts)
        } else if ok {
            figures
        } else {
            let more = self.wrong.len().saturating_sub(NAMED);
            let named = self.wrong.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
            if more > 0 { format!("{named}; and {more} more") } else { named }
        };
        CheckResult { name, ok, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_name_a_few_and_count_the_rest() {
        let mut findings = Findings::default();
        (0..8).for_each(|n| findings.equal(format!("row {n}"), &1, &2));
        let result = findings.result("test", String::new());
        assert!(!result.ok);
        assert!(result.detail.starts_with("row 0: 1 by the books, 2 on the other side; row 1"), "{}", result.detail);
        assert!(result.detail.ends_with("; and 3 more"), "{}", result.detail);
    }

    #[test]
    fn gifts_pass_only_when_allowed_and_theft_never() {
        for (held, gifts, ok) in [
            (Some(10), false, true),
            (Some(11), false, false),
            (Some(11), true, true),
            (Some(9), true, false),
            (None, true, false),
        ] {
            let mut findings = Findings::default();
            findings.vault("job", &[1; 32], 10, held, gifts);
            assert_eq!(findings.result("test", String::new()).ok, ok, "{held:?} {gifts}");
        }
    }
}
