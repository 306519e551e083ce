//! The server: the API in a process of its own, and what its time went to.

use anyhow::{Context, ensure};
use mira_wire::client::ApiClient;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Sub;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::crash::signal::{self, Signal};

/// How long it may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// The core that it runs on.
const CORE: &str = "0";

/// When a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Once it is decided.
    Memory,
    /// Once it is written.
    Durable,
}

impl Mode {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Memory => "in memory",
            Mode::Durable => "durable",
        }
    }
}

/// What the server's time went to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// On its core, all of it.
    pub cpu: Duration,
    /// In the engine.
    pub engine: Duration,
    /// In records and digests of what the engine decided.
    pub encode: Duration,
    /// Waiting for the database.
    pub write: Duration,
}

impl Sub for Spent {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Spent {
            cpu: self.cpu.saturating_sub(before.cpu),
            engine: self.engine.saturating_sub(before.engine),
            encode: self.encode.saturating_sub(before.encode),
            write: self.write.saturating_sub(before.write),
        }
    }
}

/// A server that runs.
pub struct Server {
    /// Its client.
    pub client: ApiClient,
    /// Where it listens.
    pub address: SocketAddr,
    process: Child,
}

impl Server {
    /// Starts it and waits until it answers.
    pub async fn start(database: &str, folder: &Path, mode: Mode) -> anyhow::Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["owner", "--database", database, "--bind", &address.to_string(), "--hold-ms", "3000"]);
        command.arg("--blobs").arg(folder.join("blobs")).args(["--core", CORE]);
        if mode == Mode::Memory {
            command.arg("--write-behind");
        }
        let log = std::fs::File::create(folder.join("server.log"))?;
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let process = command.spawn().context("cannot start this binary again")?;
        let client = ApiClient::new(&format!("http://{address}"))?;
        let up = async {
            while client.readyz().await.is_err() {
                sleep(LOOK).await;
            }
        };
        timeout(PATIENCE, up).await.context("the server does not answer")?;
        Ok(Server { client, address, process })
    }

    /// What its time has gone to so far.
    pub async fn spent(&self) -> anyhow::Result<Spent> {
        let text = self.client.metrics().await?;
        let part = |name: &str| {
            let line = format!("mira_dispatch_us_total{{part=\"{name}\"}} ");
            let us = text.lines().find_map(|text| text.strip_prefix(&line)?.trim().parse().ok());
            Duration::from_micros(us.unwrap_or(0))
        };
        let id = self.process.id().context("the server has ended")?;
        Ok(Spent { cpu: cpu(id)?, engine: part("engine"), encode: part("encode"), write: part("write") })
    }

    /// Asks it to end, and waits until it has.
    pub async fn end(&mut self) -> anyhow::Result<()> {
        signal::send(self.process.id().context("the server has ended")?, Signal::Terminate)?;
        let status = timeout(PATIENCE, self.process.wait()).await.context("the server does not end")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

/// Time that a process had on its core: its own and the system's for it.
pub fn cpu(process: u32) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // After the name, which may hold anything in parentheses: fields 14 and 15 are ticks, a hundredth of a second each.
    let rest = text.rsplit_once(')').context("an odd line")?.1;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    Ok(Duration::from_millis((ticks(11) + ticks(12)) * 10))
}
