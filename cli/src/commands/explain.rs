//! `mira explain`: why a decision was taken as it was, and whether that is what was decided then.

use std::process::ExitCode;

use clap::Args;
use mira_core::Key;
use mira_wire::client::ApiClient;
use mira_wire::dispatch::{DecisionProof, DispatchEpoch};

use crate::{
    error::Error,
    explaining::{self, Expected},
    settings::{Settings, parse_key},
};

/// Arguments of `mira explain`.
#[derive(Args)]
pub struct ExplainArgs {
    /// The decision: a placement's id, as `mira job why` lists them, or a route's number.
    decision: String,
    /// Whose decision it must be; without it, anybody's whose key the answer names.
    #[arg(long, value_name = "KEY", value_parser = parse_key)]
    dispatcher: Option<Key>,
}

/// Explains and verifies; the exit status says whether everything is as it says.
pub async fn run(args: ExplainArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let api = settings.api()?;
    let proof = api.decision_proof(&args.decision).await?.data;
    let previous = previous(&api, &proof).await?;
    let cluster = settings.network().ok().and_then(|network| parse_key(&network.cluster_id).ok());
    let expected = Expected { decision: &args.decision, dispatcher: args.dispatcher, cluster };
    let verdict = explaining::verify(&expected, &proof, previous.as_ref())
        .map_err(|reason| Error::failed("reading the record", reason))?;
    settings.output.print(&verdict.document(&args.decision), || verdict.display())?;
    Ok(if verdict.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The epoch before the decision's, whose root its hash must follow from.
async fn previous(api: &ApiClient, proof: &DecisionProof) -> Result<Option<DispatchEpoch>, Error> {
    let number = proof.inclusion.as_ref().map_or(1, |inclusion| inclusion.epoch.number.get());
    match number.checked_sub(1) {
        None | Some(0) => Ok(None),
        Some(before) => Ok(Some(api.dispatch_epoch(before).await?.data)),
    }
}
