//! What a person reads when a command fails: what happened, and what to do.

use std::{path::PathBuf, process::ExitCode};

use miette::Diagnostic;
use mira_wire::client::ApiError;

use crate::amount::AmountError;

/// Why a command failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum Error {
    #[error("cannot start the runtime")]
    Runtime(#[source] std::io::Error),
    #[error("cannot print")]
    Print(#[source] std::io::Error),
    #[error("cannot read {path}")]
    #[diagnostic(help("{help}"))]
    Read { path: PathBuf, help: String, source: std::io::Error },
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{path} is not what it should be: {reason}")]
    #[diagnostic(help("{help}"))]
    Malformed { path: PathBuf, reason: String, help: String },
    #[error("{what} is not known")]
    #[diagnostic(help("{help}"))]
    Missing { what: &'static str, help: &'static str },
    #[error(transparent)]
    Amount(#[from] AmountError),
    #[error("{error}")]
    #[diagnostic(help("{help}"))]
    Api { error: ApiError, help: &'static str },
    #[error(transparent)]
    Requester(#[from] mira_requester::Error),
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Invalid { message: String, help: String },
    #[error("{what} failed: {reason}")]
    Failed { what: &'static str, reason: String },
}

impl Error {
    /// Bad input: what is wrong with it, and what to give instead.
    pub fn invalid(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Invalid { message: message.into(), help: help.into() }
    }

    /// What happened and what to do, in one line.
    pub fn told(&self) -> String {
        match self.help() {
            Some(help) => format!("{self}: {help}"),
            None => self.to_string(),
        }
    }

    /// Something that was under way failed.
    pub fn failed(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Failed { what, reason: reason.to_string() }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let help = match error.status() {
            Some(404) => "what was sent just now shows when it is final, seconds later; else check the address",
            Some(400..=499) => "nothing was changed; mend what the message names and try again",
            Some(_) => "the server cannot answer now; try again, or see `mira doctor`",
            None => "check --api and that it is up (`mira doctor`)",
        };
        Self::Api { error, help }
    }
}

/// Prints the error on standard error and gives the exit status.
pub fn report(error: &Error) -> ExitCode {
    let mut text = String::new();
    let handler = miette::GraphicalReportHandler::new();
    if handler.render_report(&mut text, error).is_err() {
        text = error.to_string();
    }
    use std::io::Write;
    let _ = write!(std::io::stderr().lock(), "{text}");
    ExitCode::FAILURE
}
