//! `mira-bench`: benchmarks and long runs. `cargo xtask` fronts for it and builds it in release, so
//! that chores stay light and these runs fast.

mod program;
mod report;
mod root;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "mira-bench", about = "Benchmarks and long runs of Mira")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON document on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// What all keys and every random choice of the run derive from.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Measure.
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Subcommand)]
enum Bench {
    /// What the program's instructions cost on the bytecode: compute units, bytes, rent.
    Program(program::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Bench(Bench::Program(args)) => program::run(&args, cli.seed),
    };
    match outcome.and_then(|report| report.print(cli.json, std::io::stdout().lock())) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
