//! The check that a writer may still write.

use super::{Engine, Session, Sql};
use crate::model::{Claim, Cursor};
use crate::{Error, Result};

/// Locks the cursor and checks the claim against it; every writer of projections does this first,
/// so that they come one after the other.
pub(super) async fn hold<E: Engine>(session: &mut E::Write, claim: &Claim) -> Result<Cursor> {
    let sql = Sql::select::<Cursor>("lock the cursor").and(" WHERE stream = ").arg(&claim.stream).and(E::LOCK);
    let found = session.fetch_one::<Cursor>(sql).await?;
    let stream = claim.stream.clone();
    let Some(cursor) = found else {
        return Err(Error::StaleFence { stream, held: claim.fence, current: 0 });
    };
    if cursor.fence != claim.fence {
        return Err(Error::StaleFence { stream, held: claim.fence, current: cursor.fence });
    }
    if cursor.slot != claim.at {
        return Err(Error::CursorMoved { stream, expected: claim.at, found: cursor.slot });
    }
    Ok(cursor)
}
