//! What is confirmed above the cursor: polled after each round of finalized blocks, folded over the live
//! rows, and written as a whole whenever it changed.
//!
//! Only the database can fail a session here. An endpoint that does not answer leaves the confirmed rows
//! as they are, and what does not fit empties them: finalized blocks go on in both cases.

use futures_util::stream::{self, StreamExt as _};
use mira_chain::source::{BlockFetch, BlockSource, SourceError};
use mira_store::model::Claim;

use super::session::{Failure, Session};
use crate::overlay::{Dropped, Overlay, WINDOW_SLOTS};

/// A session's view of the confirmed blocks.
pub(super) struct View {
    overlay: Option<Overlay>,
    /// Whether the stored rows are the overlay's.
    written: bool,
}

/// Why a poll was cut short.
enum Cut {
    Source(SourceError),
    Dropped(Dropped),
}

impl From<Dropped> for Cut {
    fn from(dropped: Dropped) -> Self {
        Self::Dropped(dropped)
    }
}

impl View {
    /// Begins with nothing confirmed, also in the database: what an earlier session left is old.
    pub(super) async fn new(session: &Session, claim: &Claim) -> Result<Self, Failure> {
        session.store.replace_confirmed(claim, &[]).await?;
        Ok(Self { overlay: None, written: true })
    }

    /// Brings the confirmed rows up to now.
    pub(super) async fn follow(
        &mut self,
        session: &Session,
        source: &dyn BlockSource,
        claim: &Claim,
    ) -> Result<(), Failure> {
        let Some(tip) = session.tip else { return Ok(()) };
        let overlay = self.overlay.get_or_insert_with(|| Overlay::new(tip));
        let before = overlay.fork();
        let rebased = overlay.finalize(tip).rebased && !before.is_empty();
        match poll(source, session.config.concurrency, overlay).await {
            Ok(()) => {}
            Err(Cut::Source(error)) => tracing::debug!(%error, "confirmed blocks cannot be read"),
            Err(Cut::Dropped(dropped)) => report(&dropped),
        }
        self.written &= overlay.fork() == before && !rebased;
        if !self.written {
            self.write(session, claim).await?;
        }
        Ok(())
    }

    async fn write(&mut self, session: &Session, claim: &Claim) -> Result<(), Failure> {
        let Some(overlay) = &mut self.overlay else { return Ok(()) };
        let rows = session.load(&overlay.events()).await?;
        let rows = overlay.fold(rows).unwrap_or_else(|dropped| {
            report(&dropped);
            Vec::new()
        });
        session.store.replace_confirmed(claim, &rows).await?;
        self.written = true;
        Ok(())
    }
}

fn report(dropped: &Dropped) {
    tracing::warn!(%dropped, "confirmed rows are dropped and read again");
    metrics::counter!("mira_indexer_overlay_dropped_total").increment(1);
}

/// Asks what is confirmed now, until no link is missing; the window bounds how often.
async fn poll(source: &dyn BlockSource, concurrency: usize, overlay: &mut Overlay) -> Result<(), Cut> {
    let from = overlay.base().slot.saturating_add(1);
    let slots = source.confirmed_slots(from, overlay.last_slot()).await.map_err(Cut::Source)?;
    overlay.listed(&slots);
    let mut before = Vec::new();
    for _ in 0..WINDOW_SLOTS {
        let wanted = overlay.wanted();
        if wanted.is_empty() || wanted == before {
            break;
        }
        let blocks = stream::iter(wanted.clone()).map(|slot| source.confirmed_block(slot));
        let mut blocks = blocks.buffered(concurrency.max(1));
        while let Some(block) = blocks.next().await {
            if let BlockFetch::Present(block) = block.map_err(Cut::Source)? {
                overlay.confirm(&block)?;
            }
        }
        before = wanted;
    }
    Ok(())
}
