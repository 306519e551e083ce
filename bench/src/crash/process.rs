//! Child processes: this binary again, as the indexer.

use super::point::Strike;
use super::signal::{self, Signal};
use super::striker::{PENDING, STRUCK};
use anyhow::{Context, bail, ensure};
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long a process may take to come to its point: far longer than it needs.
const PATIENCE: Duration = Duration::from_secs(90);
const SIGKILL: i32 = 9;

/// What every child is started with.
pub struct Indexers {
    /// The chain's endpoint.
    pub rpc: String,
    /// The database.
    pub database: String,
    /// Where they log.
    pub log: PathBuf,
}

/// An indexer that runs until it is told to end.
pub struct Running(Child);

impl Indexers {
    /// Starts one that nobody strikes.
    pub fn start(&self) -> anyhow::Result<Running> {
        Ok(Running(self.spawn(None)?))
    }

    /// Starts one and waits for it to strike itself. Whether the call was under way.
    pub async fn strike(&self, strike: Strike) -> anyhow::Result<bool> {
        let mut child = self.spawn(Some(strike))?;
        let mut said = String::new();
        let mut out = child.stdout.take().context("its standard output is taken")?;
        let ended = async {
            out.read_to_string(&mut said).await?;
            child.wait().await
        };
        let Ok(status) = timeout(PATIENCE, ended).await else {
            child.kill().await?;
            bail!("{strike} did not strike within {} s", PATIENCE.as_secs());
        };
        killed(status?)?;
        let how = said.trim().strip_prefix(STRUCK).with_context(|| format!("{strike} says {said:?}"))?;
        Ok(how.trim() == PENDING)
    }

    /// Starts one and strikes it after a time.
    pub async fn strike_after(&self, time: Duration) -> anyhow::Result<()> {
        let mut child = self.spawn(None)?;
        sleep(time).await;
        if let Some(status) = child.try_wait()? {
            bail!("the indexer ended before it was struck: {status}");
        }
        signal::send(child.id().context("it has ended")?, Signal::Kill)?;
        killed(child.wait().await?)
    }

    fn spawn(&self, strike: Option<Strike>) -> anyhow::Result<Child> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["indexer", "--confirmed", "--poll-ms", "20", "--hold-ms", "300"]);
        command.args(["--rpc", &self.rpc, "--database", &self.database]);
        if let Some(strike) = strike {
            command.arg("--strike").arg(strike.to_string());
        }
        let log =
            File::options().create(true).append(true).open(&self.log).context("cannot open the children's log")?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
        command.spawn().context("cannot start this binary again")
    }
}

impl Running {
    /// Asks it to end and waits until it has.
    pub async fn end(mut self) -> anyhow::Result<()> {
        signal::send(self.0.id().context("the last indexer has ended")?, Signal::Terminate)?;
        let status = timeout(PATIENCE, self.0.wait()).await.context("the last indexer does not end")??;
        ensure!(status.success(), "the last indexer ended with {status}");
        Ok(())
    }
}

fn killed(status: ExitStatus) -> anyhow::Result<()> {
    ensure!(status.signal() == Some(SIGKILL), "the indexer was not killed: it ended with {status}");
    Ok(())
}
