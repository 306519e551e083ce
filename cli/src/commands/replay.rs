//! `mira replay`: what is kept of a dispatcher's log, decided again.

use std::process::ExitCode;

use clap::Args;
use mira_api::dispatch::{Verified, verify_log};
use serde_json::{Value, json};

use crate::{error::Error, settings::Settings};

/// Arguments of `mira replay`.
#[derive(Args)]
pub struct ReplayArgs {
    /// The dispatcher's database: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: String,
}

/// Replays beside a dispatcher or without it; the exit status says whether everything is the same.
pub async fn run(args: ReplayArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let failed = |error: mira_store::Error| Error::failed("opening the database", error);
    mira_store::inspect(&args.database).await.map_err(failed)?;
    let store = mira_store::open(&args.database).await.map_err(failed)?;
    let verified = verify_log(&*store).await.map_err(|error| Error::failed("replaying the dispatch log", error))?;
    store.close().await;
    settings.output.print(&document(&verified), || display(&verified))?;
    Ok(if verified.differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(verified: &Verified) -> Value {
    json!({
        "ok": verified.differences == 0,
        "after": verified.after,
        "inputs": verified.inputs,
        "decisions": verified.decisions,
        "routes": verified.routes,
        "epochs": verified.epochs,
        "snapshots": verified.snapshots,
        "differences": verified.differences,
        "named": verified.named,
    })
}

fn display(verified: &Verified) -> String {
    let Verified { after, inputs, decisions, routes, epochs, snapshots, differences, named } = verified;
    let routes = if *routes > 0 { format!(", {routes} routes") } else { String::new() };
    let snapshots = if *snapshots > 0 { format!(", {snapshots} snapshots") } else { String::new() };
    let figures = format!("{inputs} inputs, {decisions} decisions{routes}, {epochs} signed epochs{snapshots}");
    let verdict = match differences {
        0 => format!("{figures}: 100 % identical"),
        _ => format!("{figures}: {differences} DIFFERENCES, the first:\n  {}", named.join("\n  ")),
    };
    match after {
        0 => verdict,
        _ => format!(
            "{verdict}\nreplayed from the snapshot of input {after} on; what came before is no longer in the log, and its \
             decisions are proven one by one: `mira explain`"
        ),
    }
}
