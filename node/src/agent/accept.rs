//! From a proposal to an open lease.

use std::collections::BTreeMap;
use std::sync::Arc;

use mira_core::Key;
use mira_wire::node::Proposal;

use super::Agent;
use crate::error::NodeError;
use crate::journal::{LeaseTerms, Record};
use crate::proposal::{self, Ask};

/// Proposals seen, so that each is judged once although every heartbeat repeats it. A new transaction for the same lease counts anew.
#[derive(Debug, Default)]
pub(super) struct Seen {
    transactions: BTreeMap<u64, String>,
}

impl Seen {
    /// Those not seen before. Whatever is not proposed any more is forgotten.
    pub fn fresh(&mut self, proposals: Vec<Proposal>) -> Vec<Proposal> {
        let before = std::mem::take(&mut self.transactions);
        let mut fresh = Vec::new();
        for proposal in proposals {
            let id = proposal.id.get();
            if before.get(&id) != Some(&proposal.transaction) {
                fresh.push(proposal.clone());
            }
            self.transactions.insert(id, proposal.transaction);
        }
        fresh
    }
}

/// Judges one proposal and opens the lease. A proposal that is not accepted is only logged: the dispatcher drops it in time.
pub(super) async fn accept(agent: Arc<Agent>, proposal: Proposal) -> Result<(), NodeError> {
    let job = match agent.chain.job(&proposal.job.get()).await {
        Ok(Some(job)) => job,
        Ok(None) => return declined(&proposal, "there is no such job on chain"),
        Err(error) => return declined(&proposal, &error.to_string()),
    };
    let ask = Ask {
        provider: agent.config.provider,
        unit_price: agent.config.unit_price,
        max_cap: agent.config.max_cap,
        unit_kind: agent.executor.unit_kind(),
    };
    let accepted = proposal::accept(&proposal, &job, &ask, &agent.config.operator, agent.config.now_secs());
    let (agreed, transaction) = match accepted {
        Ok(accepted) => accepted,
        Err(refusal) => return declined(&proposal, &refusal.to_string()),
    };
    let lease: Key = agreed.lease().to_bytes();
    let terms = LeaseTerms {
        job: agreed.job.to_bytes(),
        unit_price: agreed.unit_price,
        cap: agreed.cap,
        expires_at: agreed.expires_at,
    };
    agent.record(Record::LeaseAccepted { lease, terms }).await?;
    if let Err(error) = agent.chain.submit(transaction).await {
        tracing::warn!(lease = %agreed.lease(), %error, "the lease's opening was not confirmed");
    }
    // Whatever was said, the chain knows. If it does not know yet, the settler finds out.
    confirm(&agent, &lease).await
}

/// Notes that an accepted lease exists, if it does. Returns without a word otherwise.
pub(super) async fn confirm(agent: &Agent, lease: &Key) -> Result<(), NodeError> {
    match agent.chain.lease(lease).await {
        Ok(Some(account)) => {
            let voucher_signer = account.voucher_signer.to_bytes();
            agent.record(Record::LeaseOpened { lease: *lease, voucher_signer }).await?;
            agent.work.notify_waiters();
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "cannot read a lease"),
    }
    Ok(())
}

fn declined(proposal: &Proposal, reason: &str) -> Result<(), NodeError> {
    tracing::info!(job = %proposal.job, nonce = proposal.nonce, reason, "proposal declined");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_wire::{KeyStr, Time, U64Str};

    fn proposal(id: u64, transaction: &str) -> Proposal {
        let key = KeyStr([1; 32]);
        Proposal {
            id: U64Str(id),
            job: key,
            provider: key,
            nonce: 0,
            unit_price: U64Str(1),
            cap: U64Str(1),
            expires_at: Time::from_secs(1),
            transaction: transaction.into(),
        }
    }

    #[test]
    fn each_transaction_is_judged_once() {
        let mut seen = Seen::default();
        assert_eq!(seen.fresh(vec![proposal(1, "a"), proposal(2, "b")]).len(), 2);
        assert_eq!(seen.fresh(vec![proposal(1, "a"), proposal(2, "c")]), [proposal(2, "c")]);
        assert_eq!(seen.fresh(vec![]).len(), 0);
        assert_eq!(seen.fresh(vec![proposal(1, "a")]).len(), 1);
    }
}
