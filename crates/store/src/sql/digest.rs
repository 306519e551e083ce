//! The hash of a whole set of projections.

use super::projections::scan;
use super::{Session, lookup};
use crate::Result;
use crate::model::{Cursor, ProjectionTable, Set, StateDigest, StateHasher};

/// Rows read at a time.
const PAGE: u32 = 1_000;

/// Hashes a set. The session must be one in which nothing changes meanwhile: a snapshot, or a
/// transaction that holds the cursor.
pub(super) async fn digest<S: Session>(session: &mut S, set: Set, stream: &str) -> Result<StateDigest> {
    let mut hasher = StateHasher::default();
    let mut last = None;
    for table in ProjectionTable::ALL {
        let mut after = None;
        loop {
            let rows = scan(session, set, *table, after, PAGE).await?;
            let Some(end) = rows.last() else { break };
            after = Some(end.key());
            for row in &rows {
                hasher.push(row);
                last = last.max(Some(row.ord()));
            }
        }
    }
    let cursor: Option<Cursor> = lookup::find(session, "stream", &stream.to_owned()).await?;
    let cursor = cursor.and_then(|cursor| cursor.slot);
    Ok(StateDigest { hash: hasher.finish(), rows: hasher.rows(), last, cursor })
}
