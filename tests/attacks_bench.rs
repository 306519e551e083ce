//! Temporary: builds the attacks alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, dead_code)]

#[macro_use]
mod harness;
mod attacks;
mod program {
    #[path = "support.rs"]
    pub mod support;
}

fn main() -> std::process::ExitCode {
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, attacks::trials()).exit_code()
}
