//! temporary runner
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, dead_code)]
#[macro_use]
#[path = "../../../tests/harness.rs"]
mod harness;
#[path = "../../../tests/program/mod.rs"]
mod program;
#[path = "../../../tests/solvency/mod.rs"]
mod solvency;
fn main() -> std::process::ExitCode {
    libtest_mimic::run(
        &libtest_mimic::Arguments::from_args(),
        [program::trials(), solvency::trials()].into_iter().flatten().collect(),
    )
    .exit_code()
}
