//! Proposals as transactions: signed by the dispatcher, paid and sent by the provider's operator.
//!
//! A lease's address holds its number within the job, so a job's leases open one after the other: a
//! proposal is offered once those before it have landed, at the job's next number. What has landed is
//! asked of the chain (confirmed), because the index (finalized) knows it only seconds later; so no
//! provider is offered a second lease while its first one waits for finality.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mira_chain::account::{AccountError, Job as JobAccount};
use mira_chain::ix::LeaseTerms;
use mira_chain::pda;
use mira_chain::rpc::Rpc;
use mira_chain::tx;
use mira_core::job::JobStatus;
use mira_core::{Hash, Key};
use mira_dispatch::Engine;
use mira_dispatch::effect::Proposal;
use mira_dispatch::state::provider::Provider;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use super::calls::heartbeat::LeaseOffer;

/// How long an offer is repeated as it is, so that a node that asks twice does not sign twice. Far less
/// than a blockhash lives.
const REPEAT_MS: u64 = 2_000;

/// How long a heartbeat's answer waits for the chain: a node must not count as late because of it.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Lease addresses looked up at most for one proposal.
const MAX_LOOKUPS: usize = 100;

/// A proposal to be offered, and what it takes to see whether it is its turn.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    proposal: Proposal,
    operator: Key,
    /// Providers of the job's proposals before this one, in order.
    before: Vec<Key>,
    /// Leases of the job that the index knows.
    known: u32,
}

impl Ask {
    /// The proposals to a provider.
    pub(super) fn of(engine: &Engine, key: &Key, provider: &Provider) -> Vec<Ask> {
        let proposals = engine.proposals_to(key).into_iter();
        let asks = proposals.filter_map(|proposal| {
            let job = engine.job(&proposal.job)?;
            let before = job.proposals.range(..proposal.id).map(|(_, pending)| pending.proposal.provider);
            Some(Ask {
                proposal: proposal.clone(),
                operator: provider.facts.operator,
                before: before.collect(),
                known: u32::try_from(job.leases.len()).unwrap_or(u32::MAX),
            })
        });
        asks.collect()
    }
}

/// Why a proposal is not offered now.
#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Rpc(#[from] mira_chain::rpc::RpcError),
    #[error(transparent)]
    Sign(#[from] tx::ProposalError),
}

#[derive(Clone, Debug)]
struct Made {
    at_ms: u64,
    nonce: u32,
    transaction: String,
}

/// Makes offers of proposals.
pub(super) struct Offering {
    signer: Keypair,
    rpc: Rpc,
    made: Mutex<BTreeMap<u64, Made>>,
}

impl Offering {
    pub(super) fn new(signer: Keypair, rpc: Rpc) -> Self {
        Offering { signer, rpc, made: Mutex::default() }
    }

    /// The dispatcher's signature over a message of Mira.
    pub(super) fn sign_message(&self, message: &[u8]) -> [u8; 64] {
        self.signer.sign_message(message).into()
    }

    /// Offers of the proposals whose turn it is. One that cannot be made now is left out: the provider
    /// asks again with its next heartbeat.
    pub(super) async fn offers(&self, asks: Vec<Ask>, now_ms: u64) -> Vec<LeaseOffer> {
        let mut offers = Vec::new();
        let all = async {
            for ask in asks {
                match self.offer(&ask, now_ms).await {
                    Ok(Some(offer)) => offers.push(offer),
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, proposal = ask.proposal.id, "a lease could not be offered"),
                }
            }
        };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            tracing::warn!("the chain answers too slowly to offer leases");
        }
        offers
    }

    async fn offer(&self, ask: &Ask, now_ms: u64) -> Result<Option<LeaseOffer>, Reason> {
        let Some(nonce) = self.turn(ask).await? else { return Ok(None) };
        let proposal = &ask.proposal;
        let transaction = match self.repeat(proposal.id, nonce, now_ms) {
            Some(transaction) => transaction,
            None => self.sign(ask, nonce, now_ms).await?,
        };
        Ok(Some(LeaseOffer {
            id: proposal.id,
            job: proposal.job,
            provider: proposal.provider,
            nonce,
            unit_price: proposal.unit_price,
            cap: proposal.cap,
            expires_at: proposal.expires_at,
            transaction,
        }))
    }

    /// The number that the proposal's lease would have, if it is its turn.
    async fn turn(&self, ask: &Ask) -> Result<Option<u32>, Reason> {
        let key = Pubkey::new_from_array(ask.proposal.job);
        let Some(job) = self.rpc.state::<JobAccount>(&key, CommitmentLevel::Confirmed).await? else { return Ok(None) };
        // The requester may have named another dispatcher: the program would refuse this one's signature.
        if job.status != JobStatus::Open.as_u8() || job.dispatcher != Some(self.signer.pubkey()) {
            return Ok(None);
        }
        let landed = self.landed(ask, &key, job.leases_total).await?;
        Ok(is_turn(ask, landed).then_some(job.leases_total))
    }

    /// How many leases each provider has opened that the index does not know yet.
    async fn landed(&self, ask: &Ask, job: &Pubkey, total: u32) -> Result<BTreeMap<Key, usize>, Reason> {
        let mut providers: Vec<Key> = ask.before.clone();
        providers.push(ask.proposal.provider);
        providers.sort_unstable();
        providers.dedup();
        let numbers = ask.known..total;
        let pairs = numbers.flat_map(|nonce| providers.iter().map(move |provider| (nonce, *provider)));
        let pairs: Vec<(u32, Key)> = pairs.take(MAX_LOOKUPS).collect();
        let mut landed = BTreeMap::new();
        if pairs.is_empty() {
            return Ok(landed);
        }
        let address = |(nonce, provider): &(u32, Key)| pda::lease(job, &Pubkey::new_from_array(*provider), *nonce);
        let addresses: Vec<Pubkey> = pairs.iter().map(address).collect();
        let found = self.rpc.accounts(&addresses, CommitmentLevel::Confirmed).await?;
        for ((_, provider), account) in pairs.iter().zip(found.accounts) {
            *landed.entry(*provider).or_default() += usize::from(account.is_some());
        }
        Ok(landed)
    }

    /// The offer that was made a moment ago, if it still stands.
    fn repeat(&self, id: u64, nonce: u32, now_ms: u64) -> Option<String> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.retain(|_, made| now_ms.saturating_sub(made.at_ms) < REPEAT_MS);
        made.get(&id).filter(|made| made.nonce == nonce).map(|made| made.transaction.clone())
    }

    async fn sign(&self, ask: &Ask, nonce: u32, now_ms: u64) -> Result<String, Reason> {
        let proposal = &ask.proposal;
        let terms = LeaseTerms {
            job: Pubkey::new_from_array(proposal.job),
            provider: Pubkey::new_from_array(proposal.provider),
            nonce,
            operator: Pubkey::new_from_array(ask.operator),
            matcher: self.signer.pubkey(),
            unit_price: proposal.unit_price.get(),
            cap: proposal.cap.get(),
            expires_at: proposal.expires_at,
        };
        let blockhash: Hash = self.rpc.latest_blockhash().await?.blockhash;
        let transaction = tx::propose(&terms, &self.signer, blockhash)?;
        let made = Made { at_ms: now_ms, nonce, transaction: transaction.clone() };
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(proposal.id, made);
        Ok(transaction)
    }
}

/// Whether all proposals before this one have landed and this one has not.
fn is_turn(ask: &Ask, mut landed: BTreeMap<Key, usize>) -> bool {
    let mut take = |provider: &Key| match landed.get_mut(provider) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    ask.before.iter().all(&mut take) && !take(&ask.proposal.provider)
}

#[cfg(test)]
mod tests {
    use mira_core::amount::{Payment, UnitPrice};

    use super::*;

    fn ask(provider: u8, before: &[u8]) -> Ask {
        let proposal = Proposal {
            id: 1,
            job: [1; 32],
            provider: [provider; 32],
            owner: [2; 32],
            unit_price: UnitPrice::new(1),
            cap: Payment::new(1),
            expires_at: 0,
            decision: [0; 32],
        };
        Ask { proposal, operator: [3; 32], before: before.iter().map(|id| [*id; 32]).collect(), known: 0 }
    }

    fn landed(counts: &[(u8, usize)]) -> BTreeMap<Key, usize> {
        counts.iter().map(|(id, count)| ([*id; 32], *count)).collect()
    }

    #[test]
    fn the_first_is_offered_and_the_others_wait() {
        assert!(is_turn(&ask(7, &[]), landed(&[])));
        assert!(!is_turn(&ask(8, &[7]), landed(&[])));
        assert!(is_turn(&ask(8, &[7]), landed(&[(7, 1)])));
    }

    #[test]
    fn what_has_landed_is_not_offered_again() {
        assert!(!is_turn(&ask(7, &[]), landed(&[(7, 1)])));
        // Two proposals to one provider: its one lease is the first.
        assert!(is_turn(&ask(7, &[7]), landed(&[(7, 1)])));
        assert!(!is_turn(&ask(7, &[7]), landed(&[(7, 2)])));
    }

    #[test]
    fn a_strangers_lease_stops_nobody() {
        assert!(is_turn(&ask(7, &[]), landed(&[(9, 1)])));
    }
}
