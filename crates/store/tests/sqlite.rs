//! The conformance suite on SQLite. The `tests` package runs the same on PostgreSQL.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use mira_store::conformance::{CASES, Case, run};
use mira_store::scratch::Scratch;

fn main() -> ExitCode {
    let trial = |(name, case): &(&str, Case)| {
        let case = *case;
        Trial::test(*name, move || once(case))
    };
    libtest_mimic::run(&Arguments::from_args(), CASES.iter().map(trial).collect()).exit_code()
}

fn once(case: Case) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(case, Scratch::sqlite(folder.path()))).map_err(Failed::from)
}
