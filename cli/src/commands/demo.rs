//! `mira demo`: the whole network once, on this machine, with real work. With `--url` on a chain that is up
//! already, which is looked at before anything is sent to it.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use bytes::Bytes;
use clap::Args;
use mira_indexer::SourceKind;
use serde_json::json;

use crate::{
    amount::Money,
    demo::{self, Options},
    error::Error,
    files,
    network::{DECIMALS, Role, Running, derive},
    settings::{Settings, load_keypair},
};

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
    /// What the indexer asks the chain for.
    #[arg(long, value_enum, default_value_t)]
    source: SourceKind,
    /// With --url: the chain's websocket, if it is not one port further.
    #[arg(long, value_name = "URL")]
    ws_url: Option<String>,
    /// With --url: the keypair of the program's upgrade authority, or of the admin of the network that is there;
    /// one that derives from the seed when left out.
    #[arg(long, value_name = "KEYPAIR")]
    admin: Option<PathBuf>,
}

/// Runs the demo; the exit status says whether all checks hold.
pub async fn run(args: DemoArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let input = match &args.input {
        Some(path) => Bytes::from(files::read(path)?),
        None => demo::bundled_input(),
    };
    let options = Options {
        seed: args.seed,
        input,
        shards: usize::from(args.shards),
        chain: chain(&args, settings).await?,
        source: args.source,
        params: None,
    };
    let document = demo::run(options, settings.output).await?;
    let decimals = if settings.raw { 0 } else { DECIMALS };
    let money = Money { stake_decimals: decimals, payment_decimals: decimals };
    settings.output.print(&json!(document), || document.display(money))?;
    Ok(if document.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The chain that `--url` names.
async fn chain(args: &DemoArgs, settings: &Settings) -> Result<Option<Running>, Error> {
    let Some(url) = settings.url() else {
        return match (&args.ws_url, &args.admin) {
            (None, None) => Ok(None),
            _ => Err(Error::invalid(
                "--ws-url and --admin are about a chain that is up already",
                "name it with --url, or leave them out: then the demo starts a chain of its own",
            )),
        };
    };
    let admin = match &args.admin {
        Some(path) => load_keypair(path)?,
        None => derive(args.seed, Role::Admin),
    };
    settings.output.note("looking at the chain");
    Running::connect(&url, args.ws_url.as_deref(), Arc::new(admin)).await.map(Some)
}
