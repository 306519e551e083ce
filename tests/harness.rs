//! What turns functions into tests of the one binary.

use libtest_mimic::{Failed, Trial};
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

/// Set by [`mira`]: the binary is to be the `mira` command.
const AS_MIRA: &str = "MIRA_TEST_AS_MIRA";
/// A PostgreSQL server on which tests may create and drop databases of their own.
const POSTGRES_URL: &str = "MIRA_TEST_POSTGRES_URL";

/// The tests of a file, each named after its function:
///
/// ```ignore
/// pub fn trials() -> Vec<Trial> {
///     trials![pays_the_difference, refuses_a_stranger]
///         .with(trials![async: answers_over_http])
///         .with(trials![postgres: both_engines_agree])
/// }
/// ```
///
/// Plain ones are `fn()`. Those behind `async:` are `async fn()`. Those behind `postgres:` are
/// `async fn(url: String)`, given the server's URL, and ignored where there is none. Those behind `mount:` are
/// asynchronous, and ignored where no disk may be mounted.
macro_rules! trials {
    (async: $($name:ident),+ $(,)?) => {
        vec![$($crate::harness::asynchronous(concat!(module_path!(), "::", stringify!($name)), $name)),+]
    };
    (mount: $($name:ident),+ $(,)?) => {
        vec![$($crate::harness::mounting(concat!(module_path!(), "::", stringify!($name)), $name)),+]
    };
    (postgres: $($name:ident),+ $(,)?) => {
        vec![$($crate::harness::postgres(concat!(module_path!(), "::", stringify!($name)), $name)),+]
    };
    ($($name:ident),+ $(,)?) => {
        vec![$($crate::harness::plain(concat!(module_path!(), "::", stringify!($name)), $name)),+]
    };
}

/// Chains lists of tests.
pub trait With {
    /// Both lists, one after the other.
    fn with(self, more: Vec<Trial>) -> Vec<Trial>;
}

impl With for Vec<Trial> {
    fn with(mut self, more: Vec<Trial>) -> Vec<Trial> {
        self.extend(more);
        self
    }
}

/// A test that passes unless it panics.
pub fn plain(path: &str, test: fn()) -> Trial {
    Trial::test(name(path), move || caught(test))
}

/// A test on a runtime of its own.
pub fn asynchronous<F: Future<Output = ()> + 'static>(path: &str, test: fn() -> F) -> Trial {
    Trial::test(name(path), move || caught(|| runtime().block_on(test())))
}

/// A test on a runtime of its own that mounts a small disk; ignored where that is not allowed.
pub fn mounting<F: Future<Output = ()> + 'static>(path: &str, test: fn() -> F) -> Trial {
    asynchronous(path, test).with_kind("mount").with_ignored_flag(!crate::disk::can_mount())
}

/// A test on a runtime of its own that needs a PostgreSQL server.
pub fn postgres<F: Future<Output = ()> + 'static>(
    path: &str,
    test: impl FnOnce(String) -> F + Send + 'static,
) -> Trial {
    let url = std::env::var(POSTGRES_URL).ok();
    let trial = Trial::test(name(path), {
        let url = url.clone();
        move || match url {
            Some(url) => caught(|| runtime().block_on(test(url))),
            None => Err(Failed::from(format!("set {POSTGRES_URL} to a server to run this test"))),
        }
    });
    trial.with_kind("postgres").with_ignored_flag(url.is_none())
}

/// A command that runs this very binary as `mira`, with nothing of the caller's configuration.
pub fn mira() -> Command {
    let binary = std::env::current_exe().expect("the test binary knows where it is");
    let mut command = Command::new(binary);
    command.env(AS_MIRA, "1").env_remove("RUST_LOG");
    command
}

/// Whether [`mira`] started this process.
pub fn runs_as_mira() -> bool {
    std::env::var_os(AS_MIRA).is_some()
}

/// The path without the crate's own name.
fn name(path: &str) -> &str {
    path.split_once("::").map_or(path, |(_, rest)| rest)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts")
}

fn caught(test: impl FnOnce()) -> Result<(), Failed> {
    catch_unwind(AssertUnwindSafe(test)).map_err(|panic| Failed::from(message(&*panic)))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "panicked".to_owned())
}
