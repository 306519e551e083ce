//! `bench dispatch http`: the real API in a process of its own on one processor core, loaded from another one.
//!
//! A gateway's requests: each asks for a route and reports how the connection's one before has ended. They fall due at a
//! fixed rate whether or not the server keeps up. The rate is raised until it does not.

mod load;
mod server;
mod town;

use crate::cores;
use crate::number::thousands;
use anyhow::Context;
use load::{Plan, Served};
use mira_dispatch_sim::report::Section;
use mira_store::scratch::Scratch;
use mira_wire::client::ApiClient;
use serde_json::{Value, json};
use server::{Mode, Server, Spent};
use std::time::Duration;
use town::{REGIONS, Town};

/// Providers that hold a lease of the job.
const PROVIDERS: u32 = 500;
/// Connections; each carries one request at a time.
const CONNECTIONS: usize = 256;
/// How long each rate is held.
const LENGTH: Duration = Duration::from_secs(3);
/// Routes a second, rising.
const RATES: [u64; 10] = [1_000, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000, 16_000, 20_000, 30_000];
/// A rate is kept if so much of it is answered in its time, and so fast.
const KEPT: f64 = 0.97;
const P99_US: u64 = 10_000;
/// Below this part of what is due the server is overrun, and higher rates are not tried.
const OVERRUN: f64 = 0.9;
/// The goals of the design: routes a second.
const GOALS: [(Mode, u64); 2] = [(Mode::Memory, 30_000), (Mode::Durable, 10_000)];
/// What is written before it is answered may cost so much of the rate at most: anything more is a fault of the batching.
const LEAST_PART: f64 = 0.2;

/// One rate.
struct Step {
    rate: u64,
    served: Served,
    spent: Spent,
}

impl Step {
    fn is_kept(&self) -> bool {
        self.served.per_second() >= KEPT * self.rate as f64 && self.p99_us() <= P99_US
    }

    fn p99_us(&self) -> u64 {
        self.served.latency.value_at_quantile(0.99)
    }
}

/// All rates of one way to answer.
struct Ladder {
    mode: Mode,
    database: &'static str,
    steps: Vec<Step>,
}

impl Ladder {
    /// The highest rate that was kept.
    fn best(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.is_kept())
    }
}

/// Measures both ways to answer.
///
/// # Errors
/// The server does not start, or answers with anything but routes.
pub fn measure(seed: u64) -> anyhow::Result<Section> {
    cores::pin(1)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ladders = [Mode::Memory, Mode::Durable].map(|mode| runtime.block_on(ladder(seed, mode)));
    let ladders = ladders.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(section(&ladders))
}

async fn ladder(seed: u64, mode: Mode) -> anyhow::Result<Ladder> {
    let folder = tempfile::tempdir()?;
    let scratch = Scratch::sqlite(folder.path());
    let now = i64::try_from(mira_wire::clock::system()() / 1_000)?;
    let town = Town::new(seed, PROVIDERS, now);
    let store = scratch.open().await?;
    town.write(&*store).await?;
    store.close().await;
    let mut server = Server::start(scratch.url(), folder.path(), mode).await?;
    town.open(&server.client).await?;
    let token = session(&server.client, &town).await?;
    let mut steps = Vec::new();
    for rate in RATES {
        let plan = Plan {
            address: server.address.to_string(),
            token: token.as_str().into(),
            rate,
            length: LENGTH,
            connections: CONNECTIONS,
            regions: REGIONS.map(str::to_owned).to_vec().into(),
        };
        let before = server.spent().await?;
        let served = load::run(plan).await.with_context(|| format!("at {rate} routes a second"))?;
        let spent = server.spent().await? - before;
        steps.push(Step { rate, served, spent });
        if steps.last().is_some_and(|step| step.served.per_second() < OVERRUN * rate as f64) {
            break;
        }
    }
    server.end().await?;
    Ok(Ladder { mode, database: "SQLite", steps })
}

async fn session(client: &ApiClient, town: &Town) -> anyhow::Result<String> {
    let session = client.session(&town.requester(), town.job().into()).await.context("no session")?;
    Ok(session.token)
}

fn section(ladders: &[Ladder]) -> Section {
    let mut markdown = format!(
        "The API with its dispatcher on one core, {PROVIDERS} providers that all hold a lease of one interactive job; an \
         open-loop load over {CONNECTIONS} connections from another core, {} s at each rate. Each request asks for a route \
         and reports the end of the one before. A rate is kept if {:.0} % of it was answered in its time and 99 % within \
         {} ms.\n\n",
        LENGTH.as_secs(),
        KEPT * 100.0,
        P99_US / 1_000
    );
    for ladder in ladders {
        markdown += &table(ladder);
    }
    let mut findings = Vec::new();
    let best = |mode: Mode| ladders.iter().find(|ladder| ladder.mode == mode).and_then(Ladder::best);
    let rate = |mode: Mode| best(mode).map_or(0, |step| step.rate);
    for (mode, goal) in GOALS {
        let reached = if rate(mode) >= goal { "reached" } else { "missed" };
        markdown += &format!(
            "Goal {}: ≥ {} routes/s at p99 < 10 ms: {} kept, {reached}.\n\n",
            mode.name(),
            thousands(goal),
            thousands(rate(mode))
        );
    }
    let (memory, durable) = (rate(Mode::Memory) as f64, rate(Mode::Durable) as f64);
    if durable < LEAST_PART * memory {
        findings.push(format!("durable routing keeps {durable} routes/s, less than a fifth of {memory} in memory"));
    }
    if memory == 0.0 {
        findings.push(format!("not even {} routes/s were kept", RATES[0]));
    }
    Section { name: "http", markdown, plots: Vec::new(), figures: figures(ladders), findings }
}

fn table(ladder: &Ladder) -> String {
    let mut text = format!(
        "**{}** ({})\n\n| due/s | answered/s | p50 ms | p99 ms | p99.9 ms | server's core busy | in the engine | in records and \
         digests | in the database | load's core busy |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
        ladder.mode.name(),
        ladder.database
    );
    for step in &ladder.steps {
        let at = |quantile| step.served.latency.value_at_quantile(quantile) as f64 / 1_000.0;
        let part = |time: Duration| 100.0 * time.as_secs_f64() / step.served.took.as_secs_f64();
        text += &format!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} % | {:.0} % | {:.0} % | {:.0} % | {:.0} % |\n",
            thousands(step.rate),
            step.served.per_second(),
            at(0.5),
            at(0.99),
            at(0.999),
            part(step.spent.cpu),
            part(step.spent.engine),
            part(step.spent.encode),
            part(step.spent.write),
            part(step.served.cpu)
        );
    }
    text + "\n"
}

fn figures(ladders: &[Ladder]) -> Value {
    let step = |step: &Step| {
        let at = |quantile| step.served.latency.value_at_quantile(quantile);
        json!({ "rate": step.rate, "per_second": step.served.per_second(), "p50_us": at(0.5), "p99_us": at(0.99),
            "p999_us": at(0.999), "cpu_s": step.spent.cpu.as_secs_f64(), "engine_s": step.spent.engine.as_secs_f64(),
            "encode_s": step.spent.encode.as_secs_f64(), "write_s": step.spent.write.as_secs_f64(),
            "load_s": step.served.cpu.as_secs_f64(), "kept": step.is_kept() })
    };
    let ladders = ladders.iter().map(|ladder| {
        let steps: Vec<Value> = ladder.steps.iter().map(step).collect();
        json!({ "mode": ladder.mode.name(), "database": ladder.database, "steps": steps,
            "kept": ladder.best().map(|step| step.rate) })
    });
    Value::Array(ladders.collect())
}
