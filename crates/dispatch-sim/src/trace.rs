//! Real traces, read strictly: a column that is not there or a value out of range is an error that names the file
//! and the line. Where there is no trace, [`synthetic`] draws one with the same columns and similar marginals.

pub mod azure;
pub mod openb;
pub mod planetlab;
pub mod synthetic;

use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};

/// One inference request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When it arrives, from the trace's first request on. Microseconds.
    pub at_us: u64,
    /// Tokens that are read before the first one is written.
    pub context_tokens: u32,
    /// Tokens that are written.
    pub generated_tokens: u32,
}

/// Round trips between hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Rtt {
    hosts: usize,
    micros: Vec<u32>,
}

impl Rtt {
    /// From rows of equal length, as many as each is long. Microseconds.
    ///
    /// # Errors
    /// It is not square, or has no host.
    pub fn new(rows: &[Vec<u32>]) -> anyhow::Result<Self> {
        let hosts = rows.len();
        anyhow::ensure!(hosts > 0, "no host");
        anyhow::ensure!(rows.iter().all(|row| row.len() == hosts), "not square");
        Ok(Rtt { hosts, micros: rows.concat() })
    }

    /// How many hosts.
    pub fn hosts(&self) -> usize {
        self.hosts
    }

    /// The round trip from a host to another. Microseconds.
    ///
    /// # Panics
    /// A host is not below [`Rtt::hosts`].
    pub fn micros(&self, from: usize, to: usize) -> u32 {
        self.micros[from * self.hosts + to]
    }
}

/// Which traces to read. What is neither named nor in a folder is synthetic.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The folder of the traces, laid out as [`azure::FILE`] and [`planetlab::FILE`] say.
    pub folder: Option<PathBuf>,
    /// Arrivals, instead of those in the folder.
    pub arrivals: Option<PathBuf>,
    /// Round trips, instead of those in the folder.
    pub rtt: Option<PathBuf>,
}

impl Files {
    /// The requests, and where they are from. `seed` is for synthetic ones.
    ///
    /// # Errors
    /// See [`azure::read`].
    pub fn requests(&self, seed: u64) -> anyhow::Result<(Vec<Request>, String)> {
        Ok(match self.path(&self.arrivals, azure::FILE) {
            Some(path) => {
                let requests = azure::read(&path)?;
                let source = format!("{} ({} requests)", name(&path), requests.len());
                (requests, source)
            }
            None => (synthetic::requests(seed, 20_000), format!("synthetic, seed {seed}")),
        })
    }

    /// The round trips, and where they are from. `seed` is for synthetic ones.
    ///
    /// # Errors
    /// See [`planetlab::read`].
    pub fn rtt(&self, seed: u64) -> anyhow::Result<(Rtt, String)> {
        Ok(match self.path(&self.rtt, planetlab::FILE) {
            Some(path) => {
                let rtt = planetlab::read(&path)?;
                let source = format!("{} ({} hosts)", name(&path), rtt.hosts());
                (rtt, source)
            }
            None => (synthetic::rtt(seed, 490), format!("synthetic, seed {seed}")),
        })
    }

    fn path(&self, named: &Option<PathBuf>, within: &str) -> Option<PathBuf> {
        named.clone().or_else(|| self.folder.as_ref().map(|folder| folder.join(within)))
    }
}

/// A file's own name: where it lies says nothing to others.
fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file's text.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; MIRA_TRACES names the folder of the traces", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_files_the_traces_are_synthetic() {
        let (requests, source) = Files::default().requests(1).unwrap();
        assert_eq!((requests.len(), source.as_str()), (20_000, "synthetic, seed 1"));
        assert_eq!(Files::default().rtt(1).unwrap().0.hosts(), 490);
    }

    #[test]
    fn a_folder_without_traces_says_what_to_do() {
        let files = Files { folder: Some(PathBuf::from("/nowhere")), ..Files::default() };
        let error = format!("{:#}", files.requests(1).unwrap_err());
        assert!(error.contains("cannot read /nowhere/azure-llm-2023/") && error.contains("MIRA_TRACES"), "{error}");
        assert!(files.rtt(1).is_err());
    }
}
