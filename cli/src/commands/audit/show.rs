//! `mira audit show`: audits with every run of the shard, as the API has them.

use clap::Args;
use mira_core::Key;
use mira_wire::{
    KeyStr,
    audit::{Audit, AuditsQuery},
};
use serde_json::json;

use crate::{
    error::Error,
    output,
    settings::{Settings, parse_key},
};

/// Arguments of `mira audit show`.
#[derive(Args)]
pub struct ShowArgs {
    /// Of this job only.
    #[arg(long, value_parser = parse_key, value_name = "ADDRESS")]
    job: Option<Key>,
    /// Of results under this lease only.
    #[arg(long, value_parser = parse_key, value_name = "ADDRESS")]
    lease: Option<Key>,
    /// Of this provider's results only.
    #[arg(long, value_parser = parse_key, value_name = "ADDRESS")]
    provider: Option<Key>,
    /// Only those that show a result of this provider to be wrong.
    #[arg(long, value_parser = parse_key, value_name = "ADDRESS")]
    wrong_provider: Option<Key>,
    /// In this state only: sampled, mismatch, passed, failed, cleared or inconclusive.
    #[arg(long)]
    state: Option<String>,
}

/// Shows audits.
pub async fn run(args: ShowArgs, settings: &Settings) -> Result<(), Error> {
    let api = settings.api()?;
    let mut query = AuditsQuery {
        job: args.job.map(KeyStr),
        lease: args.lease.map(KeyStr),
        provider: args.provider.map(KeyStr),
        wrong_provider: args.wrong_provider.map(KeyStr),
        state: args.state,
        limit: Some(100),
        cursor: None,
    };
    let mut audits = Vec::new();
    loop {
        let page = api.audits(&query).await?;
        audits.extend(page.data);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    settings.output.print(&json!({ "audits": audits }), || display(&audits))
}

fn display(audits: &[Audit]) -> String {
    let rows = audits.iter().flat_map(|audit| {
        audit.runs.iter().enumerate().map(move |(index, run)| {
            let verdict = match (index, audit.wrong_lease) {
                (_, Some(lease)) if lease == run.lease => "WRONG".to_owned(),
                (0, _) => audit.state.clone(),
                _ => String::new(),
            };
            let (name, lease) = (format!("{}/{}", audit.job, audit.shard), run.lease.to_string());
            [
                name,
                index.saturating_add(1).to_string(),
                run.provider.to_string(),
                lease,
                run.output.to_string(),
                verdict,
            ]
        })
    });
    let table = output::table(["JOB/SHARD", "RUN", "PROVIDER", "LEASE", "OUTPUT", "VERDICT"], rows);
    format!("{table}\n\n{} audits", audits.len())
}
