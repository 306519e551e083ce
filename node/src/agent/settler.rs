//! Sees every lease to its end: settles, closes, releases, ends. What to do is decided in [`crate::policy`].

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::error::Error as Refused;
use mira_wire::clock;

use super::{Agent, accept};
use crate::chain::elapsed_ms;
use crate::error::NodeError;
use crate::journal::{LeaseBook, Record};
use crate::policy::{self, Action, Situation};

/// How often the chain is asked about each lease, besides being woken by a voucher.
const LOOK: Duration = Duration::from_millis(1_000);
/// After this many looks an opening that is not on chain never will be: its blockhash has long expired.
const LOOKS_UNTIL_GONE: u32 = 180;
/// Steps for one lease in one look: settle, close, release, end.
const MAX_STEPS: u32 = 4;

pub(super) async fn run(agent: &Agent) -> Result<(), NodeError> {
    let mut unopened: BTreeMap<Key, u32> = BTreeMap::new();
    loop {
        for (key, lease) in open_ended(agent) {
            if lease.voucher_signer.is_some() {
                unopened.remove(&key);
                advance(agent, &key).await?;
            } else {
                look_for(agent, &key, unopened.entry(key).or_default()).await?;
            }
        }
        tokio::select! {
            () = agent.settle.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Settles whatever can be settled, at the end of a drain.
pub(super) async fn settle_all(agent: &Agent) -> Result<(), NodeError> {
    for (key, lease) in open_ended(agent) {
        if lease.voucher_signer.is_some() {
            advance(agent, &key).await?;
        }
    }
    Ok(())
}

fn open_ended(agent: &Agent) -> Vec<(Key, LeaseBook)> {
    agent.journal.read(|book| {
        let open = book.leases().filter(|(_, lease)| !lease.gone);
        open.map(|(key, lease)| (*key, lease.clone())).collect()
    })
}

/// An accepted lease that was not seen on chain yet: it may come, or its transaction failed.
async fn look_for(agent: &Agent, key: &Key, looks: &mut u32) -> Result<(), NodeError> {
    accept::confirm(agent, key).await?;
    *looks = looks.saturating_add(1);
    let missing = agent.journal.read(|book| book.lease(key).is_some_and(|lease| lease.voucher_signer.is_none()));
    if missing && *looks > LOOKS_UNTIL_GONE {
        agent.record(Record::LeaseGone { lease: *key }).await?;
    }
    Ok(())
}

/// Takes the steps that are due for one lease. Errors of the chain are logged and tried again at the next look.
async fn advance(agent: &Agent, key: &Key) -> Result<(), NodeError> {
    for _ in 0..MAX_STEPS {
        match step(agent, key).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error @ (NodeError::Journal(_) | NodeError::Task(_))) => return Err(error),
            Err(error) => {
                let gone = matches!(agent.chain.lease(key).await, Ok(None));
                if !lost_a_race(&error, gone) {
                    tracing::warn!(%error, "a step for a lease failed, trying again");
                }
                break;
            }
        }
    }
    Ok(())
}

/// Anyone may settle, release and end: somebody else was first, and the next look sees it. A step for a lease that was
/// ended meanwhile is refused by Anchor before the program looks (3012, `AccountNotInitialized`), and that names no
/// account: a fee shard that nobody made gives the same, and is a failure. So what counts is that the lease is gone.
fn lost_a_race(error: &NodeError, gone: bool) -> bool {
    let NodeError::Send(error) = error else { return false };
    if gone {
        return true;
    }
    let raced =
        [Refused::NothingToSettle, Refused::LeaseAlreadyReleased, Refused::LeaseAlreadyClosed, Refused::LeaseNotDue];
    error.refusal().is_some_and(|refusal| raced.contains(&refusal))
}

/// One step; false if nothing is due.
async fn step(agent: &Agent, key: &Key) -> Result<bool, NodeError> {
    let Some((account, view)) = agent.chain.view(key).await? else {
        agent.record(Record::LeaseGone { lease: *key }).await?;
        return Ok(false);
    };
    let Some(book) = agent.journal.read(|book| book.lease(key).cloned()) else { return Ok(false) };
    if view.settled > book.settled {
        agent.record(Record::Settled { lease: *key, amount: view.settled }).await?;
    }
    let situation = Situation {
        draining: agent.drain.is_cancelled(),
        in_flight: agent.in_flight_of(key),
        settle_gain: Payment::new(agent.config.settle_gain),
    };
    let Some(action) = policy::next(&book, &view, &situation) else { return Ok(false) };
    let begun = clock::monotonic();
    agent.chain.act(action, key, &account, book.voucher.as_ref()).await?;
    tracing::info!(?action, lease = %mira_wire::KeyStr(*key), "done on chain");
    if action == Action::Settle {
        let mut times = agent.counters.settle_ms.lock().unwrap_or_else(PoisonError::into_inner);
        times.push(elapsed_ms(begun));
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_chain::send::{Rejection, SendError};
    use solana_sdk::signature::Signature;

    fn rejected(refusal: Option<Refused>) -> NodeError {
        let reason = "Error processing Instruction 1: custom program error: 0xbc4".to_owned();
        let (signature, instruction) = (Signature::default(), Some(1));
        NodeError::Send(SendError::Rejected(Box::new(Rejection {
            signature,
            landed: true,
            instruction,
            refusal,
            reason,
        })))
    }

    #[test]
    fn who_is_second_has_not_failed() {
        assert!(lost_a_race(&rejected(Some(Refused::NothingToSettle)), false));
        assert!(!lost_a_race(&rejected(Some(Refused::VoucherWrongKey)), false));
    }

    #[test]
    fn an_account_that_is_missing_is_a_lost_race_only_if_it_is_the_lease() {
        assert!(lost_a_race(&rejected(None), true));
        assert!(!lost_a_race(&rejected(None), false));
        assert!(!lost_a_race(&NodeError::NoNetwork, true));
    }
}
