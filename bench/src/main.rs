//! `mira-bench`: benchmarks and long runs. `cargo xtask` fronts for it and builds it in release, so
//! that chores stay light and these runs fast.

mod clock;
mod crash;
mod machine;
mod program;
mod report;
mod root;
mod scripts;
mod seeds;
mod sim;

use clap::{Parser, Subcommand};
use mira_testkit::native::quiet_stdout;
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
    /// Play random scripts on the bytecode, with the model as oracle.
    Solvency(scripts::Args),
    /// Play random scripts on the bytecode and on the program compiled for the host.
    Differential(scripts::Args),
    /// Simulate the indexer on chains from seeds, with an endpoint that does everything wrong.
    Sim(sim::Args),
    /// Kill the indexer's process again and again; with PostgreSQL, the server too.
    Crash(crash::Args),
    /// The indexer that `crash` kills.
    #[command(hide = true)]
    Indexer(crash::child::Child),
}

#[derive(Subcommand)]
enum Bench {
    /// What the program's instructions cost on the bytecode: compute units, bytes, rent.
    Program(program::Args),
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command and prints its report. Whether nothing has to be mended.
fn run(cli: &Cli) -> anyhow::Result<bool> {
    let report = match &cli.command {
        Command::Bench(Bench::Program(args)) => program::run(args, cli.seed)?,
        Command::Solvency(args) => scripts::solvency::run(args, cli.seed),
        Command::Sim(args) => sim::run(args, cli.seed),
        Command::Crash(args) => crash::run(args, cli.seed)?,
        Command::Indexer(args) => return crash::child::run(args).map(|()| true),
        Command::Differential(args) => {
            // The program on the host prints its log where the report goes.
            let stdout = quiet_stdout()?;
            return scripts::differential::run(args, cli.seed).print(cli.json, stdout);
        }
    };
    report.print(cli.json, std::io::stdout().lock())
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_go_together() {
        Cli::command().debug_assert();
    }
}
