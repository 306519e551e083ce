//! Databases that are made for the run and dropped after it.

use anyhow::Context;
use mira_store::Store;
use mira_store::scratch::Scratch;
use std::sync::Arc;
use tempfile::TempDir;

/// Where databases are made.
#[derive(Clone, Debug)]
pub enum Engine {
    /// In a temporary folder.
    Sqlite,
    /// On the server of this URL.
    Postgres(String),
}

impl Engine {
    /// Its name in the tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A database of our own.
pub struct Database {
    /// It, open.
    pub store: Arc<dyn Store>,
    scratch: Scratch,
    _folder: TempDir,
}

impl Database {
    /// A new one.
    ///
    /// # Errors
    /// The engine refuses.
    pub async fn new(engine: &Engine) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let scratch = match engine {
            Engine::Sqlite => Scratch::sqlite(folder.path()),
            Engine::Postgres(server) => Scratch::postgres(server).await?,
        };
        Ok(Self { store: scratch.open().await?, scratch, _folder: folder })
    }

    /// How another process opens it.
    pub fn url(&self) -> &str {
        self.scratch.url()
    }

    /// Closes and drops it.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn drop(self) -> anyhow::Result<()> {
        self.store.close().await;
        Ok(self.scratch.drop().await?)
    }
}
