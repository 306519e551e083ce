//! `cargo xtask foreign`: a client that shares no code with this repository, Anchor's from npm, over
//! the committed IDL on a local chain. It lives in tests/foreign; this installs it below the target
//! folder, starts the chain, and hands on its exit code.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::workspace::{Workspace, cargo};

/// The client's folder, and what of it is installed.
const CLIENT: &str = "tests/foreign";
const FILES: [&str; 7] =
    ["package.json", "package-lock.json", "client.mjs", "compare.mjs", "events.mjs", "requester.mjs", "seed.mjs"];
const IDL: &str = "programs/mira/artifacts/mira.json";

/// What `foreign` takes.
#[derive(clap::Args)]
pub struct Args {
    /// The `mira` binary that starts the chain; built in release when left out.
    #[arg(long, value_name = "FILE")]
    mira: Option<PathBuf>,
    /// What the keys of chain and client derive from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the client, which prints its own report, and gives its exit code.
pub fn run(workspace: &Workspace, args: &Args, json: bool) -> anyhow::Result<i32> {
    let target = target(workspace)?;
    let mira = match &args.mira {
        Some(mira) => mira.canonicalize().with_context(|| format!("there is no {}", mira.display()))?,
        None => build(workspace, &target)?,
    };
    let folder = target.join("foreign");
    install(workspace, &folder)?;
    let seed = args.seed.to_string();
    let requester = folder.join("requester.json");
    keypair(&folder, &requester, &seed)?;
    let network = Network::start(&mira, &folder, &seed)?;
    network.faucet(&mira, &requester)?;
    let mut client = Command::new("node");
    client.arg(folder.join("client.mjs")).args(["--rpc", &network.rpc_url, "--seed", &seed]);
    client.arg("--idl").arg(workspace.root().join(IDL)).arg("--requester").arg(&requester);
    if json {
        client.arg("--json");
    }
    let status = client.status().context("cannot run node; the client needs Node.js 20 or newer")?;
    Ok(status.code().unwrap_or(1))
}

fn target(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let metadata = workspace.metadata()?;
    let target = metadata.get("target_directory").and_then(Value::as_str);
    Ok(PathBuf::from(target.context("cargo metadata names no target folder")?))
}

fn build(workspace: &Workspace, target: &Path) -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    let status = build.args(["build", "--release", "--locked", "--bin", "mira"]).current_dir(workspace.root()).status();
    ensure!(status?.success(), "mira does not build");
    Ok(target.join("release/mira"))
}

/// Copies the client below the target folder and installs what its lock file names, scripts left out.
fn install(workspace: &Workspace, folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for file in FILES {
        fs::copy(workspace.root().join(CLIENT).join(file), folder.join(file))
            .with_context(|| format!("cannot copy {CLIENT}/{file}"))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    // The client's own report is all that goes to standard output.
    let status = npm.stdout(Stdio::from(std::io::stderr())).status();
    let status = status.context("cannot run npm; the client needs Node.js 20 or newer with npm")?;
    if !status.success() {
        bail!("npm ci failed in {}", folder.display());
    }
    Ok(())
}

/// Makes the requester's keypair from the seed. The faucet would make one, but another in every run.
fn keypair(folder: &Path, file: &Path, seed: &str) -> anyhow::Result<()> {
    let mut node = Command::new("node");
    node.arg(folder.join("requester.mjs")).args(["--seed", seed]).arg("--out").arg(file);
    let status = node.stdout(Stdio::from(std::io::stderr())).status();
    let status = status.context("cannot run node; the client needs Node.js 20 or newer")?;
    ensure!(status.success(), "the requester's keypair cannot be made");
    Ok(())
}

/// A network on free loopback ports, which ends with this.
struct Network {
    child: Child,
    file: PathBuf,
    rpc_url: String,
}

impl Network {
    fn start(mira: &Path, folder: &Path, seed: &str) -> anyhow::Result<Self> {
        let file = folder.join("mira.toml");
        let mut command = Command::new(mira);
        command.args(["up", "--json", "--stop-with-stdin", "--providers", "0", "--seed", seed]);
        command.args(["--rpc-port", "0", "--ws-port", "0", "--api-port", "0", "--write"]).arg(&file);
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.spawn().with_context(|| format!("cannot run {}", mira.display()))?;
        let mut network = Self { child, file, rpc_url: String::new() };
        let stdout = network.child.stdout.as_mut().context("mira up has no standard output")?;
        let mut documents = serde_json::Deserializer::from_reader(stdout).into_iter::<Value>();
        let document = documents.next().context("mira up ended before it was up")??;
        let url = document.get("rpc_url").and_then(Value::as_str).context("mira up names no rpc_url")?;
        network.rpc_url = url.to_owned();
        Ok(network)
    }

    /// Gives the keypair SOL and tokens.
    fn faucet(&self, mira: &Path, keypair: &Path) -> anyhow::Result<()> {
        let mut command = Command::new(mira);
        command.arg("faucet").arg("--keypair").arg(keypair).arg("--network").arg(&self.file);
        let status = command.stdout(Stdio::from(std::io::stderr())).status()?;
        ensure!(status.success(), "mira faucet failed");
        Ok(())
    }
}

impl Drop for Network {
    /// The network stops when its standard input ends; whatever became of it, nothing is left behind.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if self.rpc_url.is_empty() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
