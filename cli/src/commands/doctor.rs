//! `mira doctor`: whether everything that a command needs can be reached and agrees.

use std::process::ExitCode;

use clap::Args;
use mira_chain::rpc::Rpc;
use serde_json::json;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::signer::Signer;

use crate::{chain::Chain, error::Error, output, settings::Settings};

/// Arguments of `mira doctor`.
#[derive(Args)]
pub struct DoctorArgs {}

struct Finding {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// Examines everything; the exit status says whether all is well.
pub async fn run(_: DoctorArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let findings = [keypair(settings), cluster(settings).await, network(settings).await, api(settings).await];
    let ok = findings.iter().all(|finding| finding.ok);
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| json!({ "name": finding.name, "ok": finding.ok, "detail": finding.detail }))
        .collect();
    settings.output.print(&json!({ "ok": ok, "checks": checks }), || {
        let rows = findings.iter().map(|finding| {
            [if finding.ok { "✓" } else { "✗" }.to_owned(), finding.name.to_owned(), finding.detail.clone()]
        });
        output::table(["", "CHECK", "DETAIL"], rows)
    })?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn finding(name: &'static str, result: Result<String, Error>) -> Finding {
    match result {
        Ok(detail) => Finding { name, ok: true, detail },
        Err(error) => Finding { name, ok: false, detail: error.to_string() },
    }
}

fn keypair(settings: &Settings) -> Finding {
    finding("keypair", settings.keypair().map(|keypair| keypair.pubkey().to_string()))
}

async fn cluster(settings: &Settings) -> Finding {
    let slot = Rpc::new(&settings.rpc_url()).slot(CommitmentLevel::Finalized).await;
    finding(
        "cluster",
        slot.map(|slot| format!("finalized slot {slot}")).map_err(|error| Error::failed("asking for the slot", error)),
    )
}

async fn network(settings: &Settings) -> Finding {
    let chain = Chain::connect(settings).await;
    let detail = |chain: Chain| {
        let config = chain.config();
        let paused = if config.paused { "; paused: nothing new can begin, every exit stays open" } else { "" };
        format!("payment mint {}{paused}", config.payment_mint)
    };
    finding("network", chain.map(detail))
}

async fn api(settings: &Settings) -> Finding {
    let asked = async {
        let ready = settings.api()?.readyz().await?;
        let failing: Vec<String> = ready
            .checks
            .iter()
            .filter(|check| !check.ok)
            .map(|check| format!("{}: {}", check.name, check.detail))
            .collect();
        match failing.is_empty() {
            true => Ok("ready".to_owned()),
            false => Err(Error::failed("the API", failing.join("; "))),
        }
    };
    finding("api", asked.await)
}
