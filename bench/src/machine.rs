//! Where and from what a run was made: figures mean little without it.

use serde::Serialize;
use std::fs;
use std::process::Command;

/// The commit and the machine of a run.
#[derive(Serialize)]
pub struct Origin {
    /// The commit of the checkout, with `+` when something in it is changed.
    pub commit: String,
    /// The processor, as it calls itself.
    pub processor: String,
    /// How many threads it runs at once.
    pub threads: usize,
}

impl Origin {
    /// Of this run. What cannot be found out is `unknown`.
    pub fn here() -> Self {
        let unknown = || "unknown".to_owned();
        Self {
            commit: commit().unwrap_or_else(unknown),
            processor: processor().unwrap_or_else(unknown),
            threads: threads(),
        }
    }
}

/// How many threads the machine runs at once.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(crate::root::path("")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"])?;
    let changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Some(if changed { commit + "+" } else { commit })
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim().to_owned())
}
