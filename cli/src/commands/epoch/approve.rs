//! `mira epoch approve`: a reward authority's approval of what a bundle says. The bundle must follow from
//! its own inputs, and from an index if one is given.

use std::path::PathBuf;

use clap::Args;
use mira_chain::{account::RewardState, ix};
use mira_core::{epoch::Epoch, hash::Sha2};
use mira_indexer::epoch;
use serde_json::json;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use super::{malformed, open, require_network, sound};
use crate::{chain::Chain, error::Error, settings::Settings};

/// Arguments of `mira epoch approve`.
#[derive(Args)]
pub struct ApproveArgs {
    /// The bundle.
    file: PathBuf,
    /// Recompute it from this index first, as whoever signs should: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: Option<String>,
}

/// Approves.
pub async fn run(args: ApproveArgs, settings: &Settings) -> Result<(), Error> {
    let (bundle, report) = sound(&args.file)?;
    if let Some(database) = &args.database {
        let store = open(database).await?;
        let differences = epoch::against_ledger(&bundle, &*store).await;
        store.close().await;
        let differences = differences.map_err(|error| Error::failed("recomputing from the ledger", error))?;
        if let Some(difference) = differences.first() {
            return Err(malformed(&args.file, difference));
        }
    }
    let authority = settings.keypair()?;
    let chain = Chain::connect(settings).await?;
    require_network(&report, &chain)?;
    let authorities = &chain.config().reward_authorities;
    require_due(&report.epoch, &report.header.previous, &chain.rewards().await?)?;
    require_authority(&authority.pubkey(), authorities)?;
    let approve = ix::approve_epoch(&authority.pubkey(), &report.epoch);
    let receipt = chain.send("approving", &authority, &[], &[approve]).await?;

    let (state, digest) = (chain.rewards().await?, report.epoch.digest::<Sha2>());
    let approvals = state.approvals.iter().filter(|approval| approval.digest == digest).count();
    let final_from = state.pending.map(|pending| mira_wire::Time::from_secs(pending.final_from).to_string());
    let index = report.epoch.index;
    let document = json!({ "epoch": index.to_string(), "digest": hex::encode(digest), "approvals": approvals,
        "authorities": authorities.len(), "pending": state.pending.is_some(), "final_from": final_from,
        "signature": receipt });
    settings.output.print(&document, || {
        let next = match final_from {
            Some(time) => format!("pending; from {time}: mira epoch finalize"),
            None => format!("{approvals} of {} authorities agree; more than half are needed", authorities.len()),
        };
        format!("epoch {index} approved: {next}\ntransaction {receipt}")
    })
}

/// The program refuses these too; here the answer says what to do.
fn require_due(epoch: &Epoch, previous: &Epoch, state: &RewardState) -> Result<(), Error> {
    if let Some(pending) = &state.pending {
        let message = format!("epoch {} is pending", pending.epoch.index);
        return Err(Error::invalid(message, "finalize it when its window is over: mira epoch finalize"));
    }
    if state.last.to_core() == *previous {
        return Ok(());
    }
    let message = format!("epoch {} does not follow the last final one, epoch {}", epoch.index, state.last.index);
    Err(Error::invalid(message, "build the next one: mira epoch build --previous FILE"))
}

fn require_authority(key: &Pubkey, authorities: &[Pubkey]) -> Result<(), Error> {
    if authorities.contains(key) {
        return Ok(());
    }
    Err(Error::invalid(format!("{key} is no reward authority"), "give an authority's keypair with --keypair"))
}
