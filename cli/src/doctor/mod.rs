//! What `mira doctor` looks at: one question a function, each answered in a line, and where the answer is bad
//! with what to do about it.

pub mod cluster;
pub mod database;

use miette::Diagnostic;

use crate::error::Error;

/// The answer to one question.
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    pub detail: String,
    /// What to do, if it is not well.
    pub todo: Option<String>,
}

/// What is wrong, and what to do.
#[derive(Debug)]
pub struct Problem {
    what: String,
    todo: Option<String>,
}

impl Problem {
    /// Something wrong, with what to do.
    pub fn new(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what: what.into(), todo: Some(todo.into()) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self { what: error.to_string(), todo: error.help().map(|help| help.to_string()) }
    }
}

impl Finding {
    /// From what a look gave.
    pub fn of(name: &'static str, result: Result<String, Problem>) -> Self {
        match result {
            Ok(detail) => Self { name, ok: true, detail, todo: None },
            Err(Problem { what, todo }) => Self { name, ok: false, detail: what, todo },
        }
    }
}
