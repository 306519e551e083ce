//! `mira doctor`: whether everything that a command or an operator needs can be reached and agrees. Changes
//! nothing.

use std::process::ExitCode;

use clap::Args;
use mira_chain::rpc::Rpc;
use mira_core::Hash;
use mira_wire::clock::now_ms;
use serde_json::json;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::signer::Signer;

use crate::{
    chain::Chain,
    doctor::{Finding, Problem, cluster as of_cluster, database as of_database},
    error::Error,
    output,
    settings::Settings,
};

/// Arguments of `mira doctor`.
#[derive(Args)]
pub struct DoctorArgs {
    /// An index to look at, too: sqlite:PATH or postgres://….
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// The indexer's endpoints instead of the cluster's one; several times or separated by commas.
    #[arg(long, env = "MIRA_RPC", value_name = "URL", value_delimiter = ',')]
    rpc: Vec<String>,
    /// The SHA-256 of the deployed bytecode, hex, if it is not the one that comes with this version: of a
    /// verified build.
    #[arg(long, value_name = "HEX", value_parser = parse_hash)]
    program_hash: Option<Hash>,
    /// How far this machine's clock may be from the chain's, seconds. Signed requests allow 60.
    #[arg(long, default_value_t = 30)]
    max_skew_secs: u32,
    /// How far the index may trail finality.
    #[arg(long, default_value_t = 150)]
    max_lag_slots: u64,
    /// How much room the index's disk should have.
    #[arg(long, default_value_t = 1_024)]
    min_free_mib: u64,
}

/// Examines everything; the exit status says whether all is well.
pub async fn run(args: DoctorArgs, settings: &Settings) -> Result<ExitCode, Error> {
    let rpc = Rpc::new(&settings.rpc_url());
    let urls = if args.rpc.is_empty() { vec![settings.rpc_url()] } else { args.rpc.clone() };
    let now_secs = i64::try_from(now_ms() / 1_000).unwrap_or(i64::MAX);
    let (cluster, endpoints, network, program, clock, api) = tokio::join!(
        cluster(&rpc),
        of_cluster::endpoints(&urls),
        network(settings),
        of_cluster::program(&rpc, args.program_hash),
        of_cluster::clock(&rpc, now_secs, args.max_skew_secs),
        api(settings),
    );
    let finalized = endpoints.as_ref().ok().map(|(_, finalized)| *finalized);
    let mut findings = vec![
        Finding::of("keypair", keypair(settings)),
        Finding::of("cluster", cluster),
        Finding::of("endpoints", endpoints.map(|(detail, _)| detail)),
        Finding::of("network", network),
        Finding::of("program", program),
        Finding::of("clock", clock),
        Finding::of("api", api),
    ];
    if let Some(url) = &args.database {
        database(url, &args, finalized, &mut findings).await;
    }
    let ok = findings.iter().all(|finding| finding.ok);
    settings.output.print(&json!({ "ok": ok, "checks": document(&findings) }), || display(&findings))?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(findings: &[Finding]) -> Vec<serde_json::Value> {
    let one = |Finding { name, ok, detail, todo }: &Finding| json!({ "name": name, "ok": ok, "detail": detail, "todo": todo });
    findings.iter().map(one).collect()
}

fn display(findings: &[Finding]) -> String {
    let rows = findings.iter().map(|Finding { name, ok, detail, todo }| {
        let todo = todo.as_ref().map_or_else(String::new, |todo| format!("\n→ {todo}"));
        [if *ok { "✓" } else { "✗" }.to_owned(), (*name).to_owned(), format!("{detail}{todo}")]
    });
    output::table(["", "CHECK", "DETAIL"], rows)
}

fn keypair(settings: &Settings) -> Result<String, Problem> {
    Ok(settings.keypair()?.pubkey().to_string())
}

async fn cluster(rpc: &Rpc) -> Result<String, Problem> {
    let slot = rpc.slot(CommitmentLevel::Finalized).await;
    let slot =
        slot.map_err(|error| Problem::new(format!("asking for the slot failed: {error}"), of_cluster::CLUSTER_UP))?;
    Ok(format!("finalized slot {slot}"))
}

async fn network(settings: &Settings) -> Result<String, Problem> {
    let chain = Chain::connect(settings).await?;
    let config = chain.config();
    let paused = if config.paused { "; paused: nothing new can begin, every exit stays open" } else { "" };
    Ok(format!("payment mint {}{paused}", config.payment_mint))
}

async fn api(settings: &Settings) -> Result<String, Problem> {
    let ready = settings.api()?.readyz().await.map_err(Error::from)?;
    let failing = ready.checks.iter().filter(|check| !check.ok);
    let failing: Vec<String> = failing.map(|check| format!("{}: {}", check.name, check.detail)).collect();
    if failing.is_empty() {
        return Ok("ready".to_owned());
    }
    Err(Problem::new(format!("the API is not ready: {}", failing.join("; ")), "mend what it names"))
}

/// What there is to say of an index. Its tables are only read if they are this version's: opening them would
/// bring them up to date.
async fn database(url: &str, args: &DoctorArgs, finalized: Option<u64>, findings: &mut Vec<Finding>) {
    let found = match of_database::tables(url).await {
        Ok(found) => found,
        Err(problem) => return findings.push(Finding::of("database", Err(problem))),
    };
    let current = of_database::current(&found);
    let read = current.is_ok();
    findings.push(Finding::of("database", current));
    findings.push(Finding::of("disk", of_database::disk(&found, args.min_free_mib)));
    if read {
        let store = match mira_store::open(url).await {
            Ok(store) => store,
            Err(error) => {
                let problem = Error::failed("opening the database", error).into();
                return findings.push(Finding::of("index", Err(problem)));
            }
        };
        findings.push(Finding::of("index", of_database::index(&*store, finalized, args.max_lag_slots).await));
        findings.push(Finding::of("dispatch", of_database::dispatch(&*store).await));
        store.close().await;
    }
}

fn parse_hash(text: &str) -> Result<Hash, String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).map_err(|_| format!("`{text}` is not a hash: 64 hexadecimal digits"))?;
    Ok(hash)
}
