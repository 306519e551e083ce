//! `cargo xtask`: the chores of this repository. Everything heavy lives elsewhere, so that this
//! builds in seconds.

mod artifact;
mod clock;
mod foreign;
mod front;
mod mutants;
mod report;
mod tidy;
mod wash;
mod workspace;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this repository")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON document on standard output.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Check the rules of the house: sizes, mirrored tests, imports, arrows.
    Tidy,
    /// Build the program's bytecode and IDL into programs/mira/artifacts.
    BuildProgram {
        /// Only compare the committed artifacts with the sources; build nothing.
        #[arg(long)]
        check: bool,
        /// More arguments for `cargo build-sbf`.
        #[arg(last = true)]
        build_sbf: Vec<String>,
    },
    /// Print the program's IDL; `build-program` runs this.
    #[command(hide = true)]
    PrintIdl,
    /// Build the WebAssembly module that the demo runs into modules/token-index/artifacts.
    BuildModule {
        /// Only compare the committed artifact with the sources; build nothing.
        #[arg(long)]
        check: bool,
        /// More arguments for cargo.
        #[arg(last = true)]
        cargo: Vec<String>,
    },
    /// Let a client from npm that is not ours use the program through its IDL.
    Foreign(foreign::Args),
    /// Remove the program's guards one by one; some test has to notice each.
    Mutants(mutants::Options),
    /// Search for a script in which one party in every role ends with more than it began with.
    Wash(wash::Args),
    /// Measure: `bench program`, `bench indexer`, `bench dispatch`.
    #[command(disable_help_flag = true)]
    Bench(front::Rest),
    /// Play random scripts against the program's bytecode, with the model as oracle.
    #[command(disable_help_flag = true)]
    Solvency(front::Rest),
    /// Play random scripts on the bytecode and on the program compiled for the host.
    #[command(disable_help_flag = true)]
    Differential(front::Rest),
    /// Run everything together on one chain, a local one or one that is up already.
    #[command(disable_help_flag = true)]
    E2e(front::Rest),
    /// Simulate the indexer on chains from seeds, with an endpoint that does everything wrong.
    #[command(disable_help_flag = true)]
    Sim(front::Rest),
    /// Kill the indexer's process again and again, and compare what it leaves with an index that was never killed.
    #[command(disable_help_flag = true)]
    Crash(front::Rest),
    /// Eight workers and two dispatchers on one PostgreSQL, paused and killed: no shard ever has two owners.
    #[command(disable_help_flag = true)]
    Owners(front::Rest),
    /// Try whatever arrives from outside in all forms: events, blocks, usage reports, vouchers, cursors, specs.
    #[command(disable_help_flag = true)]
    Fuzz(front::Rest),
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let workspace = Workspace::locate()?;
    let report = match cli.command {
        Command::PrintIdl => return artifact::program::print_idl(&workspace),
        Command::Foreign(args) => std::process::exit(foreign::run(&workspace, &args, cli.json)?),
        Command::Mutants(options) => std::process::exit(i32::from(!mutants::run(&workspace, &options, cli.json)?)),
        Command::Wash(args) => std::process::exit(i32::from(!wash::run(&workspace, &args, cli.json)?)),
        Command::Bench(rest) => std::process::exit(front::run(&workspace, "bench", rest, cli.json)?),
        Command::Solvency(rest) => std::process::exit(front::run(&workspace, "solvency", rest, cli.json)?),
        Command::Differential(rest) => std::process::exit(front::run(&workspace, "differential", rest, cli.json)?),
        Command::E2e(rest) => std::process::exit(front::run(&workspace, "e2e", rest, cli.json)?),
        Command::Sim(rest) => std::process::exit(front::run(&workspace, "sim", rest, cli.json)?),
        Command::Crash(rest) => std::process::exit(front::run(&workspace, "crash", rest, cli.json)?),
        Command::Owners(rest) => std::process::exit(front::run(&workspace, "owners", rest, cli.json)?),
        Command::Fuzz(rest) => std::process::exit(front::run(&workspace, "fuzz", rest, cli.json)?),
        Command::Tidy => tidy::run(&workspace)?,
        Command::BuildProgram { check: true, .. } => artifact::program::check(&workspace)?,
        Command::BuildProgram { check: false, build_sbf } => artifact::program::build(&workspace, &build_sbf)?,
        Command::BuildModule { check: true, .. } => artifact::check(&workspace, &artifact::MODULE)?,
        Command::BuildModule { check: false, cargo } => artifact::module::build(&workspace, &cargo)?,
    };
    report.print(cli.json)?;
    std::process::exit(i32::from(!report.ok()));
}
