//! `mira job why`: why a job has the leases it has, or waits for them.

use clap::Args;
use mira_core::Key;
use mira_wire::decision::Why;
use serde_json::json;

use crate::{
    error::Error,
    settings::{Settings, parse_key},
};

/// Arguments of `mira job why`.
#[derive(Args)]
pub struct WhyArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
}

/// Says why.
pub async fn run(args: WhyArgs, settings: &Settings) -> Result<(), Error> {
    let why = settings.api()?.job_why(args.job.into()).await?;
    let document = json!({ "context": why.context, "why": why.data });
    settings.output.print(&document, || display(&why.data))
}

fn display(why: &Why) -> String {
    let mut lines = vec![format!("{}: {}", why.status, why.message)];
    if why.rejects.is_empty() {
        lines.push(format!("{} leases live, {} owners needed", why.live_leases, why.owners_needed));
    }
    let rejects = why.rejects.iter().map(|reject| format!("  {} rejected {}", reject.limit, reject.count));
    lines.extend(rejects);
    lines.extend(why.decisions.iter().map(|decision| format!("mira explain {decision}")));
    lines.join("\n")
}
