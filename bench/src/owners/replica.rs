//! Two replicas as processes: started, paused, killed, and asked by whoever needs one that answers.

use crate::clock::Stopwatch;
use crate::crash::signal::{self, Signal};
use anyhow::{Context, bail};
use mira_wire::client::ApiClient;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long a replica may take to answer after its start.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(10);
const STALE: &str = "mira_dispatch_stale_total";

/// What every replica is started with.
pub struct Setup {
    pub database: String,
    pub blobs: PathBuf,
    pub log: PathBuf,
    pub hold_ms: u64,
}

/// One replica.
pub struct Replica {
    pub client: ApiClient,
    address: SocketAddr,
    process: Option<Child>,
}

impl Replica {
    /// A replica that does not run yet, at an address that stays its own.
    pub fn new() -> anyhow::Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        Ok(Replica { client: ApiClient::new(&format!("http://{address}"))?, address, process: None })
    }

    /// Starts it and waits until it answers, working or standing by.
    pub async fn start(&mut self, setup: &Setup) -> anyhow::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["owner", "--database", &setup.database, "--bind", &self.address.to_string()]);
        command.arg("--blobs").arg(&setup.blobs).args(["--hold-ms", &setup.hold_ms.to_string()]);
        let log = File::options().create(true).append(true).open(&setup.log).context("cannot open the log")?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        self.process = Some(command.spawn().context("cannot start this binary again")?);
        let watch = Stopwatch::start();
        while timeout(LOOK * 50, self.client.livez()).await.is_ok_and(|answer| answer.is_err()) {
            let ended = self.process.as_mut().context("it was started")?.try_wait()?;
            if let Some(status) = ended {
                bail!("a replica ended as it began: {status}");
            }
            if watch.elapsed() > PATIENCE {
                bail!("a replica does not answer within {} s", PATIENCE.as_secs());
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// Whether the log's row names it.
    pub fn is(&self, holder: &str) -> bool {
        self.process.as_ref().and_then(Child::id).is_some_and(|id| holder.contains(&format!("(process {id})")))
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let id = self.process.as_ref().and_then(Child::id).context("the replica does not run")?;
        signal::send(id, signal)
    }

    /// Kills it, and gives how many of its stale writes were refused before.
    pub async fn kill(&mut self) -> anyhow::Result<u64> {
        let refused = self.refused().await?;
        self.signal(Signal::Kill)?;
        self.process.take().context("the replica does not run")?.wait().await?;
        Ok(refused)
    }

    /// Asks it to end, and waits until it has. Gives how many of its stale writes were refused.
    pub async fn end(&mut self) -> anyhow::Result<u64> {
        let refused = self.refused().await?;
        self.signal(Signal::Terminate)?;
        let mut process = self.process.take().context("the replica does not run")?;
        let status = timeout(PATIENCE, process.wait()).await.context("a replica does not end")??;
        anyhow::ensure!(status.success(), "a replica ended with {status}");
        Ok(refused)
    }

    /// How often it found that another one had taken the log over.
    pub async fn refused(&self) -> anyhow::Result<u64> {
        let text = timeout(PATIENCE, self.client.metrics()).await.context("a replica does not answer")??;
        let line = text.lines().find_map(|line| line.strip_prefix(STALE)?.trim().parse().ok());
        Ok(line.unwrap_or(0))
    }
}
