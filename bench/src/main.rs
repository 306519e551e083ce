//! `mira-bench`: benchmarks and long runs. `cargo xtask` fronts for it and builds it in release, so
//! that chores stay light and these runs fast.

mod clock;
mod cores;
mod crash;
mod dispatch;
mod e2e;
mod fuzz;
mod indexer;
mod machine;
mod marks;
mod number;
mod owners;
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
    /// Run everything together on one chain, a local one or one that is up already.
    E2e(e2e::Args),
    /// Simulate the indexer on chains from seeds, with an endpoint that does everything wrong.
    Sim(sim::Args),
    /// Kill the indexer's process again and again; with PostgreSQL, the server too.
    Crash(crash::Args),
    /// The indexer that `crash` kills.
    #[command(hide = true)]
    Indexer(crash::child::Child),
    /// Eight workers and two dispatchers on one PostgreSQL, paused and killed: no shard ever has two owners.
    Owners(owners::Args),
    /// The dispatcher that `owners` pauses and kills.
    #[command(hide = true)]
    Owner(owners::child::Child),
    /// Try whatever arrives from outside in all forms: events, blocks, usage reports, vouchers, cursors, specs.
    Fuzz(fuzz::Args),
    /// Rebuild one database and print one line: what `bench indexer` runs, to measure a process of its own.
    #[command(hide = true)]
    Rebuild(indexer::rebuild::Args),
}

#[derive(Subcommand)]
enum Bench {
    /// What the program's instructions cost on the bytecode: compute units, bytes, rent.
    Program(program::Args),
    /// How fast the index is made, from its own ledger and from a chain, on both engines.
    Indexer(indexer::Args),
    /// What dispatch costs and how well it decides, beside the baselines of the field.
    Dispatch(dispatch::Args),
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
        Command::Bench(Bench::Indexer(args)) => indexer::run(args, cli.seed)?,
        Command::Bench(Bench::Dispatch(args)) => dispatch::run(args, cli.seed)?,
        Command::Solvency(args) => scripts::solvency::run(args, cli.seed),
        Command::E2e(args) => e2e::run(args, cli.seed)?,
        Command::Sim(args) => sim::run(args, cli.seed),
        Command::Crash(args) => crash::run(args, cli.seed)?,
        Command::Indexer(args) => return crash::child::run(args).map(|()| true),
        Command::Owners(args) => owners::run(args, cli.seed)?,
        Command::Owner(args) => return owners::child::run(args).map(|()| true),
        Command::Fuzz(args) => fuzz::run(args, cli.seed)?,
        Command::Rebuild(args) => return indexer::rebuild::child(args).map(|()| true),
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
