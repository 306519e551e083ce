//! Snapshots of the engine in the store: made, written, read.

use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};
use mira_dispatch::{Engine, replay, snapshot};
use mira_store::Store;
use mira_store::model::{DispatchSnapshot, SnapshotPart};
use mira_wire::clock::monotonic;

use super::error::Error;

/// Pieces written in one transaction: rounds go on between them.
const PIECES: usize = 16;

/// A snapshot that is not written yet.
pub(super) struct Made {
    /// What it is of.
    pub(super) row: DispatchSnapshot,
    bytes: Vec<u8>,
}

/// The hash that a snapshot's row has.
pub(super) fn hash(bytes: &[u8]) -> Hash {
    Sha2::hashv(&[bytes])
}

/// The engine after the input `seq`, which began after the input `began_after`.
pub(super) fn make(engine: &Engine, seq: u64, began_after: u64, created_ms: u64) -> Result<Made, Error> {
    let began = monotonic();
    let bytes = snapshot::write(engine).map_err(|error| Error::Internal(error.to_string()))?;
    let row = DispatchSnapshot {
        seq,
        format: snapshot::FORMAT,
        version: replay::FORMAT,
        began_after,
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        parts: u32::try_from(SnapshotPart::count(bytes.len())).unwrap_or(u32::MAX),
        hash: hash(&bytes),
        created_ms: i64::try_from(created_ms).unwrap_or(i64::MAX),
    };
    took("make", began);
    metrics::gauge!("mira_dispatch_snapshot_bytes").set(f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)));
    Ok(Made { row, bytes })
}

impl Made {
    /// Makes sure that it reads back as what was written: what it covers is deleted because of it.
    pub(super) fn check(&self) -> Result<(), Error> {
        let again = snapshot::read(&self.bytes).and_then(|engine| snapshot::write(&engine));
        match again {
            Ok(again) if again == self.bytes => Ok(()),
            Ok(_) => Err(self.broken("it reads back as another one")),
            Err(error) => Err(self.broken(&error.to_string())),
        }
    }

    fn broken(&self, why: &str) -> Error {
        Error::Internal(format!(
            "the snapshot of dispatch input {} is not kept, and the log grows: {why}",
            self.row.seq
        ))
    }

    /// Writes it, in several transactions; it is there with the last one.
    pub(super) async fn put(&self, store: &dyn Store, fence: u64) -> Result<(), Error> {
        let began = monotonic();
        for parts in SnapshotPart::cut(self.row.seq, &self.bytes).chunks(PIECES) {
            store.put_snapshot_parts(fence, parts).await?;
        }
        store.put_snapshot(fence, &self.row).await?;
        took("write", began);
        metrics::counter!("mira_dispatch_snapshots_total").increment(1);
        Ok(())
    }
}

/// A snapshot's engine, or why there is none.
pub(super) async fn load(store: &dyn Store, row: &DispatchSnapshot) -> Result<Result<Engine, String>, Error> {
    let began = monotonic();
    if row.version > replay::FORMAT {
        return Ok(Err(format!(
            "the inputs after it have format {}, this version reads {}",
            row.version,
            replay::FORMAT
        )));
    }
    if row.format != snapshot::FORMAT {
        return Ok(Err(format!("it has format {}, this version reads {}", row.format, snapshot::FORMAT)));
    }
    let bytes = match store.snapshot_bytes(row).await {
        Ok(bytes) => bytes,
        Err(error @ mira_store::Error::Corrupt { .. }) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    if hash(&bytes) != row.hash {
        return Ok(Err("its bytes are not those that were written".to_owned()));
    }
    let engine = snapshot::read(&bytes).map_err(|error| error.to_string());
    took("read", began);
    Ok(engine)
}

/// Notes how long a part of it took.
fn took(part: &'static str, began: std::time::Instant) {
    metrics::gauge!("mira_dispatch_snapshot_seconds", "part" => part).set(began.elapsed().as_secs_f64());
}
