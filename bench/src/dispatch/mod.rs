//! `bench dispatch`: what dispatch costs and how well it decides, beside the baselines of the field.
//!
//! | part | measures |
//! | --- | --- |
//! | `decision` | one routing decision, by the number of providers; placements, pulls and the slow path through the engine |
//! | `placement` | tasks on a GPU cluster, by policy |
//! | `interactive` | requests on a simulated network, by load and policy |
//! | `faults` | the same while providers vanish, lie, split or raise prices |
//! | `http` | routes a second over HTTP, from a server on one core |
//!
//! The work is [`mira_dispatch_sim`]'s; here are the arguments, the clock and the files. What fails a run is a ratio
//! within it: ours against a baseline, or the largest network against the smallest. How fast the machine is does not,
//! nor does a goal that was missed: the tables say so.

mod document;
mod files;
mod http;
mod placement;

use crate::clock::Stopwatch;
use crate::report::Report;
use anyhow::bail;
use clap::ValueEnum;
use mira_dispatch_sim::interactive::model::Model;
use mira_dispatch_sim::interactive::policy::Kind;
use mira_dispatch_sim::interactive::{compare, world::Traces};
use mira_dispatch_sim::report::Section;
use mira_dispatch_sim::{decision, faults, interactive, trace};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Its name, as `cargo xtask` takes it.
const COMMAND: &str = "bench dispatch";
/// The seeds of the committed tables.
const SEEDS: u64 = 10;
/// The loads of the committed tables, in percent.
const LOADS: [u32; 3] = [70, 85, 95];
/// The networks of `decision`: of a routing decision, and of the engine around it.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ENGINE_SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Which part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// One routing decision.
    Decision,
    /// Tasks on a GPU cluster.
    Placement,
    /// Interactive requests.
    Interactive,
    /// What goes wrong.
    Faults,
    /// Routes over HTTP.
    Http,
}

/// What `bench dispatch` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Which part; all if none is named.
    #[arg(value_enum)]
    part: Option<Part>,
    /// How many seeds, from --seed on.
    #[arg(long, default_value_t = SEEDS, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Offered loads of `interactive`, in percent of all slots.
    #[arg(long, value_delimiter = ',', default_values_t = LOADS, value_parser = clap::value_parser!(u32).range(1..=150))]
    load: Vec<u32>,
    /// The folder of the real traces; without it they are synthetic.
    #[arg(long, env = "MIRA_TRACES", value_name = "FOLDER")]
    traces: Option<PathBuf>,
    /// Nodes of `placement`: sn,cpu_milli,memory_mib,gpu,model.
    #[arg(long, value_name = "FILE", requires = "pods")]
    nodes: Option<PathBuf>,
    /// Tasks of `placement`: name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec.
    #[arg(long, value_name = "FILE", requires = "nodes")]
    pods: Option<PathBuf>,
    /// Arrivals: TIMESTAMP,ContextTokens,GeneratedTokens.
    #[arg(long, value_name = "FILE")]
    arrivals: Option<PathBuf>,
    /// Round trips: a square matrix of milliseconds, separated by tabs.
    #[arg(long, value_name = "FILE")]
    rtt: Option<PathBuf>,
    /// Write tables and plots to docs/benchmarks.
    #[arg(long)]
    write: bool,
}

/// Measures, and writes where asked.
///
/// # Errors
/// A trace cannot be read, or `--write` without the tables' own settings.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    if args.write && (seed != 1 || args.seeds != SEEDS || args.load != LOADS || args.traces.is_none()) {
        bail!("the committed tables are of seeds 1 to {SEEDS}, all loads and real traces: set MIRA_TRACES only");
    }
    let seeds: Vec<u64> = (seed..seed.saturating_add(args.seeds)).collect();
    let parts = args.part.map_or_else(|| Part::value_variants().to_vec(), |part| vec![part]);
    let (mut text, mut figures, mut findings) = (String::new(), Map::new(), Vec::new());
    for part in parts {
        let section = measure(part, args, &seeds)?;
        if args.write {
            document::write(&section)?;
        }
        text += &format!("# {}\n\n{}\n", section.name, section.markdown);
        let again =
            |finding: &String| format!("{finding}; again: cargo xtask {COMMAND} {} --seed {seed}", section.name);
        findings.extend(section.findings.iter().map(again));
        figures.insert(section.name.to_owned(), section.figures);
    }
    Ok(Report { command: COMMAND, seed, figures: Value::Object(figures), text, findings })
}

fn measure(part: Part, args: &Args, seeds: &[u64]) -> anyhow::Result<Section> {
    let model = Model::default();
    match part {
        Part::Decision => decide(seeds),
        Part::Placement => placement::measure(args, seeds),
        Part::Interactive => {
            let (traces, source) = traces(args, seeds)?;
            let loads: Vec<f64> = args.load.iter().map(|load| f64::from(*load) / 100.0).collect();
            let cells = compare::run(&model, &traces, &loads, seeds, &Kind::COMPARED)?;
            interactive::report::section(&model, &source, &cells)
        }
        Part::Http => http::measure(seeds.first().copied().unwrap_or(1)),
        Part::Faults => {
            let (traces, source) = traces(args, seeds)?;
            let kinds = [Kind::Ours, Kind::PowerOfTwo, Kind::LeastInFlight];
            let outages = faults::outage::run(&model, &traces, seeds, &kinds);
            let pressures = faults::pressure::run(&model, &traces, seeds)?;
            faults::report::section(&model, &source, &outages, &pressures)
        }
    }
}

fn decide(seeds: &[u64]) -> anyhow::Result<Section> {
    let clock = Stopwatch::start();
    let now_ns = || u64::try_from(clock.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let meter = decision::Meter { now_ns: &now_ns, resident: &document::resident };
    let overhead_ns = meter.overhead_ns();
    let cells = decision::run(&SIZES, seeds, &meter)?;
    let engines = decision::engine::run(&ENGINE_SIZES, seeds, &meter)?;
    decision::report::section(&cells, &engines, overhead_ns)
}

fn traces(args: &Args, seeds: &[u64]) -> anyhow::Result<(Traces, String)> {
    let files = trace::Files { folder: args.traces.clone(), arrivals: args.arrivals.clone(), rtt: args.rtt.clone() };
    let seed = seeds.first().copied().unwrap_or(1);
    let (requests, arrivals) = files.requests(seed)?;
    let (rtt, hosts) = files.rtt(seed)?;
    Ok((Traces { requests, rtt }, format!("Arrivals: {arrivals}. Round trips: {hosts}.")))
}
