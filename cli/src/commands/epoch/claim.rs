//! `mira epoch claim`: claims for providers what the last final epoch's bundle holds for them. Each claim
//! is a transaction of its own, and one that is refused holds no other up.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use mira_chain::ix;
use mira_core::{Hash, Key, amount::Payment};
use mira_indexer::epoch::Report;
use serde_json::{Value, json};
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::{require_network, sound};
use crate::{
    chain::Chain,
    error::Error,
    output,
    settings::{Settings, parse_key, show_key},
};

/// Arguments of `mira epoch claim`.
#[derive(Args)]
pub struct ClaimArgs {
    /// The bundle of the last final epoch.
    file: PathBuf,
    /// Only for this provider; may be given more than once.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_key)]
    provider: Vec<Key>,
}

/// A provider, its lifetime reward, and the proof of it.
type Leaf = (Key, Payment, Vec<Hash>);

struct Claim {
    provider: Key,
    amount: Payment,
    sent: Result<String, Error>,
}

/// Claims; the exit status says whether every claim that was due went through.
pub async fn run(args: ClaimArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let (_, report) = sound(&args.file)?;
    let wanted = wanted(&report, &args.provider)?;
    let actor = settings.keypair()?;
    let chain = Chain::connect(settings).await?;
    require_network(&report, &chain)?;
    let last = chain.rewards().await?.last;
    if last.to_core() != report.epoch {
        let message = format!("the bundle is not the last final epoch's, which is epoch {}", last.index);
        return Err(Error::invalid(message, "give that one's bundle, or finalize this one: mira epoch finalize"));
    }
    let mut claims = Vec::new();
    for (provider, lifetime, proof) in wanted {
        let account = chain.provider(&Pubkey::new_from_array(provider)).await?;
        let due = lifetime.checked_sub(Payment::new(account.claimed)).unwrap_or(Payment::ZERO);
        if !due.is_zero() {
            let sent = claim(&chain, &actor, (&provider, &account.payout), lifetime, &proof).await;
            claims.push(Claim { provider, amount: due, sent });
        }
    }
    print(&report, &claims, settings)
}

/// Whom to claim for.
fn wanted(report: &Report, only: &[Key]) -> Result<Vec<Leaf>, Error> {
    let with_leaf = report.providers.iter().filter(|line| line.leaf.is_some()).map(|line| line.provider);
    let keys: Vec<Key> = if only.is_empty() { with_leaf.collect() } else { only.to_vec() };
    let leaf = |key: Key| match report.claim(&key) {
        Some((lifetime, proof)) => Ok((key, lifetime, proof)),
        None => {
            let message = format!("the bundle holds nothing for provider {}", show_key(&key));
            Err(Error::invalid(message, "leave --provider out to claim for all that it names"))
        }
    };
    keys.into_iter().map(leaf).collect()
}

async fn claim(
    chain: &Chain,
    actor: &Keypair,
    (provider, payout): (&Key, &Pubkey),
    lifetime: Payment,
    proof: &[Hash],
) -> Result<String, Error> {
    let provider = Pubkey::new_from_array(*provider);
    let claim = ix::claim_reward(&actor.pubkey(), &provider, payout, lifetime, proof);
    chain.send("claiming", actor, &[], &[claim]).await
}

fn print(report: &Report, claims: &[Claim], settings: &Settings) -> Result<ExitCode, Error> {
    let ok = claims.iter().all(|claim| claim.sent.is_ok());
    let lines: Vec<Value> = claims
        .iter()
        .map(|claim| {
            let (name, value) = told(&claim.sent);
            json!({ "provider": show_key(&claim.provider), "amount": claim.amount.to_string(), name: value })
        })
        .collect();
    let document = json!({ "ok": ok, "epoch": report.epoch.index.to_string(), "claims": lines });
    settings.output.print(&document, || {
        let rows = claims.iter().map(|claim| {
            let (name, value) = told(&claim.sent);
            [show_key(&claim.provider), claim.amount.to_string(), format!("{name} {value}")]
        });
        match claims {
            [] => "everything was claimed before".to_owned(),
            _ => output::table(["PROVIDER", "AMOUNT", ""], rows),
        }
    })?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(sent: &Result<String, Error>) -> (&'static str, String) {
    match sent {
        Ok(signature) => ("signature", signature.clone()),
        Err(error) => ("error", error.to_string()),
    }
}
