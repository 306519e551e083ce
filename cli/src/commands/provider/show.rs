//! `mira provider show`: one provider, as the finalized index has it.

use clap::Args;
use mira_core::Key;
use serde_json::json;

use crate::{
    error::Error,
    settings::{Settings, parse_key},
    view,
};

/// Arguments of `mira provider show`.
#[derive(Args)]
pub struct ShowArgs {
    /// The provider's address; the keypair's own provider when left out.
    #[arg(value_parser = parse_key)]
    provider: Option<Key>,
}

/// Shows the provider.
pub async fn run(args: ShowArgs, settings: &Settings) -> Result<(), Error> {
    let key = settings.provider(args.provider)?;
    let reply = settings.api()?.provider(key.to_bytes().into()).await?;
    let money = settings.money()?;
    settings.output.print(&json!(reply), || view::provider(&reply.data, money))
}
