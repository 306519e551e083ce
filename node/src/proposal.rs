//! Whether to accept a proposed lease. The dispatcher is not trusted: the terms are judged here, and the transaction is compared byte
//! for byte with the only one that these terms can have.

use mira_chain::account::Job;
use mira_chain::ix::LeaseTerms;
use mira_chain::tx::{self, ProposalError};
use mira_core::tier::UnitKind;
use mira_wire::node::Proposal;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;
use solana_sdk::transaction::VersionedTransaction;

/// What the node insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The provider.
    pub provider: Pubkey,
    /// The lowest price, payment base units per million units.
    pub unit_price: u64,
    /// The largest cap, if there is a limit.
    pub max_cap: Option<u64>,
    /// What the executor meters.
    pub unit_kind: UnitKind,
}

/// Why a proposal is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// For somebody else.
    #[error("it is for provider {0}, not for this one")]
    OtherProvider(Pubkey),
    /// Too cheap.
    #[error("it pays {offered} per million units, the ask is {ask}")]
    PriceBelowAsk {
        /// The proposed price.
        offered: u64,
        /// The ask.
        ask: u64,
    },
    /// Nothing to earn, or more at stake than wanted.
    #[error("its cap of {cap} is not within 1 and {max}")]
    Cap {
        /// The proposed cap.
        cap: u64,
        /// The largest accepted.
        max: u64,
    },
    /// Over already.
    #[error("it expires at {expires_at}, and it is {now} now")]
    Expired {
        /// When it would end, unix seconds.
        expires_at: i64,
        /// Unix seconds.
        now: i64,
    },
    /// The job meters something that this node does not.
    #[error("the job is metered in another unit than this node's {}", .0.as_str())]
    UnitKind(UnitKind),
    /// The job takes no more leases.
    #[error("the job is closing")]
    JobClosing,
    /// The transaction is not what it should be.
    #[error(transparent)]
    Transaction(#[from] ProposalError),
}

/// Judges a proposal against the ask and the job on chain, and signs it.
///
/// Returns the agreed terms and the complete transaction.
///
/// # Errors
/// [`Refusal`]; nothing was signed then.
pub fn accept(
    proposal: &Proposal,
    job: &Job,
    ask: &Ask,
    operator: &Keypair,
    now: i64,
) -> Result<(LeaseTerms, VersionedTransaction), Refusal> {
    let terms = judge(proposal, job, ask, operator.pubkey(), now)?;
    match tx::accept(&proposal.transaction, &terms, operator) {
        // The job's requester may match as well as its dispatcher.
        Err(ProposalError::NotTheLease) if terms.matcher != job.requester => {
            let terms = LeaseTerms { matcher: job.requester, ..terms };
            let transaction = tx::accept(&proposal.transaction, &terms, operator)?;
            Ok((terms, transaction))
        }
        accepted => Ok((terms, accepted?)),
    }
}

fn judge(proposal: &Proposal, job: &Job, ask: &Ask, operator: Pubkey, now: i64) -> Result<LeaseTerms, Refusal> {
    let provider = Pubkey::new_from_array(proposal.provider.get());
    let (unit_price, cap) = (proposal.unit_price.get(), proposal.cap.get());
    let expires_at = proposal.expires_at.secs();
    let max_cap = ask.max_cap.unwrap_or(u64::MAX);
    if provider != ask.provider {
        return Err(Refusal::OtherProvider(provider));
    }
    if unit_price < ask.unit_price {
        return Err(Refusal::PriceBelowAsk { offered: unit_price, ask: ask.unit_price });
    }
    if cap == 0 || cap > max_cap {
        return Err(Refusal::Cap { cap, max: max_cap });
    }
    if expires_at <= now {
        return Err(Refusal::Expired { expires_at, now });
    }
    if job.unit_kind != ask.unit_kind.as_u8() {
        return Err(Refusal::UnitKind(ask.unit_kind));
    }
    if job.closing_at != 0 {
        return Err(Refusal::JobClosing);
    }
    Ok(LeaseTerms {
        job: Pubkey::new_from_array(proposal.job.get()),
        provider,
        nonce: proposal.nonce,
        operator,
        matcher: job.dispatcher.unwrap_or(job.requester),
        unit_price,
        cap,
        expires_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_wire::{KeyStr, Time, U64Str};

    const NOW: i64 = 1_000;

    fn key(byte: u8) -> Pubkey {
        Pubkey::new_from_array([byte; 32])
    }

    fn operator() -> Keypair {
        Keypair::new_from_array([8; 32])
    }

    fn dispatcher() -> Keypair {
        Keypair::new_from_array([9; 32])
    }

    fn job() -> Job {
        Job {
            requester: key(1),
            job_id: 1,
            voucher_signer: key(2),
            dispatcher: Some(dispatcher().pubkey()),
            spec_hash: [0; 32],
            tier: 1,
            unit_kind: UnitKind::Fuel.as_u8(),
            max_unit_price: 100,
            funded: 1_000,
            committed: 0,
            paid: 0,
            refunded: 0,
            min_provider_stake: 0,
            max_share_bps: 10_000,
            max_leases: 4,
            open_leases: 0,
            leases_total: 0,
            created_at: 1,
            deadline: 9_000,
            young_until: 600,
            due_at: 9_100,
            closing_at: 0,
            status: 0,
            seq: 1,
            bump: 0,
            vault_bump: 0,
        }
    }

    fn ask() -> Ask {
        Ask { provider: key(3), unit_price: 50, max_cap: Some(500), unit_kind: UnitKind::Fuel }
    }

    fn terms() -> LeaseTerms {
        LeaseTerms {
            job: key(4),
            provider: key(3),
            nonce: 7,
            operator: operator().pubkey(),
            matcher: dispatcher().pubkey(),
            unit_price: 60,
            cap: 400,
            expires_at: 2_000,
        }
    }

    fn proposal(terms: &LeaseTerms, matcher: &Keypair) -> Proposal {
        Proposal {
            id: U64Str(1),
            job: KeyStr(terms.job.to_bytes()),
            provider: KeyStr(terms.provider.to_bytes()),
            nonce: terms.nonce,
            unit_price: U64Str(terms.unit_price),
            cap: U64Str(terms.cap),
            expires_at: Time::from_secs(terms.expires_at),
            transaction: tx::propose(terms, matcher, [6; 32]).expect("signs"),
        }
    }

    fn refused(change: impl FnOnce(&mut Proposal, &mut Job)) -> Refusal {
        let (mut proposal, mut job) = (proposal(&terms(), &dispatcher()), job());
        change(&mut proposal, &mut job);
        accept(&proposal, &job, &ask(), &operator(), NOW).expect_err("refused")
    }

    #[test]
    fn a_fair_proposal_is_signed() {
        let (agreed, transaction) =
            accept(&proposal(&terms(), &dispatcher()), &job(), &ask(), &operator(), NOW).expect("accepted");
        assert_eq!(agreed, terms());
        assert!(transaction.verify_with_results().iter().all(|valid| *valid));
    }

    #[test]
    fn the_requester_may_match_itself() {
        let requester = Keypair::new_from_array([5; 32]);
        let job = Job { requester: requester.pubkey(), ..job() };
        let terms = LeaseTerms { matcher: requester.pubkey(), ..terms() };
        let (agreed, _) = accept(&proposal(&terms, &requester), &job, &ask(), &operator(), NOW).expect("accepted");
        assert_eq!(agreed.matcher, requester.pubkey());
    }

    #[test]
    fn bad_terms_are_refused() {
        assert!(matches!(refused(|p, _| p.provider = KeyStr([1; 32])), Refusal::OtherProvider(_)));
        assert!(matches!(refused(|p, _| p.unit_price = U64Str(49)), Refusal::PriceBelowAsk { offered: 49, ask: 50 }));
        assert!(matches!(refused(|p, _| p.cap = U64Str(0)), Refusal::Cap { .. }));
        assert!(matches!(refused(|p, _| p.cap = U64Str(501)), Refusal::Cap { .. }));
        assert!(matches!(refused(|p, _| p.expires_at = Time::from_secs(NOW)), Refusal::Expired { .. }));
        assert!(matches!(refused(|_, job| job.unit_kind = UnitKind::Tokens.as_u8()), Refusal::UnitKind(_)));
        assert!(matches!(refused(|_, job| job.closing_at = 5), Refusal::JobClosing));
    }

    #[test]
    fn words_that_differ_from_the_transaction_are_refused() {
        let not_the_lease = Refusal::Transaction(ProposalError::NotTheLease);
        assert_eq!(refused(|p, _| p.unit_price = U64Str(61)), not_the_lease);
        assert_eq!(refused(|p, _| p.cap = U64Str(401)), not_the_lease);
        assert_eq!(refused(|p, _| p.expires_at = Time::from_secs(2_001)), not_the_lease);
        assert_eq!(refused(|p, _| p.transaction = "AAAA".into()), Refusal::Transaction(ProposalError::Undecodable));
        let stranger = Keypair::new_from_array([7; 32]);
        assert_eq!(refused(|_, job| job.dispatcher = Some(stranger.pubkey())), not_the_lease);
    }
}
