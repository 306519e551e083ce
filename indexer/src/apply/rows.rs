//! The rows that a fold works on: loaded before, changed here, handed to the store afterwards.

use std::collections::{HashMap, HashSet};

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares};
use mira_core::reward::RewardIndex;
use mira_store::model::{
    DisputeRow, EpochRow, EpochStatus, FeeShardRow, JobRow, LeaseRow, NetworkRow, Ordinal, Projection, ProjectionKey,
    ProviderRow, RewardsRow, StakePositionRow,
};

use super::error::Cause;

/// A working set of projection rows.
///
/// It has to hold every row of the events to fold that exists in the store (see [`super::keys_of`]):
/// a row that is absent counts as not yet created.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    rows: HashMap<ProjectionKey, Projection>,
    dirty: HashSet<ProjectionKey>,
}

/// A row of one table.
pub(super) trait Row: Sized + Into<Projection> {
    fn of(projection: &mut Projection) -> Option<&mut Self>;
    fn stamp(&mut self, seq: u64, at: Ordinal);
    fn seq(&self) -> u64;
}

macro_rules! rows {
    ($($variant:ident($row:ident)),+ $(,)?) => {$(
        impl Row for $row {
            fn of(projection: &mut Projection) -> Option<&mut Self> {
                match projection { Projection::$variant(row) => Some(row), _ => None }
            }
            fn stamp(&mut self, seq: u64, at: Ordinal) {
                self.seq = seq;
                self.ord = at;
            }
            fn seq(&self) -> u64 {
                self.seq
            }
        }
    )+};
}

rows!(
    Network(NetworkRow),
    Provider(ProviderRow),
    StakePosition(StakePositionRow),
    Job(JobRow),
    Lease(LeaseRow),
    FeeShard(FeeShardRow),
    Rewards(RewardsRow),
    Dispute(DisputeRow),
    Epoch(EpochRow),
);

impl Rows {
    /// Adds rows as the store has them.
    pub fn insert(&mut self, rows: impl IntoIterator<Item = Projection>) {
        self.rows.extend(rows.into_iter().map(|row| (row.key(), row)));
    }

    /// Whether a row is in the set.
    pub fn holds(&self, key: &ProjectionKey) -> bool {
        self.rows.contains_key(key)
    }

    /// How many rows are in the set.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row is in the set.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All rows, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Projection> {
        self.rows.values()
    }

    /// The rows changed since the last call, each once, in key order. They stay in the set.
    pub fn take_changed(&mut self) -> Vec<Projection> {
        let mut dirty: Vec<_> = self.dirty.drain().collect();
        dirty.sort_unstable();
        dirty.iter().filter_map(|key| self.rows.get(key).cloned()).collect()
    }

    /// Forgets all rows. Changes not taken are lost.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.dirty.clear();
    }

    /// The row that the aggregate's event number `seq` changes. It must exist, and `seq` must be
    /// exactly its next; it counts as changed.
    pub(super) fn next<R: Row>(&mut self, key: ProjectionKey, seq: u64, at: &Ordinal) -> Result<&mut R, Cause> {
        let gap = |expected| Cause::SeqGap { key, expected, found: seq };
        let row = self.rows.get_mut(&key).and_then(R::of).ok_or_else(|| gap(1))?;
        let expected = row.seq().saturating_add(1);
        if seq != expected {
            return Err(gap(expected));
        }
        row.stamp(seq, *at);
        self.dirty.insert(key);
        Ok(row)
    }

    /// Adds the row that an aggregate's first event creates.
    pub(super) fn create<R: Row>(&mut self, row: R) -> Result<(), Cause> {
        let found = row.seq();
        let row: Projection = row.into();
        let key = row.key();
        let expected = self.rows.get(&key).map_or(1, |row| row.seq().saturating_add(1));
        if found != 1 || expected != 1 {
            return Err(Cause::SeqGap { key, expected, found });
        }
        self.rows.insert(key, row);
        self.dirty.insert(key);
        Ok(())
    }

    /// The single row of rewards, which its first event creates.
    pub(super) fn next_rewards(&mut self, rewards: Key, seq: u64, at: &Ordinal) -> Result<&mut RewardsRow, Cause> {
        let key = ProjectionKey::Rewards { rewards };
        self.rows.entry(key).or_insert_with(|| no_rewards(rewards, at).into());
        self.next(key, seq, at)
    }

    /// A staker's position. Its events are numbered by the provider, whose row has been checked.
    pub(super) fn position(
        &mut self,
        provider: Key,
        staker: Key,
        seq: u64,
        at: &Ordinal,
    ) -> Result<&mut StakePositionRow, Cause> {
        let key = ProjectionKey::StakePosition { provider, staker };
        let row = self.rows.entry(key).or_insert_with(|| no_position(provider, staker, at).into());
        let row = StakePositionRow::of(row).ok_or(Cause::Unknown { key })?;
        if seq <= row.seq {
            return Err(Cause::SeqGap { key, expected: row.seq.saturating_add(1), found: seq });
        }
        row.stamp(seq, *at);
        self.dirty.insert(key);
        Ok(row)
    }

    /// A reward epoch, which its first approval creates. Its events are numbered by the reward vault's books,
    /// whose row has been checked.
    pub(super) fn epoch(&mut self, number: u64, seq: u64, at: &Ordinal) -> Result<&mut EpochRow, Cause> {
        let key = ProjectionKey::Epoch { number };
        let row = self.rows.entry(key).or_insert_with(|| no_epoch(number, at).into());
        let row = EpochRow::of(row).ok_or(Cause::Unknown { key })?;
        if seq <= row.seq {
            return Err(Cause::SeqGap { key, expected: row.seq.saturating_add(1), found: seq });
        }
        row.stamp(seq, *at);
        self.dirty.insert(key);
        Ok(row)
    }

    /// Whether an epoch has approvals that count.
    pub(super) fn epoch_under_way(&self, number: u64) -> bool {
        matches!(
            self.rows.get(&ProjectionKey::Epoch { number }),
            Some(Projection::Epoch(row)) if matches!(row.status, EpochStatus::Proposed | EpochStatus::Pending)
        )
    }

    /// The reward vault's books, to read, if anything happened there.
    pub(super) fn rewards(&self, rewards: Key) -> Option<&RewardsRow> {
        match self.rows.get(&ProjectionKey::Rewards { rewards }) {
            Some(Projection::Rewards(row)) => Some(row),
            _ => None,
        }
    }

    /// A staker's position, to read, if its account exists.
    pub(super) fn open_position(&self, provider: Key, staker: Key) -> Option<&StakePositionRow> {
        match self.rows.get(&ProjectionKey::StakePosition { provider, staker }) {
            Some(Projection::StakePosition(row)) if !row.closed => Some(row),
            _ => None,
        }
    }

    /// A provider, to read.
    pub(super) fn provider(&self, provider: Key) -> Result<&ProviderRow, Cause> {
        let key = ProjectionKey::Provider { provider };
        match self.rows.get(&key) {
            Some(Projection::Provider(row)) => Ok(row),
            _ => Err(Cause::Unknown { key }),
        }
    }

    /// A job, to read.
    pub(super) fn job(&self, job: Key) -> Result<&JobRow, Cause> {
        let key = ProjectionKey::Job { job };
        match self.rows.get(&key) {
            Some(Projection::Job(row)) => Ok(row),
            _ => Err(Cause::Unknown { key }),
        }
    }
}

fn no_rewards(rewards: Key, at: &Ordinal) -> RewardsRow {
    RewardsRow {
        rewards,
        swept: Payment::ZERO,
        claimed: Payment::ZERO,
        paid_out: Payment::ZERO,
        to_treasury: Payment::ZERO,
        withdrawn: Payment::ZERO,
        epoch: 0,
        root: [0; 32],
        cumulative_fees: Payment::ZERO,
        cumulative_total: Payment::ZERO,
        report_hash: [0; 32],
        seq: 0,
        ord: *at,
    }
}

fn no_epoch(number: u64, at: &Ordinal) -> EpochRow {
    EpochRow {
        number,
        status: EpochStatus::Proposed,
        root: [0; 32],
        cumulative_fees: Payment::ZERO,
        cumulative_total: Payment::ZERO,
        report_hash: [0; 32],
        digest: [0; 32],
        approvals: Vec::new(),
        share: Bps::ZERO,
        final_from: 0,
        stale_from: 0,
        fees: Payment::ZERO,
        to_treasury: Payment::ZERO,
        finalized_at: None,
        seq: 0,
        ord: *at,
    }
}

fn no_position(provider: Key, staker: Key, at: &Ordinal) -> StakePositionRow {
    StakePositionRow {
        provider,
        staker,
        shares: Shares::ZERO,
        tickets: Vec::new(),
        reward_entry: RewardIndex::ZERO,
        reward_owed: Payment::ZERO,
        closed: false,
        seq: 0,
        ord: *at,
    }
}
