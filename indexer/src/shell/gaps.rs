//! What is known to be missing, kept in the database while it is: written where the cursor has to stand still over it,
//! forgotten once it has come. Whoever proves the ledger sees it there, also when no indexer runs.

use mira_chain::event::AggregateKind;
use mira_core::Key;
use mira_store::model::{Claim, Gap, Projection, SLOTS, Set};
use mira_store::repository::{Ledger, Projections};

use super::clock::now_ms;
use crate::apply::{Cause, FoldError, row_of};
use crate::convert::key_address;
use crate::stop::Stop;

/// The kinds of account whose events are numbered.
const KINDS: [AggregateKind; 7] = [
    AggregateKind::Network,
    AggregateKind::Provider,
    AggregateKind::Job,
    AggregateKind::Lease,
    AggregateKind::FeeShard,
    AggregateKind::Rewards,
    AggregateKind::Dispute,
];

/// Notes what a stop says is missing, if it says so. `true` if there is a gap now.
pub(super) async fn note(
    store: &(impl Ledger + ?Sized),
    claim: &Claim,
    stop: &Stop,
) -> Result<bool, mira_store::Error> {
    let Some((subject, first, last)) = missing(stop) else { return Ok(false) };
    let gap = Gap { subject, first, last, reason: format!("{}: {stop}", stop.code()), found_ms: now_ms() };
    store.record_gap(claim, gap).await?;
    Ok(true)
}

/// Forgets the gaps that were filled; `true` if some are left.
pub(super) async fn settle(
    store: &(impl Ledger + Projections + ?Sized),
    claim: &Claim,
) -> Result<bool, mira_store::Error> {
    let mut left = false;
    for gap in store.gaps().await? {
        let filled = match Key::try_from(gap.subject.as_slice()) {
            // The cursor moves over nothing that is missing, and it stood before the gap when that was noted.
            Err(_) => claim.at.is_some_and(|slot| slot >= gap.last),
            Ok(key) => {
                let rows = store.load(Set::Live, &KINDS.map(|kind| row_of(kind, key))).await?;
                rows.iter().map(Projection::seq).any(|seq| seq >= gap.last)
            }
        };
        if filled {
            store.close_gap(claim, &gap.subject, gap.first).await?;
        }
        left |= !filled;
    }
    Ok(left)
}

/// Whose numbers, from which to which.
fn missing(stop: &Stop) -> Option<(Vec<u8>, u64, u64)> {
    match stop {
        Stop::UnprovedSkip { after, parent, .. } => Some((SLOTS.to_vec(), after.saturating_add(1), *parent)),
        Stop::Unavailable { slot, .. } => Some((SLOTS.to_vec(), *slot, *slot)),
        Stop::Fold(error) | Stop::Incomplete(error) => events(error),
        Stop::LostAside { stop, .. } => missing(stop),
        Stop::NeverSeen { key } => key_address(key).map(|address| (address.to_vec(), 1, 1)),
        _ => None,
    }
}

/// The events before one that came too early.
fn events(error: &FoldError) -> Option<(Vec<u8>, u64, u64)> {
    match &error.cause {
        Cause::SeqGap { key, expected, found } if found > expected => {
            key_address(key).map(|address| (address.to_vec(), *expected, found.saturating_sub(1)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;
    use mira_store::model::ProjectionKey;

    fn early(expected: u64, found: u64) -> Box<FoldError> {
        let key = ProjectionKey::Job { job: [4; 32] };
        Box::new(FoldError { at: at(9), event: "JobFunded", cause: Cause::SeqGap { key, expected, found } })
    }

    #[test]
    fn a_stop_names_what_is_missing_or_nothing() {
        let slots = SLOTS.to_vec();
        let skip = Stop::UnprovedSkip { after: 10, slot: 15, parent: 12 };
        assert_eq!(missing(&skip), Some((slots.clone(), 11, 12)));
        let gone = Stop::Unavailable { slot: 11, reason: String::new() };
        assert_eq!(missing(&gone), Some((slots, 11, 11)));
        assert_eq!(missing(&Stop::Incomplete(early(3, 6))), Some((vec![4; 32], 3, 5)));
        assert_eq!(
            missing(&Stop::LostAside { stop: Box::new(Stop::Fold(early(3, 4))), letters: 1 }),
            Some((vec![4; 32], 3, 3))
        );
        // An event that comes again leaves nothing out.
        assert_eq!(missing(&Stop::Fold(early(3, 2))), None);
        assert_eq!(missing(&Stop::Undecodable { slot: 11, reason: String::new() }), None);
        let never = Stop::NeverSeen { key: ProjectionKey::Job { job: [4; 32] } };
        assert_eq!(missing(&never), Some((vec![4; 32], 1, 1)));
    }
}
