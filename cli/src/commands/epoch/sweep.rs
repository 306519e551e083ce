//! `mira epoch sweep`: moves the fees of all shards to the reward vault, where epochs count them.

use clap::Args;
use mira_chain::ix;
use mira_core::{amount::Payment, fee_shard::FEE_SHARDS};
use serde_json::json;
use solana_sdk::signer::Signer;

use crate::{chain::Chain, error::Error, settings::Settings};

/// How many shards one transaction sweeps: each takes four accounts of its own and some compute.
const SHARDS_PER_TRANSACTION: usize = 4;

/// Arguments of `mira epoch sweep`.
#[derive(Args)]
pub struct SweepArgs {}

/// Sweeps the shards that hold something.
pub async fn run(_: SweepArgs, settings: &Settings) -> Result<(), Error> {
    let actor = settings.keypair()?;
    let chain = Chain::connect(settings).await?;
    let before = chain.rewards().await?.swept;
    let mut full = Vec::new();
    for shard in 0..FEE_SHARDS {
        if chain.fee_shard(shard).await?.is_some_and(|books| books.collected > books.swept) {
            full.push(shard);
        }
    }
    let mut receipts = Vec::new();
    for shards in full.chunks(SHARDS_PER_TRANSACTION) {
        let sweeps: Vec<_> = shards.iter().map(|shard| ix::sweep_fees(&actor.pubkey(), *shard)).collect();
        receipts.push(chain.send("sweeping", &actor, &[], &sweeps).await?);
    }
    let after = chain.rewards().await?.swept;
    let moved = Payment::new(after).checked_sub(Payment::new(before)).unwrap_or(Payment::ZERO);
    let document = json!({ "shards": full.len(), "amount": moved.to_string(), "swept": after.to_string(),
        "signatures": receipts });
    settings.output.print(&document, || match full.len() {
        0 => "there is nothing to sweep".to_owned(),
        count => format!("swept {moved} base units from {count} shards, {after} in all\n{}", receipts.join("\n")),
    })
}
