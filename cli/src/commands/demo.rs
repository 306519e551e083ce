//! `mira demo`: the whole network once, on this machine, with real work.

use std::{path::PathBuf, process::ExitCode};

use bytes::Bytes;
use clap::Args;
use serde_json::json;

use crate::{
    amount::Money,
    demo::{self, Options},
    error::Error,
    files,
    network::DECIMALS,
    settings::Settings,
};

/// A public-domain text; `demo/README.md` says which.
const INPUT: &[u8] = include_bytes!("../../../demo/input.txt");

/// Arguments of `mira demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// The file to index; a bundled text when left out.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Decides keys, prices and simulated round-trip times.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many shards to cut at most.
    #[arg(long, default_value_t = 48, value_parser = clap::value_parser!(u16).range(1..=1000))]
    shards: u16,
}

/// Runs the demo; the exit status says whether all checks hold.
pub async fn run(args: DemoArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let input = match &args.input {
        Some(path) => Bytes::from(files::read(path)?),
        None => Bytes::from_static(INPUT),
    };
    let options = Options { seed: args.seed, input, shards: usize::from(args.shards) };
    let document = demo::run(options, settings.output).await?;
    let decimals = if settings.raw { 0 } else { DECIMALS };
    let money = Money { stake_decimals: decimals, payment_decimals: decimals };
    settings.output.print(&json!(document), || document.display(money))?;
    Ok(if document.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
