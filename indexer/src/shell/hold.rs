//! Holding the stream: waiting for it, keeping it, and giving it back.

use std::time::Duration;

use mira_store::Error as StoreError;
use mira_store::model::Cursor;
use mira_store::repository::Ledger;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::session::Session;
use super::{MAX_PAUSE, STREAM, pauses};
use crate::health::Standby;
use crate::standby::{Verdict, Watch};

/// How long an end may take that only spares others their wait.
const RELEASE: Duration = Duration::from_secs(1);

/// Waits until this indexer holds the stream; gives the fence.
pub(super) async fn acquire(session: &Session) -> u64 {
    let (began, mut watch) = (Instant::now(), Watch::new(session.config.hold));
    let mut retries = pauses(MAX_PAUSE);
    loop {
        let wait = match look(session, &mut watch, began).await {
            Ok(Looked::Holds(cursor)) => {
                tracing::info!(fence = cursor.fence, slot = cursor.slot, "holds the stream");
                metrics::gauge!("mira_indexer_standby").set(0.0);
                session.health.send_modify(|health| (health.standby, health.trouble) = (None, None));
                return cursor.fence;
            }
            Ok(Looked::Waits(wait)) => {
                retries = pauses(MAX_PAUSE);
                wait
            }
            Err(error) => {
                watch.blind();
                session.trouble(error.to_string());
                retries.next().unwrap_or(MAX_PAUSE)
            }
        };
        tokio::time::sleep(wait).await;
    }
}

enum Looked {
    Holds(Cursor),
    Waits(Duration),
}

async fn look(session: &Session, watch: &mut Watch, began: Instant) -> Result<Looked, StoreError> {
    let row = session.store.cursor(STREAM).await?;
    match watch.look(row.as_ref(), began.elapsed()) {
        Verdict::Wait(wait) => {
            stand_by(session, row.as_ref());
            Ok(Looked::Waits(wait))
        }
        // Where another one was quicker, the next look sees its row.
        Verdict::Take => Ok(match session.store.take_over(STREAM, row.as_ref()).await? {
            Some(cursor) => Looked::Holds(cursor),
            None => Looked::Waits(Duration::ZERO),
        }),
    }
}

/// Says for whom this indexer waits.
fn stand_by(session: &Session, row: Option<&Cursor>) {
    let Some(row) = row else { return };
    let standby = Standby { fence: row.fence, slot: row.slot };
    let before = session.health.borrow().standby.as_ref().map(|standby| standby.fence);
    if before != Some(row.fence) {
        tracing::warn!("{standby}");
        metrics::gauge!("mira_indexer_standby").set(1.0);
    }
    session.health.send_if_modified(|health| {
        let changed = health.standby.as_ref() != Some(&standby) || health.trouble.is_some();
        (health.standby, health.trouble) = (Some(standby), None);
        changed
    });
}

/// Shows signs of life until the stream is lost; gives the store's word on that. Any other failure is tried
/// again with the next beat: whoever writes meets it too.
pub(crate) async fn keep(store: &(impl Ledger + Sync + ?Sized), fence: u64, every: Duration) -> StoreError {
    let mut beats = interval_at(Instant::now() + every, every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        match store.beat(STREAM, fence).await {
            Ok(()) => {}
            Err(error @ StoreError::StaleFence { .. }) => return error,
            Err(error) => tracing::debug!(%error, "no sign of life"),
        }
    }
}

/// Gives the stream back, so that nobody has to wait for a writer that has ended.
pub(super) async fn release(session: &Session) {
    match timeout(RELEASE, session.store.release(STREAM, session.fence)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the stream is not given back"),
        Err(_) => tracing::debug!("the stream is not given back in time"),
    }
}
