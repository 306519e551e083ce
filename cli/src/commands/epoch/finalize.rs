//! `mira epoch finalize`: makes the pending epoch the one that claims are made against.

use clap::Args;
use mira_chain::ix;
use serde_json::json;
use solana_sdk::signer::Signer;

use crate::{chain::Chain, error::Error, settings::Settings};

/// Arguments of `mira epoch finalize`.
#[derive(Args)]
pub struct FinalizeArgs {}

/// Finalizes.
pub async fn run(_: FinalizeArgs, settings: &Settings) -> Result<(), Error> {
    let actor = settings.keypair()?;
    let chain = Chain::connect(settings).await?;
    let before = chain.rewards().await?;
    let pending = before.pending.ok_or_else(|| {
        Error::invalid("no epoch is pending", "authorities approve one first: mira epoch approve FILE")
    })?;
    if chain.now().await? < pending.final_from {
        let time = mira_wire::Time::from_secs(pending.final_from);
        let message = format!("epoch {} can be challenged until {time}", pending.epoch.index);
        return Err(Error::invalid(message, "try again then"));
    }
    let receipt = chain.send("finalizing", &actor, &[], &[ix::finalize_epoch(&actor.pubkey())]).await?;
    let after = chain.rewards().await?;
    let (index, to_treasury) = (after.last.index, after.to_treasury.saturating_sub(before.to_treasury));
    let document = json!({ "epoch": index.to_string(), "root": hex::encode(after.last.root),
        "cumulative_total": after.last.cumulative_total.to_string(), "to_treasury": to_treasury.to_string(),
        "signature": receipt });
    settings.output.print(&document, || {
        format!("epoch {index} is final; anyone may now: mira epoch claim FILE\ntransaction {receipt}")
    })
}
