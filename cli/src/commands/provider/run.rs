//! `mira provider run`: a node that serves work until Ctrl-C.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use mira_core::{Key, label::Label};
use mira_node::{Node, NodeConfig, machine};
use mira_wire::service::Machine;
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use crate::{
    chain::Chain,
    error::Error,
    execution,
    settings::{Settings, load_keypair, parse_key},
};

/// Arguments of `mira provider run`.
#[derive(Args)]
pub struct RunArgs {
    /// The provider; the keypair's own when left out.
    #[arg(long, value_parser = parse_key)]
    provider: Option<Key>,
    /// The operator's keypair; the owner's when left out.
    #[arg(long, value_name = "FILE")]
    operator_keypair: Option<PathBuf>,
    /// The least to work for, in payment tokens per million units.
    #[arg(long, value_name = "TOKENS")]
    price: String,
    /// How many shards to run at a time.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    slots: u16,
    /// What the machine has, such as cpu=8,memory=16384,gpus=1,model=h100; its cores and memory when left out.
    #[arg(long)]
    machine: Option<Machine>,
    /// Where journal and cache are kept; a restart with the same folder loses nothing.
    #[arg(long, default_value = "mira-node", value_name = "FOLDER")]
    folder: PathBuf,
}

/// Runs the node.
pub async fn run(args: RunArgs, settings: &Settings) -> Result<(), Error> {
    let price = settings.money()?.parse_payment(&args.price)?;
    if price == 0 {
        return Err(Error::invalid("a price of 0 earns nothing", "give a price above 0"));
    }
    let operator = match &args.operator_keypair {
        Some(path) => load_keypair(path)?,
        None => settings.keypair()?,
    };
    let key = settings.provider(args.provider)?;
    let provider = Chain::connect(settings).await?.provider(&key).await?;
    if provider.operator != operator.pubkey() {
        let message = format!("provider {key} is run by {}, not by {}", provider.operator, operator.pubkey());
        return Err(Error::invalid(message, "give the operator's keypair with --operator-keypair"));
    }
    let label = |bytes: &[u8; 16]| {
        Label::validate(bytes)
            .map(|label| label.as_str().to_owned())
            .map_err(|error| Error::failed("reading the provider", error))
    };
    let mut config = NodeConfig::new(&settings.api_url()?, settings.rpc_url(), Arc::new(operator), key, args.folder);
    config.region = label(&provider.region)?;
    config.resource_class = label(&provider.resource_class)?;
    config.unit_price = price;
    config.slots = args.slots;
    config.machine = args.machine.or_else(machine::discover);
    let drain = CancellationToken::new();
    let node = Node::spawn(config, execution::executor()?, drain.clone()).await;
    let node = node.map_err(|error| Error::failed("starting the node", error))?;
    settings.output.note(&format!("provider {key} serves; Ctrl-C drains it"));
    let mut ended = Box::pin(node.wait());
    tokio::select! {
        result = &mut ended => return result.map_err(|error| Error::failed("the node", error)),
        result = tokio::signal::ctrl_c() => result.map_err(|error| Error::failed("waiting for Ctrl-C", error))?,
    }
    settings.output.note("draining: finishing what is running, cashing vouchers");
    drain.cancel();
    ended.await.map_err(|error| Error::failed("the node", error))
}
