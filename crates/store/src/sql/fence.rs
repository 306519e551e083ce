//! The check that a writer may still write.

use super::{Engine, Session, Sql};
use crate::model::{Claim, Cursor};
use crate::{Error, Result};

/// Locks the cursor and checks the claim against it; every writer of projections does this first,
/// so that they come one after the other.
pub(super) async fn hold<E: Engine>(session: &mut E::Write, claim: &Claim) -> Result<Cursor> {
    let cursor = lock::<E>(session, &claim.stream, claim.fence).await?;
    if cursor.slot != claim.at {
        return Err(Error::CursorMoved { stream: cursor.stream, expected: claim.at, found: cursor.slot });
    }
    Ok(cursor)
}

/// Locks the cursor, if it is at this fence.
pub(super) async fn lock<E: Engine>(session: &mut E::Write, stream: &str, held: u64) -> Result<Cursor> {
    let stream = stream.to_owned();
    let sql = Sql::select::<Cursor>("lock the cursor").and(" WHERE stream = ").arg(&stream).and(E::LOCK);
    match session.fetch_one::<Cursor>(sql).await? {
        Some(cursor) if cursor.fence == held => Ok(cursor),
        found => Err(Error::StaleFence { stream, held, current: found.map_or(0, |cursor| cursor.fence) }),
    }
}
