//! `bench indexer`: how fast the index is made, from its own ledger and from a chain, on both engines.
//!
//! | module | measures |
//! | --- | --- |
//! | [`ledger`] | makes the ledger that all others fold: a busy network of the model |
//! | [`fold`] | decoding and folding alone, in memory, on one core |
//! | [`rebuild`] | `rebuild` and `verify` of a recorded ledger, each in a process of its own, with its peak memory |
//! | [`naive`] | the design that is not used: every event by itself, through the same store |
//! | [`network`] | a local chain with a network on it, and settlements to send |
//! | [`lag`] | from finalized to visible through the API, while settlements come in |
//! | [`catch_up`] | an index that comes late, and what it asks the endpoint for |
//!
//! Every way has to give the same hash; that, a lost event or a rebuild that is no faster than the naive
//! design fails the run. How fast the machine is does not.

mod catch_up;
mod database;
mod fold;
mod lag;
mod ledger;
mod naive;
mod network;
pub mod rebuild;
mod table;

use crate::marks;
use crate::report::Report;
use anyhow::{Context, bail};
use catch_up::CatchUp;
use clap::ValueEnum;
use database::Engine;
use fold::Folded;
use lag::Lag;
use naive::Naive;
use rebuild::Rebuilt;
use serde::Serialize;
use serde_json::json;

/// Its name, as `cargo xtask` takes it.
const COMMAND: &str = "bench indexer";
/// The size of the ledger of the committed table.
const EVENTS: u64 = 1_000_000;

/// Which databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Databases {
    /// SQLite only.
    Sqlite,
    /// PostgreSQL only.
    Postgres,
    /// Both; PostgreSQL is left out, and the report says so, where no server is named.
    Both,
}

/// What `bench indexer` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Events in the ledger: enough that they, and not the fixed costs of a rebuild, are what is measured.
    #[arg(long, default_value_t = EVENTS, value_parser = clap::value_parser!(u64).range(20_000..))]
    events: u64,
    /// Which databases.
    #[arg(long, value_enum, default_value_t = Databases::Both)]
    db: Databases,
    /// The PostgreSQL server, on which databases are made and dropped.
    #[arg(long, env = "MIRA_TEST_POSTGRES_URL", hide_env_values = true)]
    postgres: Option<String>,
    /// Settlements sent to the local chain, for each database.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(1..))]
    settlements: u64,
    /// Replace the table of docs/benchmarks.md by what is measured.
    #[arg(long)]
    write: bool,
}

/// All that one run measures.
#[derive(Serialize)]
struct Figures {
    events: u64,
    folded: Folded,
    engines: Vec<OfEngine>,
    /// Why an engine is not there.
    left_out: Option<&'static str>,
}

/// What is measured on each engine.
#[derive(Serialize)]
struct OfEngine {
    engine: &'static str,
    rebuilt: Rebuilt,
    naive: Naive,
    lag: Lag,
    caught_up: CatchUp,
}

/// Measures, and writes where asked.
///
/// # Errors
/// A database or the local chain does not work, or `--write` without the table's own settings.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let (engines, left_out) = engines(args)?;
    if args.write && (seed != 1 || args.events != EVENTS || engines.len() < 2) {
        bail!("the committed table is of seed 1, {EVENTS} events and both databases; leave the options out");
    }
    let folded = fold::measure(seed, args.events)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let (engines, findings) = runtime.block_on(measure(args, seed, &engines, &folded))?;
    let figures = Figures { events: args.events, folded, engines, left_out };
    let text = table::all(&figures, seed);
    if args.write {
        marks::replace(COMMAND, &text)?;
    }
    Ok(Report { command: COMMAND, seed, figures: json!(figures), text, findings })
}

fn engines(args: &Args) -> anyhow::Result<(Vec<Engine>, Option<&'static str>)> {
    let server = args.postgres.clone().map(Engine::Postgres);
    match (args.db, server) {
        (Databases::Sqlite, _) => Ok((vec![Engine::Sqlite], None)),
        (Databases::Postgres, Some(server)) => Ok((vec![server], None)),
        (Databases::Postgres, None) => bail!("set MIRA_TEST_POSTGRES_URL or give --postgres"),
        (Databases::Both, Some(server)) => Ok((vec![Engine::Sqlite, server], None)),
        (Databases::Both, None) => {
            Ok((vec![Engine::Sqlite], Some("PostgreSQL is left out: MIRA_TEST_POSTGRES_URL is not set")))
        }
    }
}

async fn measure(
    args: &Args,
    seed: u64,
    engines: &[Engine],
    folded: &Folded,
) -> anyhow::Result<(Vec<OfEngine>, Vec<String>)> {
    let mut findings = Vec::new();
    let mut ledgers = Vec::new();
    for engine in engines {
        let rebuilt = rebuild::measure(engine, seed, args.events).await?;
        let naive = naive::measure(engine, seed, args.events, &rebuilt.rebuild).await?;
        findings.extend(rebuilt.findings(folded));
        findings.extend(naive.findings());
        ledgers.push((rebuilt, naive));
    }
    let network = network::Network::start(seed).await;
    let mut figures = Vec::new();
    for (engine, (rebuilt, naive)) in engines.iter().zip(ledgers) {
        let (lag, caught_up) = follow(args, &network, engine).await?;
        findings.extend(lag.findings(args.settlements));
        findings.extend(caught_up.findings(&lag));
        figures.push(OfEngine { engine: engine.name(), rebuilt, naive, lag, caught_up });
    }
    network.stop().await;
    for finding in &mut findings {
        *finding += &format!("; again: cargo xtask {COMMAND} --seed {seed} --events {}", args.events);
    }
    Ok((figures, findings))
}

async fn follow(args: &Args, network: &network::Network, engine: &Engine) -> anyhow::Result<(Lag, CatchUp)> {
    let lag = lag::measure(network, engine, args.settlements).await?;
    let caught_up = catch_up::measure(network, engine).await?;
    Ok((lag, caught_up))
}
