//! A PostgreSQL server of one's own: made, started, killed and started again. Never a server that others use.

use super::signal::{self, Signal};
use crate::clock::Stopwatch;
use anyhow::{Context, bail, ensure};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// How long a start may take; recovering from a kill is part of it.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// Accounts that the server runs as where we are root, which it refuses.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// The server. Dropping it kills it.
pub struct Cluster {
    server: Option<Child>,
    folder: TempDir,
    programs: PathBuf,
    account: Option<(u32, u32)>,
    port: u16,
}

impl Cluster {
    /// Makes one in a temporary folder and starts it.
    ///
    /// # Errors
    /// PostgreSQL's programs are not installed, or do not work here.
    pub async fn make() -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("mira-postgres-").tempdir()?;
        let account = (fs::metadata(folder.path())?.uid() == 0).then(account).transpose()?;
        if let Some((user, group)) = account {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut cluster = Self { server: None, folder, programs, account, port };
        let mut initdb = cluster.command("initdb");
        initdb.args(["--username", "mira", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync", "-D"]);
        let made = initdb.arg(cluster.data()).output().await.context("cannot run initdb")?;
        ensure!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim());
        cluster.start().await?;
        Ok(cluster)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("postgres://mira@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it and waits until it takes connections.
    ///
    /// # Errors
    /// It does not come up; its log is named.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        while watch.elapsed() < PATIENCE {
            let alive = match &mut self.server {
                Some(server) => server.try_wait()?.is_none(),
                None => false,
            };
            if !alive {
                // Of a server that was killed, some processes may still be there; then the next one ends at once.
                self.server = Some(self.serve()?);
            }
            if self.answers().await? {
                return Ok(());
            }
            sleep(LOOK).await;
        }
        bail!("PostgreSQL does not start: {}", fs::read_to_string(self.log()).unwrap_or_default())
    }

    /// Kills the server as a whole: its first process, without which the others end.
    ///
    /// # Errors
    /// It does not run.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("PostgreSQL does not run")?;
        server.kill().await.context("cannot kill PostgreSQL")
    }

    /// Ends the server in order, so that nothing of it is left.
    ///
    /// # Errors
    /// It does not end.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("PostgreSQL does not run")?;
        signal::send(server.id().context("PostgreSQL has ended")?, Signal::Interrupt)?;
        timeout(PATIENCE, server.wait()).await.context("PostgreSQL does not end")??;
        Ok(())
    }

    fn serve(&self) -> anyhow::Result<Child> {
        let log = fs::File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args([
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-k",
        ]);
        command.arg(self.folder.path()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        command.spawn().context("cannot start postgres")
    }

    async fn answers(&self) -> anyhow::Result<bool> {
        let mut ready = self.command("pg_isready");
        ready.args(["--quiet", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        Ok(ready.status().await.context("cannot run pg_isready")?.success())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env("LC_ALL", "C");
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// The folder of PostgreSQL's programs.
fn programs() -> anyhow::Result<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(config) = std::process::Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&config.stdout).trim()));
    }
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    // Debian keeps each version in a folder of its own, outside of PATH.
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let whole = |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).is_file());
    folders.into_iter().find(whole).context(
        "PostgreSQL's initdb, postgres and pg_isready were not found: install its server package, or put pg_config on PATH",
    )
}

/// The user and group that a server started by root runs as.
fn account() -> anyhow::Result<(u32, u32)> {
    let known = fs::read_to_string(Path::new("/etc/passwd")).context("cannot read the accounts of this machine")?;
    let find = |name: &&str| known.lines().find_map(|line| account_of(line, name));
    ACCOUNTS
        .iter()
        .find_map(find)
        .context("PostgreSQL does not run as root, and there is no account postgres or nobody")
}

/// User and group of an account's line.
fn account_of(line: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = line.split(':');
    (fields.next()? == name).then_some(())?;
    let user = fields.nth(1)?.parse().ok()?;
    Some((user, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        assert_eq!(account_of(line, "postgres"), Some((101, 104)));
        assert_eq!(account_of(line, "post"), None);
        assert_eq!(account_of("broken", "broken"), None);
    }
}
