//! One file while it is being instrumented: its edits, and what was found in it.

use std::{collections::BTreeMap, ops::Range};

use syn::spanned::Spanned;

use super::{
    condition::Demand,
    edit::Edits,
    except,
    guard::{Found, Guard, Kind, LeftOut},
};

/// Refusals that are not rules: nothing that a transaction can say leads to them.
const NOT_RULES: [(&str, &str); 2] =
    [("MathOverflow", "a sum that does not fit is not a rule"), ("InvariantBroken", LAST_LINE)];

/// Why invariants stay.
pub const LAST_LINE: &str = "the last line behind the rules; unit tests break accounts on purpose";

/// A file with its edits so far.
pub struct Site<'a> {
    /// Path from the root of the checkout.
    pub file: &'a str,
    /// Its text.
    pub source: &'a str,
    /// What becomes of it.
    pub edits: Edits,
    /// What was found so far, here and in the files before.
    pub found: &'a mut Found,
    /// Functions that say yes or no to one caller alone, and what that caller makes of the answer.
    pub predicates: BTreeMap<String, Option<Demand>>,
    /// What has a switch, or a reason to have none, refusals included.
    pub covered: Vec<Range<usize>>,
    /// Why nothing gets a switch now, while that is so.
    pub muted: Option<&'static str>,
}

impl<'a> Site<'a> {
    /// A file without edits.
    pub fn new(file: &'a str, source: &'a str, found: &'a mut Found) -> Self {
        let (edits, predicates) = (Edits::default(), BTreeMap::new());
        Self { file, source, edits, found, predicates, covered: Vec::new(), muted: None }
    }

    /// Numbers a guard, or `None` if it is left out.
    pub fn guard(&mut self, kind: Kind, at: &Range<usize>, text: &str) -> Option<u32> {
        let (text, line) = (one_line(text), self.line(at.start));
        if let Some(reason) = self.muted.or_else(|| except::reason(self.file, &text)) {
            self.leave_out(at, &text, reason);
            return None;
        }
        self.covered.push(at.clone());
        let number = u32::try_from(self.found.guards.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.found.guards.push(Guard { number, file: self.file.to_owned(), line, kind, text });
        Some(number)
    }

    /// As [`Site::guard`], for a refusal with that error; `None` also for those that are no rules.
    pub fn refusal(&mut self, kind: Kind, at: &Range<usize>, text: &str, error: Option<&str>) -> Option<u32> {
        if let Some(reason) = error.and_then(no_rule) {
            self.leave_out(at, text, reason);
            return None;
        }
        self.guard(kind, at, text)
    }

    /// Notes a refusal without a switch.
    pub fn leave_out(&mut self, at: &Range<usize>, text: &str, reason: &str) {
        let (file, line) = (self.file.to_owned(), self.line(at.start));
        self.covered.push(at.clone());
        self.found.left_out.push(LeftOut { file, line, text: one_line(text), reason: reason.to_owned() });
    }

    /// The source of a range.
    pub fn text(&self, range: &Range<usize>) -> &'a str {
        self.source.get(range.clone()).unwrap_or_default()
    }

    /// The source of a piece of syntax.
    pub fn of(&self, syntax: &impl Spanned) -> &'a str {
        self.text(&range(syntax))
    }

    /// The name of the protocol's error in a range, if it names one.
    pub fn error_in(&self, range: &Range<usize>) -> Option<&'a str> {
        let (_, rest) = self.text(range).rsplit_once("Error::")?;
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        rest.get(..end).filter(|name| name.starts_with(char::is_uppercase))
    }

    fn line(&self, at: usize) -> usize {
        line(self.source, at)
    }
}

/// Why refusals with that error are no rules, if they are none.
pub fn no_rule(error: &str) -> Option<&'static str> {
    let found = NOT_RULES.iter().find(|(name, _)| *name == error);
    found.map(|(_, reason)| *reason)
}

/// The line of a byte, from 1.
pub fn line(source: &str, at: usize) -> usize {
    source.get(..at).unwrap_or_default().matches('\n').count().saturating_add(1)
}

/// Where a piece of syntax stands.
pub fn range(syntax: &impl Spanned) -> Range<usize> {
    syntax.span().byte_range()
}

/// Text on one line, without the spaces of its layout and without comments.
pub fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(" //").next().unwrap_or_default().trim());
    let joined = lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join(" ");
    joined.split_whitespace().collect::<Vec<_>>().join(" ")
}
