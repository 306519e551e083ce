//! What several endpoints say together, as a pure function of their answers: the simulator hears liars
//! with the same ears.

use super::nobody;
use crate::source::SourceError;
use std::collections::BTreeSet;

/// An answer that may hold what events are read from.
pub trait Testimony {
    /// Whether it holds that at all.
    fn holds(&self) -> bool;

    /// What it differs in from another endpoint's answer, where both hold something.
    fn difference(&self, other: &Self) -> Option<String>;
}

/// Answers to one question, heard one after the other: what two endpoints give alike is taken, or what one
/// gives if the others cannot; two that differ are a [`SourceError::Disagreement`].
#[derive(Debug)]
pub struct Agreement<T> {
    held: Option<(String, T)>,
    /// The best of what holds nothing.
    other: Option<Result<T, SourceError>>,
}

impl<T> Default for Agreement<T> {
    fn default() -> Self {
        Self { held: None, other: None }
    }
}

impl<T: Testimony> Agreement<T> {
    /// Hears the next endpoint. `Some` is the outcome: nobody else has to be asked.
    pub fn hear(&mut self, label: &str, answer: Result<T, SourceError>) -> Option<Result<T, SourceError>> {
        match answer {
            Ok(answer) if answer.holds() => match self.held.take() {
                None => self.held = Some((label.to_owned(), answer)),
                Some((first, before)) => {
                    return Some(match before.difference(&answer) {
                        None => Ok(before),
                        Some(what) => Err(disagreement(what, &first, label)),
                    });
                }
            },
            answer if self.other.as_ref().is_none_or(|other| rank(&answer) > rank(other)) => self.other = Some(answer),
            _ => {}
        }
        None
    }

    /// Whether somebody gave something: the others need not be waited for.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// The outcome when nobody else is asked. What holds nothing counts only if nothing else was said, and
    /// an error only if nobody answered.
    ///
    /// # Errors
    /// Nobody answered.
    pub fn end(self) -> Result<T, SourceError> {
        self.held.map(|(_, answer)| Ok(answer)).or(self.other).unwrap_or_else(|| Err(nobody()))
    }
}

/// Every slot that any of some lists has, ascending: what one leaves out, another may have.
pub fn listed_by_any(lists: impl IntoIterator<Item = Vec<u64>>) -> Vec<u64> {
    let slots: BTreeSet<u64> = lists.into_iter().flatten().collect();
    slots.into_iter().collect()
}

/// Demands that all say the same.
pub(super) fn unanimous<T: PartialEq>(what: &str, answers: Vec<(&str, T)>) -> Result<T, SourceError> {
    let mut answers = answers.into_iter();
    let (first, said) = answers.next().ok_or_else(nobody)?;
    match answers.find(|(_, answer)| *answer != said) {
        None => Ok(said),
        Some((second, _)) => Err(disagreement(what.to_owned(), first, second)),
    }
}

fn disagreement(what: String, first: &str, second: &str) -> SourceError {
    SourceError::Disagreement { what, first: first.to_owned(), second: second.to_owned() }
}

/// How much an answer without content says: that of a server that does not have it, more than that of
/// one that cannot read it, and that one more than none.
fn rank<T>(answer: &Result<T, SourceError>) -> u8 {
    match answer {
        Ok(_) => 2,
        Err(SourceError::Rpc(_)) => 0,
        Err(_) => 1,
    }
}
