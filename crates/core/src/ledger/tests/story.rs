//! Written scripts: the whole loop to the last unit, a lost dispute, who judges, and what never returns.

use super::cast::{self, NOW, admin, delegator, network, operator, owner, requester, signer};
use super::script::Script;
use super::step::step;
use crate::Key;
use crate::amount::{Bps, Payment, Shares, Stake, UnitPrice, Units};
use crate::dispute::DisputeKind;
use crate::error::Error;
use crate::hash::Sha2;
use crate::job::{JobTerms, job_id};
use crate::lease::LeaseTerms;
use crate::ledger::{Action, Ledger, Vault};
use crate::params::{Params, Profile};
use crate::provider::ProviderUpdate;
use crate::testing::{job_terms, local_params};
use std::vec::Vec;

/// A ledger that is checked after every step.
pub struct Stage {
    pub ledger: Ledger,
    script: Script,
}

impl Stage {
    pub fn new() -> Stage {
        Stage { ledger: network(local_params(), Profile::Local), script: Script::default() }
    }

    pub fn try_to(&mut self, action: Action) -> Result<(), Error> {
        step(&mut self.ledger, &mut self.script, &action).unwrap()
    }

    pub fn all(&mut self, actions: impl IntoIterator<Item = Action>) {
        for action in actions {
            assert_eq!(self.try_to(action.clone()), Ok(()), "{action:?}");
        }
    }

    pub fn wait(&mut self, secs: u32) {
        self.all([Action::Advance { secs }]);
    }

    /// The honest epoch after this one, through to its end.
    fn epoch(&mut self) {
        self.wait(60);
        let epoch = self.script.authorities.honest(&self.ledger, |_| 10_000);
        let approve =
            |index| Action::ApproveEpoch { authority: cast::authority(index), epoch, digest: epoch.digest::<Sha2>() };
        self.all([approve(0), approve(2), Action::Advance { secs: 15 }, Action::FinalizeEpoch]);
    }
}

pub fn provider() -> Key {
    cast::provider(0)
}

pub fn terms() -> JobTerms {
    let job_id = job_id(NOW, 1).unwrap();
    JobTerms { requester: requester(0), voucher_signer: signer(0), job_id, ..job_terms(NOW) }
}

pub fn job() -> Key {
    cast::job(&requester(0), terms().job_id)
}

pub fn lease() -> Key {
    cast::lease(&job(), &provider(), 0)
}

pub fn settle(cumulative: u64) -> Action {
    let (cumulative_amount, cumulative_units) = (Payment::new(cumulative), Units::new(cumulative));
    Action::Settle { lease: lease(), signer: signer(0), cumulative_amount, cumulative_units }
}

pub fn stake(staker: Key, amount: u64) -> Action {
    Action::Stake { provider: provider(), staker, amount: Stake::new(amount) }
}

/// Owner and delegator stake 600,000 each; a job of 100,000 has a lease of 60,000, which exposes 30,000.
pub fn leased() -> Stage {
    let mut stage = Stage::new();
    let commission = Bps::new(2_500).unwrap();
    let terms_of_lease = LeaseTerms { unit_price: UnitPrice::new(7), cap: Payment::new(60_000), expires_at: NOW + 60 };
    stage.all([
        Action::RegisterProvider { provider: provider(), owner: owner(0), operator: operator(0), commission },
        stake(owner(0), 600_000),
        stake(delegator(0), 600_000),
        Action::CreateJob { job: job(), terms: terms() },
        Action::FundJob { job: job(), amount: Payment::new(100_000) },
        Action::OpenLease {
            lease: lease(),
            job: job(),
            provider: provider(),
            operator: operator(0),
            matcher: requester(0),
            terms: terms_of_lease,
        },
    ]);
    stage
}

#[test]
fn the_whole_loop_pays_to_the_last_unit() {
    let mut stage = leased();
    let direct = Action::SettleDirect {
        lease: lease(),
        actor: requester(0),
        cumulative_amount: Payment::new(50_000),
        cumulative_units: Units::ZERO,
    };
    let shard = crate::fee_shard::shard_of(&lease());
    stage.all([
        Action::Donate { vault: Vault::Job(job()), amount: 5 },
        settle(33_333),
        direct,
        settle(u64::MAX),
        Action::SweepFees { shard },
        Action::BeginCloseJob { job: job(), actor: requester(0) },
        Action::CloseLease { lease: lease(), actor: operator(0) },
        Action::ReleaseLease { lease: lease() },
        Action::Advance { secs: 30 },
    ]);
    assert_eq!(stage.ledger.flows.fees, 600);
    let before = stage.ledger.flows.payment_out;
    stage.all([Action::CloseJob { job: job() }, Action::EndLease { lease: lease() }]);
    assert_eq!(stage.ledger.flows.payment_out - before, 40_005);
    stage.epoch();
    // 80 % of 600 are rewards: a quarter of them the owner's commission, the rest for all shares.
    let (provider, amount) = (provider(), Payment::new(480));
    let root = stage.ledger.rewards.books.epochs.last.root;
    assert_eq!(
        stage.try_to(Action::ClaimReward { provider, amount, root: [0; 32], payout_usable: true }),
        Err(Error::InvalidProof)
    );
    stage.all([
        Action::ClaimReward { provider, amount, root, payout_usable: true },
        Action::ClaimDelegationReward { provider, staker: owner(0) },
        Action::ClaimDelegationReward { provider, staker: delegator(0) },
        Action::WithdrawTreasury { actor: admin(0), amount: Payment::new(120) },
    ]);
    let ask = |staker| Action::RequestUnstake { provider, staker, shares: Shares::new(600_000) };
    let take = |staker| Action::WithdrawStake { provider, staker, ticket: 0 };
    stage.all([ask(owner(0)), ask(delegator(0)), Action::Advance { secs: 200 }, take(owner(0)), take(delegator(0))]);
    let ledger = stage.ledger;
    assert!(ledger.jobs.is_empty() && ledger.leases.is_empty() && ledger.positions.is_empty());
    assert_eq!(ledger.stake_vault, Stake::ZERO);
    // Two roundings of the index stay behind, and nothing else.
    assert_eq!(ledger.flows.payment_in, ledger.flows.payment_out + 2);
    assert_eq!((ledger.rewards.vault, ledger.rewards.treasury), (Payment::new(2), Payment::ZERO));
}

#[test]
fn a_lost_dispute_pays_the_requester_burns_the_rest_and_jails() {
    let mut stage = leased();
    let dispute =
        |actor| Action::OpenDispute { lease: lease(), actor, kind: DisputeKind::BadResult, evidence: [1; 32] };
    stage.all([settle(20_000)]);
    assert_eq!(stage.try_to(dispute(operator(0))), Err(Error::WrongSigner));
    stage.all([dispute(signer(0))]);
    assert_eq!(stage.ledger.stake_vault, Stake::new(1_200_000 + 3_000));
    let concede = |actor| Action::RespondDispute { lease: lease(), actor, answer: None };
    assert_eq!(stage.try_to(concede(operator(0))), Err(Error::WrongSigner));
    stage.all([concede(owner(0)), Action::ResolveDispute { lease: lease() }]);
    // 20,000 paid are worth 10,000 of stake; 30,000 were exposed, all of it the owner's to lose.
    let flows = stage.ledger.flows;
    assert_eq!((flows.stake_burned, flows.stake_out), (20_000, 3_000 + 10_000));
    let books = stage.ledger.providers[&provider()].books;
    assert_eq!((books.own_stake(), books.exposure), (Ok(Stake::new(570_000)), Stake::ZERO));
    assert_eq!(stage.try_to(dispute(requester(0))), Err(Error::LeaseChallenged));
    let back = ProviderUpdate { draining: Some(false), commission: None };
    let come_back = Action::UpdateProvider { provider: provider(), actor: owner(0), operator: None, update: back };
    assert_eq!(stage.try_to(come_back.clone()), Err(Error::ProviderJailed));
    // Jailed, it is still paid for what it did, and its lease ends in its own time.
    stage.all([settle(60_000), Action::Advance { secs: 50 }, come_back]);
    stage.all([Action::Advance { secs: 30 }, Action::ReleaseLease { lease: lease() }]);
    stage.all([Action::Advance { secs: 30 }, Action::EndLease { lease: lease() }]);
}

/// The address of a job is free for as long as its id can be made; a longer window would make old ids
/// new again.
#[test]
fn no_address_returns_when_the_window_changes() {
    let mut stage = Stage::new();
    let window = |job_id_window_secs| Action::UpdateParams {
        actor: admin(0),
        params: Params { job_id_window_secs, ..local_params() },
    };
    let create = Action::CreateJob { job: job(), terms: terms() };
    stage.all([window(1), create.clone(), Action::BeginCloseJob { job: job(), actor: requester(0) }]);
    stage.all([Action::Advance { secs: 2 }, Action::CloseJob { job: job() }]);
    assert_eq!(stage.try_to(create.clone()), Err(Error::JobIdOutOfWindow));
    assert_eq!(stage.try_to(window(2)), Err(Error::InvalidParams));
    assert_eq!(stage.try_to(create), Err(Error::JobIdOutOfWindow));
}

#[test]
fn no_party_judges() {
    let mut stage = leased();
    let parties = [requester(0), signer(0), operator(0), owner(0)];
    let keys = parties.into_iter().chain([cast::verifier(0)]).collect();
    stage.all([
        Action::SetVerifiers { actor: admin(0), keys },
        Action::OpenDispute { lease: lease(), actor: signer(0), kind: DisputeKind::NoShow, evidence: [0; 32] },
        Action::RespondDispute { lease: lease(), actor: owner(0), answer: Some([9; 32]) },
    ]);
    let vote = |actor| Action::VoteDispute { lease: lease(), actor, uphold: true };
    for party in parties {
        assert_eq!(stage.try_to(vote(party)), Err(Error::PartyMayNotVote));
    }
    stage.all([vote(cast::verifier(0))]);
}

#[test]
fn new_authorities_begin_anew_and_new_verifiers_dismiss() {
    let mut stage = leased();
    stage.all([settle(60_000), Action::SweepFees { shard: crate::fee_shard::shard_of(&lease()) }]);
    stage.wait(60);
    let epoch = stage.script.authorities.honest(&stage.ledger, |_| 10_000);
    let approve =
        |index| Action::ApproveEpoch { authority: cast::authority(index), epoch, digest: epoch.digest::<Sha2>() };
    stage.all([approve(0), approve(1)]);
    assert!(stage.ledger.rewards.books.epochs.pending.is_some());
    let keys = Vec::from([cast::authority(0), cast::authority(3)]);
    stage.all([Action::SetRewardAuthorities { actor: admin(0), keys }]);
    assert_eq!(stage.try_to(Action::FinalizeEpoch), Err(Error::EpochNotPending));
    assert_eq!(stage.try_to(approve(1)), Err(Error::WrongSigner));
    stage.all([approve(0), approve(3)]);
    assert!(stage.ledger.rewards.books.epochs.pending.is_some());
    let vote = |index| Action::VoteDispute { lease: lease(), actor: cast::verifier(index), uphold: true };
    stage.all([
        Action::OpenDispute { lease: lease(), actor: requester(0), kind: DisputeKind::NoShow, evidence: [0; 32] },
        Action::RespondDispute { lease: lease(), actor: owner(0), answer: Some([9; 32]) },
        vote(0),
        vote(1),
        Action::SetVerifiers { actor: admin(0), keys: Vec::from([cast::verifier(0)]) },
    ]);
    assert_eq!(stage.try_to(vote(2)), Err(Error::VerifierSetChanged));
    stage.all([Action::ResolveDispute { lease: lease() }]);
    let flows = stage.ledger.flows;
    assert_eq!((flows.stake_burned, flows.stake_out), (0, 3_000));
}
