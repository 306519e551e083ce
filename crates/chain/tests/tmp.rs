//! temporary
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code, unused)]
#[macro_use]
#[path = "../../../tests/harness.rs"]
mod harness;
#[path = "../../../tests/chain/mod.rs"]
mod chain;
fn main() -> std::process::ExitCode {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), chain::trials()).exit_code()
}
