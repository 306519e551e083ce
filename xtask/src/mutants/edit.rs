//! Edits of a source by byte position, so that everything that is not edited stays as it is.

use std::ops::Range;

/// The edits of one file. Those that surround nest in the order they are made: outer ones first.
#[derive(Default)]
pub struct Edits {
    surrounds: Vec<(Range<usize>, String, String)>,
    replacements: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts text before and after a range.
    pub fn surround(&mut self, range: Range<usize>, before: impl Into<String>, after: impl Into<String>) {
        self.surrounds.push((range, before.into(), after.into()));
    }

    /// Puts text at a place.
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.surround(at..at, text, "");
    }

    /// Replaces a range. Nothing else may be edited inside of it.
    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.replacements.push((range, text.into()));
    }

    /// The edited source.
    pub fn apply(&self, source: &str) -> String {
        // (place, rank, order): what closes goes before what opens there, inner ends before outer ones.
        let mut pieces: Vec<(usize, u8, usize, Range<usize>, &str)> = Vec::new();
        let last = self.surrounds.len();
        for (order, (range, before, after)) in self.surrounds.iter().enumerate() {
            pieces.push((range.end, 0, last - order, range.end..range.end, after));
            pieces.push((range.start, 1, order, range.start..range.start, before));
        }
        for (order, (range, text)) in self.replacements.iter().enumerate() {
            pieces.push((range.start, 2, order, range.clone(), text));
        }
        pieces.sort_by_key(|(at, rank, order, ..)| (*at, *rank, *order));
        let (mut edited, mut done) = (String::with_capacity(source.len() * 2), 0);
        for (_, _, _, range, text) in pieces {
            edited.push_str(source.get(done..range.start).unwrap_or_default());
            edited.push_str(text);
            done = range.end.max(done);
        }
        edited.push_str(source.get(done..).unwrap_or_default());
        edited
    }
}

#[cfg(test)]
mod tests {
    use super::Edits;

    #[test]
    fn nested_edits_nest() {
        let mut edits = Edits::default();
        edits.surround(0..5, "<", ">");
        edits.surround(0..1, "(", ")");
        edits.surround(4..5, "[", "]");
        edits.replace(2..3, "+");
        edits.insert(5, "!");
        assert_eq!(edits.apply("a - b."), "<(a) + [b]>!.");
        assert_eq!(Edits::default().apply("as it is"), "as it is");
    }

    #[test]
    fn what_ends_somewhere_ends_before_what_begins_there() {
        let mut edits = Edits::default();
        edits.surround(0..1, "(", ")");
        edits.surround(1..2, "[", "]");
        assert_eq!(edits.apply("ab"), "(a)[b]");
    }
}
