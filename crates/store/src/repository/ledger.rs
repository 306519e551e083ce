//! Slots, events and the cursor.

use async_trait::async_trait;

use crate::Result;
use crate::model::{ChainSlot, Claim, Cursor, DeadLetter, EventId, Gap, Ordinal, RawEvent, Signature, SlotCommit};

/// The append-only ledger of events and how far it reaches.
#[async_trait]
pub trait Ledger {
    /// Takes the stream over, whoever holds it: the fence grows, so that any earlier writer's commit fails
    /// with `StaleFence`. The cursor's `slot` is `None` if nothing was read yet.
    async fn claim(&self, stream: &str) -> Result<Cursor>;

    /// Which version of the folding code made the live rows; `None` if that version did not say. Where nothing
    /// was read yet, notes that it will be `ours`.
    ///
    /// # Errors
    /// `StaleFence`, `CursorMoved`.
    async fn folded_by(&self, claim: &Claim, ours: u32) -> Result<Option<u32>>;
    /// As `claim`, only if the stream's row is still as it was seen, beat and slot included; `seen` is `None` if
    /// there was no row. `None` if it has changed, and then nothing was changed here.
    async fn take_over(&self, stream: &str, seen: Option<&Cursor>) -> Result<Option<Cursor>>;

    /// A sign of life of the stream's writer.
    ///
    /// # Errors
    /// `StaleFence` if another one took the stream over.
    async fn beat(&self, stream: &str, fence: u64) -> Result<()>;

    /// Gives the stream back: whoever waits for it need not wait any longer. The fence stays valid until then.
    ///
    /// # Errors
    /// `StaleFence` if another one took the stream over.
    async fn release(&self, stream: &str, fence: u64) -> Result<()>;

    /// The cursor, without claiming it.
    async fn cursor(&self, stream: &str) -> Result<Option<Cursor>>;

    /// Writes slots, events, projections and the cursor, or nothing.
    ///
    /// # Errors
    /// `StaleFence`, `CursorMoved`, `SeqGap`, `Invalid` (slots out of order, a row twice), and
    /// `Database` if an event is not new.
    async fn commit_slot(&self, commit: SlotCommit) -> Result<()>;

    /// What is known of a slot.
    async fn chain_slot(&self, slot: u64) -> Result<Option<ChainSlot>>;

    /// Slots after a number, ascending.
    async fn chain_slots(&self, after: Option<u64>, limit: u32) -> Result<Vec<ChainSlot>>;

    /// Events after a place, ascending, up to and including a slot.
    async fn events_after(&self, after: Option<Ordinal>, up_to_slot: Option<u64>, limit: u32) -> Result<Vec<RawEvent>>;

    /// Events before a place, newest first.
    async fn events_before(&self, before: Option<Ordinal>, limit: u32) -> Result<Vec<RawEvent>>;

    /// One event.
    async fn event(&self, id: EventId) -> Result<Option<RawEvent>>;

    /// The events of one transaction.
    async fn events_of(&self, signature: &Signature) -> Result<Vec<RawEvent>>;

    /// How many events there are.
    async fn event_count(&self) -> Result<u64>;

    /// The place of the newest event.
    async fn last_ord(&self) -> Result<Option<Ordinal>>;

    /// Transactions set aside, after a signature, by signature.
    async fn dead_letters(&self, after: Option<Signature>, limit: u32) -> Result<Vec<DeadLetter>>;

    /// How many transactions were set aside.
    async fn dead_letter_count(&self) -> Result<u64>;

    /// Notes a gap; noting it again changes nothing.
    ///
    /// # Errors
    /// `StaleFence`, `CursorMoved`: only the stream's writer knows what it has not got.
    async fn record_gap(&self, claim: &Claim, gap: Gap) -> Result<()>;

    /// Forgets a gap that was filled; `false` if there was none.
    ///
    /// # Errors
    /// As `record_gap`.
    async fn close_gap(&self, claim: &Claim, subject: &[u8], first: u64) -> Result<bool>;

    /// All gaps, by subject and number.
    async fn gaps(&self) -> Result<Vec<Gap>>;
}
