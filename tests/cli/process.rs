//! `mira` as a child process: what it prints, how it ends, and how one that serves is stopped.

use crate::harness;
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Longer than any command that ends by itself may take here.
const LIMIT: Duration = Duration::from_secs(240);
/// How often a condition is looked at: each look is a process, and so takes some time itself.
const TRIES: u32 = 1_000;

/// A command line that grows.
pub struct Mira(Command);

impl Mira {
    /// `mira` with nothing of the caller's configuration: no home, no network.
    pub fn new() -> Self {
        let mut command = Command::from(harness::mira());
        command.env("HOME", "/nonexistent").env_remove("MIRA_NETWORK").env_remove("MIRA_DATABASE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Self(command)
    }

    /// One more argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.0.arg(arg);
        self
    }

    /// More arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.0.args(args);
        self
    }

    /// The folder it runs in.
    pub fn within(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Runs it to its end.
    pub async fn run(mut self) -> Ended {
        let ended = tokio::time::timeout(LIMIT, self.0.output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{:?} did not end in {LIMIT:?}", self.0)).unwrap();
        Ended {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::from_utf8(ended.stderr).unwrap(),
        }
    }

    /// Starts one that runs until it is interrupted.
    pub fn serve(mut self) -> Serving {
        let mut child = self.0.stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, said) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = sender.send(line);
            }
        });
        Serving { child, said }
    }
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {:?}\n--- standard output\n{}\n--- standard error\n{}", self.code, self.out, self.err)
    }
}

impl Ended {
    /// Whether it says that all is well.
    pub fn is_ok(&self) -> bool {
        self.code == Some(0)
    }

    /// The one document of a command that succeeded.
    #[track_caller]
    pub fn document(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self}");
        self.parsed()
    }

    /// The one document of a command that found something wrong.
    #[track_caller]
    pub fn verdict(&self) -> Value {
        assert_eq!(self.code, Some(1), "{self}");
        self.parsed()
    }

    /// It failed, printed nothing on standard output and said `message`.
    #[track_caller]
    pub fn refused(&self, message: &str) {
        self.said(1, message);
    }

    /// The arguments cannot be understood; it said `message`.
    #[track_caller]
    pub fn misused(&self, message: &str) {
        self.said(2, message);
    }

    #[track_caller]
    fn said(&self, code: i32, message: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self}");
        assert!(squeezed(&self.err).contains(&squeezed(message)), "wanted {message:?}, got {self}");
    }

    #[track_caller]
    fn parsed(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("not one JSON document: {error}: {self}"))
    }
}

/// Text without what wrapping puts into it, which depends on the width.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '|' | '│')).collect()
}

/// A command that serves; dropping it kills it.
pub struct Serving {
    child: Child,
    said: UnboundedReceiver<String>,
}

impl Serving {
    /// Waits for the line of standard error that contains `part`.
    pub async fn line(&mut self, part: &str) -> String {
        let mut seen = Vec::new();
        loop {
            let next = tokio::time::timeout(LIMIT, self.said.recv()).await;
            match next {
                Ok(Some(line)) if line.contains(part) => return line,
                Ok(Some(line)) => seen.push(line),
                _ => panic!("no line with {part:?} in {seen:#?}"),
            }
        }
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().expect("it still runs");
        let sent = std::process::Command::new("sh").args(["-c", &format!("kill -{name} {id}")]).status().unwrap();
        assert!(sent.success());
    }

    /// Ctrl-C; it must end well.
    pub async fn interrupt(mut self) {
        self.signal("INT");
        let status = tokio::time::timeout(LIMIT, self.child.wait()).await.expect("it ends when interrupted").unwrap();
        let mut said = Vec::new();
        while let Ok(line) = self.said.try_recv() {
            said.push(line);
        }
        assert!(status.success(), "{status}: {said:#?}");
    }
}

/// Looks until there is something to see.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..TRIES {
        if let Some(found) = look().await {
            return found;
        }
    }
    panic!("{what}: not in {TRIES} tries");
}
