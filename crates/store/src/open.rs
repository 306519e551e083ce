//! Choosing the engine by URL.

use std::sync::Arc;

use crate::postgres::PgStore;
use crate::sqlite::SqliteStore;
use crate::{Error, Result, Store};

/// Opens `sqlite:PATH` (made if missing) or `postgres://…`, and brings its tables up to date.
///
/// # Errors
/// `UnknownScheme` or `Open`.
pub async fn open(url: &str) -> Result<Arc<dyn Store>> {
    match url.split_once(':') {
        Some(("sqlite", _)) => Ok(Arc::new(SqliteStore::open(url).await?)),
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(PgStore::open(url).await?)),
        scheme => Err(Error::UnknownScheme { url: scheme.map_or("", |(scheme, _)| scheme).to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scheme_is_refused_without_showing_credentials() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(open("mysql://user:secret@host/db")).err().unwrap().to_string();
        assert!(error.contains("\"mysql\"") && !error.contains("secret"), "{error}");
    }
}
