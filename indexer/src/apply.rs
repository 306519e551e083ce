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

use mira_chain::event::{AggregateKind, Event};
use mira_store::model::{Ordinal, ProjectionKey};

/// The version of the folding code, noted with rebuilt projections. It grows when the rows that
/// the same events give change.
pub const CODE_VERSION: u32 = 1;

/// A decoded event and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedEvent {
    /// Where it stands.
    pub at: Ordinal,
    /// What it says.
    pub event: Event,
}

/// The rows that an event changes or reads.
pub fn keys_of(event: &Event) -> Vec<ProjectionKey> {
    let mut keys: Vec<_> = event
        .aggregates()
        .into_iter()
        .map(|aggregate| match aggregate.kind {
            AggregateKind::Network => ProjectionKey::Network { config: aggregate.key },
            AggregateKind::Provider => ProjectionKey::Provider { provider: aggregate.key },
            AggregateKind::Job => ProjectionKey::Job { job: aggregate.key },
            AggregateKind::Lease => ProjectionKey::Lease { lease: aggregate.key },
            AggregateKind::FeeShard => ProjectionKey::FeeShard { fee_shard: aggregate.key },
            AggregateKind::Rewards => ProjectionKey::Rewards { rewards: aggregate.key },
        })
        .collect();
    let position = match event {
        Event::StakeAdded(e) => Some((e.provider, e.staker)),
        Event::UnstakeRequested(e) => Some((e.provider, e.staker)),
        Event::StakeWithdrawn(e) => Some((e.provider, e.staker)),
        _ => None,
    };
    if let Some((provider, staker)) = position {
        keys.push(ProjectionKey::StakePosition { provider: provider.to_bytes(), staker: staker.to_bytes() });
    }
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

fn change(rows: &mut Rows, event: &Event, at: &Ordinal) -> Result<(), Cause> {
    match event {
        Event::NetworkInitialized(e) => network::initialized(rows, e, at),
        Event::FeeShardInitialized(e) => fee_shard::initialized(rows, e, at),
        Event::ProviderRegistered(e) => provider::registered(rows, e, at),
        Event::StakeAdded(e) => {
            provider::stake_added(rows, e, at)?;
            stake_position::stake_added(rows, e, at)
        }
        Event::UnstakeRequested(e) => {
            provider::unstake_requested(rows, e, at)?;
            stake_position::unstake_requested(rows, e, at)
        }
        Event::StakeWithdrawn(e) => {
            provider::stake_withdrawn(rows, e, at)?;
            stake_position::stake_withdrawn(rows, e, at)
        }
        Event::JobCreated(e) => job::created(rows, e, at),
        Event::JobFunded(e) => job::funded(rows, e, at),
        Event::LeaseOpened(e) => {
            job::lease_opened(rows, e, at)?;
            provider::lease_opened(rows, e, at)?;
            lease::opened(rows, e, at)
        }
        Event::LeaseSettled(e) => {
            lease::settled(rows, e, at)?;
            job::lease_settled(rows, e, at)?;
            fee_shard::lease_settled(rows, e, at)
        }
        Event::LeaseClosed(e) => lease::closed(rows, e, at),
        Event::LeaseReleased(e) => {
            lease::released(rows, e, at)?;
            job::lease_released(rows, e, at)
        }
        Event::LeaseEnded(e) => {
            lease::ended(rows, e, at)?;
            provider::lease_ended(rows, e, at)
        }
        Event::JobClosing(e) => job::closing(rows, e, at),
        Event::JobClosed(e) => job::closed(rows, e, at),
        Event::FeesSwept(e) => {
            fee_shard::swept(rows, e, at)?;
            rewards::swept(rows, e, at)
        }
    }
}

#[cfg(test)]
mod tests;
