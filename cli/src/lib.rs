//! The `mira` command, as a library so that tests can run it inside their own process, and the end-to-end run
//! its demo.

mod amount;
mod args;
mod audit;
mod chain;
mod commands;
pub mod demo;
mod doctor;
mod error;
mod execution;
mod explaining;
mod files;
pub mod network;
pub mod output;
mod progress;
mod requesting;
mod service_args;
mod settings;
mod transactions;
mod view;
mod work_args;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

pub use args::Cli;
pub use settings::load_keypair;

/// Parses the process's arguments, runs the command and prints what it has to say.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    logs();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => return error::report(&error::Error::Runtime(source)),
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => error::report(&error),
    }
}

/// What is logged unless `RUST_LOG` says otherwise. The local chain logs every transaction that it
/// refuses, and whoever sent it reports that anyway.
const LOGS: &str = "off,mira=warn,mira_cli=info,mira_chain::local=off";

/// Logs go to standard error, and say little unless `RUST_LOG` asks for more: standard output
/// belongs to the command's own answer.
fn logs() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGS));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).finish();
    // A second call, as in tests, keeps the first subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}
