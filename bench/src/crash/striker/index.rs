//! The index through a striker: every call goes on to the store, and those that the indexer makes go through
//! the striker.

use super::super::point::Place;
use super::Striker;
use async_trait::async_trait;
use mira_core::Key;
use mira_store::Result;
use mira_store::model::{
    ChainSlot, Claim, Cursor, DeadLetter, DisputeFilter, DisputeRow, EpochRow, EventId, FeeShardRow, Gap, JobFilter,
    JobRow, LeaseFilter, LeaseRow, NetworkRow, Ordinal, Page, PageRequest, Projection, ProjectionKey, ProjectionTable,
    ProviderFilter, ProviderRow, RawEvent, RewardsRow, Set, Signature, SlotCommit, StakePositionRow, StateDigest,
};
use mira_store::repository::{Ledger, Overlay, Projections};
use std::sync::Arc;

/// A store with a striker around the calls that the indexer makes.
pub struct StruckIndex {
    /// What answers.
    pub inner: Arc<dyn mira_store::Store>,
    /// What strikes.
    pub striker: Arc<Striker>,
}

/// Methods that go on to the store, through the striker where a place is named.
macro_rules! forward {
    ($($trait:ident { $($(@$place:ident)? $name:ident($($arg:ident: $type:ty),*) -> $out:ty;)* })*) => {$(
        #[async_trait]
        impl $trait for StruckIndex {
            $(async fn $name(&self, $($arg: $type),*) -> Result<$out> {
                let call = self.inner.$name($($arg),*);
                $(let call = self.striker.around(Place::$place, call);)?
                call.await
            })*
        }
    )*};
}

forward! {
    Ledger {
        claim(stream: &str) -> Cursor;
        folded_by(claim: &Claim, ours: u32) -> Option<u32>;
        @TakeOver take_over(stream: &str, seen: Option<&Cursor>) -> Option<Cursor>;
        @Beat beat(stream: &str, fence: u64) -> ();
        release(stream: &str, fence: u64) -> ();
        @Cursor cursor(stream: &str) -> Option<Cursor>;
        @Commit commit_slot(commit: SlotCommit) -> ();
        chain_slot(slot: u64) -> Option<ChainSlot>;
        chain_slots(after: Option<u64>, limit: u32) -> Vec<ChainSlot>;
        events_after(after: Option<Ordinal>, up_to_slot: Option<u64>, limit: u32) -> Vec<RawEvent>;
        events_before(before: Option<Ordinal>, limit: u32) -> Vec<RawEvent>;
        event(id: EventId) -> Option<RawEvent>;
        events_of(signature: &Signature) -> Vec<RawEvent>;
        event_count() -> u64;
        last_ord() -> Option<Ordinal>;
        dead_letters(after: Option<Signature>, limit: u32) -> Vec<DeadLetter>;
        dead_letter_count() -> u64;
        record_gap(claim: &Claim, gap: Gap) -> ();
        close_gap(claim: &Claim, subject: &[u8], first: u64) -> bool;
        gaps() -> Vec<Gap>;
    }
    Projections {
        @Load load(set: Set, keys: &[ProjectionKey]) -> Vec<Projection>;
        scan(set: Set, table: ProjectionTable, after: Option<ProjectionKey>, limit: u32) -> Vec<Projection>;
        state_digest(set: Set, stream: &str) -> StateDigest;
        @Network network() -> Option<NetworkRow>;
        rewards() -> Option<RewardsRow>;
        fee_shards() -> Vec<FeeShardRow>;
        provider(provider: &Key) -> Option<ProviderRow>;
        providers(filter: &ProviderFilter, page: PageRequest) -> Page<ProviderRow>;
        stake_position(provider: &Key, staker: &Key) -> Option<StakePositionRow>;
        stake_positions(provider: &Key, after: Option<Key>, limit: u32) -> Page<StakePositionRow>;
        job(job: &Key) -> Option<JobRow>;
        jobs(filter: &JobFilter, page: PageRequest) -> Page<JobRow>;
        lease(lease: &Key) -> Option<LeaseRow>;
        leases(filter: &LeaseFilter, page: PageRequest) -> Page<LeaseRow>;
        dispute(dispute: &Key) -> Option<DisputeRow>;
        disputes(filter: &DisputeFilter, page: PageRequest) -> Page<DisputeRow>;
        epoch(number: u64) -> Option<EpochRow>;
        epochs(before: Option<u64>, limit: u32) -> Page<EpochRow>;
    }
    Overlay {
        @Overlay replace_confirmed(claim: &Claim, rows: &[Projection]) -> ();
    }
}
