//! The fold: finalized events into projection rows. Pure, one file per aggregate.
//!
//! An event carries what it changed, before and after. The fold demands that the numbers before
//! agree with the rows, repeats the arithmetic, and demands that the numbers after agree too; so a
//! missing, repeated or wrong event cannot pass. It repeats arithmetic only, never policy (limits,
//! windows, minimum stakes): policy may change, and history must fold as it was.
//!
//! Each aggregate's events are folded in the order of their `seq`, each exactly the next
//! ([`order`] sorts a slot). So the rows do not depend on the order in which a slot's events are
//! read, on how slots are grouped into commits, or on the source.

mod dispute;
mod epoch;
mod error;
mod fee_shard;
mod job;
mod lease;
mod network;
mod order;
mod provider;
mod rewards;
mod rows;
mod stake_position;
mod value;

pub use error::{Cause, FoldError};
pub use rows::Rows;

use mira_chain::event::{Aggregate, AggregateKind, Event};
use mira_core::Key;
use mira_store::model::{Ordinal, ProjectionKey};

/// The version of the folding code, noted with rebuilt projections. It grows when the rows that
/// the same events give change.
pub const CODE_VERSION: u32 = 3;

/// A decoded event and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedEvent {
    /// Where it stands.
    pub at: Ordinal,
    /// What it says.
    pub event: Event,
}

/// The row of an aggregate.
pub fn row_of(kind: AggregateKind, key: Key) -> ProjectionKey {
    match kind {
        AggregateKind::Network => ProjectionKey::Network { config: key },
        AggregateKind::Provider => ProjectionKey::Provider { provider: key },
        AggregateKind::Job => ProjectionKey::Job { job: key },
        AggregateKind::Lease => ProjectionKey::Lease { lease: key },
        AggregateKind::FeeShard => ProjectionKey::FeeShard { fee_shard: key },
        AggregateKind::Rewards => ProjectionKey::Rewards { rewards: key },
        AggregateKind::Dispute => ProjectionKey::Dispute { dispute: key },
    }
}

/// The rows that an event changes or reads, as far as it names them itself: see also [`owners_of`].
pub fn keys_of(event: &Event) -> Vec<ProjectionKey> {
    let row = |aggregate: Aggregate| row_of(aggregate.kind, aggregate.key);
    let mut keys: Vec<_> = event.aggregates().into_iter().map(row).collect();
    let position = match event {
        Event::StakeAdded(e) => Some((e.provider, e.staker)),
        Event::UnstakeRequested(e) => Some((e.provider, e.staker)),
        Event::UnstakeCancelled(e) => Some((e.provider, e.staker)),
        Event::StakeWithdrawn(e) => Some((e.provider, e.staker)),
        Event::DelegationRewardClaimed(e) => Some((e.provider, e.staker)),
        _ => None,
    };
    if let Some((provider, staker)) = position {
        keys.push(ProjectionKey::StakePosition { provider: provider.to_bytes(), staker: staker.to_bytes() });
    }
    let epoch = match event {
        Event::EpochApproved(e) => Some(e.epoch.index),
        Event::EpochCancelled(e) => Some(e.index),
        Event::EpochFinalized(e) => Some(e.epoch.index),
        _ => None,
    };
    keys.extend(epoch.map(|number| ProjectionKey::Epoch { number }));
    keys
}

/// The rows that events need besides those of [`keys_of`], which are loaded by now, because the events do
/// not name them: the owner's position where a dispute ended, and the epoch under way where the reward
/// authorities changed. A provider without a row yet is among the events, and then so is all that happened
/// to its owner's position; an epoch that comes after the one under way is among them likewise.
pub fn owners_of(events: &[PlacedEvent], rows: &Rows) -> Vec<ProjectionKey> {
    let owner = |placed: &PlacedEvent| match &placed.event {
        Event::DisputeResolved(e) => {
            let provider = e.provider.to_bytes();
            let staker = rows.provider(provider).ok()?.owner;
            Some(ProjectionKey::StakePosition { provider, staker })
        }
        Event::RewardAuthoritiesSet(e) => {
            let number = rows.rewards(e.rewards.to_bytes())?.epoch.saturating_add(1);
            Some(ProjectionKey::Epoch { number })
        }
        _ => None,
    };
    let mut keys: Vec<_> = events.iter().filter_map(owner).filter(|key| !rows.holds(key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Folds events that come slot by slot; within a slot in any order, and a slot's all together.
///
/// # Errors
/// The first event that does not fit. `rows` are then of no use: drop them.
pub fn fold(rows: &mut Rows, events: &[PlacedEvent]) -> Result<(), Box<FoldError>> {
    for slot in events.chunk_by(|a, b| a.at.slot == b.at.slot) {
        if let [only] = slot {
            apply(rows, only)?;
            continue;
        }
        let aggregates: Vec<_> = slot.iter().map(|placed| placed.event.aggregates()).collect();
        let order = order::order(&aggregates).map_err(|(index, cause)| failed(&slot[index], cause))?;
        for index in order {
            apply(rows, &slot[index])?;
        }
    }
    Ok(())
}

fn failed(placed: &PlacedEvent, cause: Cause) -> Box<FoldError> {
    Box::new(FoldError { at: placed.at, event: placed.event.name(), cause })
}

fn apply(rows: &mut Rows, placed: &PlacedEvent) -> Result<(), Box<FoldError>> {
    change(rows, &placed.event, &placed.at).map_err(|cause| failed(placed, cause))
}

/// One arm an event: what it changes elsewhere, the function that is named here hands on.
fn change(rows: &mut Rows, event: &Event, at: &Ordinal) -> Result<(), Cause> {
    match event {
        Event::NetworkInitialized(e) => network::initialized(rows, e, at),
        Event::ParamsUpdated(e) => network::params_updated(rows, e, at),
        Event::AdminProposed(e) => network::admin_proposed(rows, e, at),
        Event::AdminAccepted(e) => network::admin_accepted(rows, e, at),
        Event::GuardianSet(e) => network::guardian_set(rows, e, at),
        Event::PauseSet(e) => network::pause_set(rows, e, at),
        Event::RewardAuthoritiesSet(e) => network::reward_authorities_set(rows, e, at),
        Event::VerifiersSet(e) => network::verifiers_set(rows, e, at),
        Event::TreasuryWithdrawn(e) => rewards::treasury_withdrawn(rows, e, at),
        Event::FeeShardInitialized(e) => fee_shard::initialized(rows, e, at),
        Event::ProviderRegistered(e) => provider::registered(rows, e, at),
        Event::ProviderUpdated(e) => provider::updated(rows, e, at),
        Event::StakeAdded(e) => stake_position::stake_added(rows, e, at),
        Event::UnstakeRequested(e) => stake_position::unstake_requested(rows, e, at),
        Event::UnstakeCancelled(e) => stake_position::unstake_cancelled(rows, e, at),
        Event::StakeWithdrawn(e) => stake_position::stake_withdrawn(rows, e, at),
        Event::JobCreated(e) => job::created(rows, e, at),
        Event::JobFunded(e) => job::funded(rows, e, at),
        Event::JobExtended(e) => job::extended(rows, e, at),
        Event::JobUpdated(e) => job::updated(rows, e, at),
        Event::JobClosing(e) => job::closing(rows, e, at),
        Event::JobClosed(e) => job::closed(rows, e, at),
        Event::LeaseOpened(e) => lease::opened(rows, e, at),
        Event::LeaseSettled(e) => lease::settled(rows, e, at),
        Event::LeaseClosed(e) => lease::closed(rows, e, at),
        Event::LeaseReleased(e) => lease::released(rows, e, at),
        Event::LeaseEnded(e) => lease::ended(rows, e, at),
        Event::DisputeOpened(e) => dispute::opened(rows, e, at),
        Event::DisputeAnswered(e) => dispute::answered(rows, e, at),
        Event::DisputeVoted(e) => dispute::voted(rows, e, at),
        Event::DisputeResolved(e) => dispute::resolved(rows, e, at),
        Event::FeesSwept(e) => fee_shard::swept(rows, e, at),
        Event::EpochApproved(e) => rewards::approved(rows, e, at),
        Event::EpochCancelled(e) => rewards::cancelled(rows, e, at),
        Event::EpochFinalized(e) => rewards::finalized(rows, e, at),
        Event::RewardClaimed(e) => rewards::claimed(rows, e, at),
        Event::DelegationRewardClaimed(e) => rewards::delegation_claimed(rows, e, at),
    }
}

#[cfg(test)]
mod tests;
