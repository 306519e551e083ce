//! One story that has every event of the program in it.

use mira_core::Result;
use mira_core::amount::{Bps, Payment, Shares, Stake, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::lease::LeaseTerms;
use mira_core::ledger::Action;
use mira_core::provider::ProviderUpdate;

use super::{ADMIN, Chain, OPERATOR, REQUESTER, authority, job, lease, owner, params, provider, terms, verifier};

impl Chain {
    /// A furnished chain through everything that can happen.
    pub(crate) fn whole_story(cluster: [u8; 32]) -> Self {
        let mut chain = Self::furnished(cluster);
        chain.two_leases();
        chain.unstaking();
        chain.a_dispute();
        chain.an_epoch();
        chain.government();
        chain
    }

    fn must(&mut self, action: Action) {
        let name = action.name();
        self.run(action).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn pass(&mut self, secs: u32) {
        self.must(Action::Advance { secs });
    }

    /// Leases through all of their life, and their job's.
    fn two_leases(&mut self) {
        self.open(1, 20_000).unwrap();
        self.open(2, 10_000).unwrap();
        self.settle(1, 5_001, 2_500).unwrap();
        self.settle(1, 90_000, 9_000).unwrap();
        self.must(Action::CloseLease { lease: lease(2), actor: OPERATOR });
        self.must(Action::ReleaseLease { lease: lease(2) });
        self.must(Action::BeginCloseJob { job: job(0), actor: REQUESTER });
        self.pass(70);
        self.must(Action::ReleaseLease { lease: lease(1) });
        self.pass(60);
        self.must(Action::EndLease { lease: lease(1) });
        self.must(Action::EndLease { lease: lease(2) });
        self.must(Action::CloseJob { job: job(0) });
    }

    fn unstaking(&mut self) {
        let (provider, staker) = (provider(0), owner(0));
        for shares in [400, 300, 200] {
            self.must(Action::RequestUnstake { provider, staker, shares: Shares::new(shares) });
        }
        self.must(Action::CancelUnstake { provider, staker, ticket: 1 });
        self.pass(300);
        self.must(Action::WithdrawStake { provider, staker, ticket: 0 });
        self.must(Action::Stake { provider, staker: owner(1), amount: Stake::new(2_000_000) });
    }

    /// A lost one. The requester is paid what it lost, the rest is burned.
    pub(crate) fn a_dispute(&mut self) {
        self.disputed_lease().unwrap();
        let lease = lease(3);
        let answer = Some([22; 32]);
        self.must(Action::RespondDispute { lease, actor: owner(0), answer });
        for number in [0, 2] {
            self.must(Action::VoteDispute { lease, actor: verifier(number), uphold: true });
        }
        self.must(Action::ResolveDispute { lease });
        self.pass(params().dispute.jail_secs);
        let update = ProviderUpdate { draining: Some(false), commission: Some(Bps::new(900).unwrap()) };
        let operator = Some([23; 32]);
        self.must(Action::UpdateProvider { provider: provider(0), actor: owner(0), operator, update });
    }

    /// Job 1 with lease 3, of which a little was paid, challenged.
    ///
    /// # Errors
    /// What the protocol refuses.
    pub fn disputed_lease(&mut self) -> Result<()> {
        let (job, lease, now) = (job(1), lease(3), self.ledger.now);
        self.run(Action::CreateJob { job, terms: terms(now, 1) })?;
        self.run(Action::FundJob { job, amount: Payment::new(50_000) })?;
        self.run(Action::ExtendJob { job, actor: REQUESTER, deadline: now + 600 })?;
        let (voucher_signer, dispatcher) = ([24; 32], Some(OPERATOR));
        self.run(Action::UpdateJob { job, actor: REQUESTER, voucher_signer, dispatcher })?;
        let terms =
            LeaseTerms { unit_price: UnitPrice::new(2_000_000), cap: Payment::new(20_000), expires_at: now + 50 };
        let (operator, matcher) = (OPERATOR, REQUESTER);
        self.run(Action::OpenLease { lease, job, provider: provider(0), operator, matcher, terms })?;
        let (cumulative_amount, cumulative_units) = (Payment::new(3_001), Units::new(1_500));
        self.run(Action::SettleDirect { lease, actor: REQUESTER, cumulative_amount, cumulative_units })?;
        let (kind, evidence) = (DisputeKind::BadResult, [25; 32]);
        self.run(Action::OpenDispute { lease, actor: REQUESTER, kind, evidence })
    }

    /// Dropped because the authorities change, cancelled, then final, then claimed by the provider and one of
    /// its delegators.
    fn an_epoch(&mut self) {
        for shard in [1, 3] {
            self.must(Action::SweepFees { shard });
        }
        let epoch = self.next_epoch();
        self.must(Action::ApproveEpoch { authority: authority(2), epoch, digest: epoch.digest::<Sha2>() });
        let keys = [0, 1, 2].map(authority).to_vec();
        self.must(Action::SetRewardAuthorities { actor: ADMIN, keys });
        self.approve();
        self.must(Action::CancelEpoch { actor: ADMIN });
        self.approve();
        self.pass(params().reward.challenge_secs);
        self.must(Action::FinalizeEpoch);
        let last = self.ledger.rewards.books.epochs.last;
        self.must(Action::ClaimReward {
            provider: provider(0),
            amount: last.cumulative_total,
            root: last.root,
            payout_usable: true,
        });
        self.must(Action::ClaimDelegationReward { provider: provider(0), staker: owner(1) });
        self.must(Action::WithdrawTreasury { actor: ADMIN, amount: Payment::new(10) });
    }

    fn approve(&mut self) {
        let epoch = self.next_epoch();
        for number in [0, 1] {
            let digest = epoch.digest::<Sha2>();
            self.must(Action::ApproveEpoch { authority: authority(number), epoch, digest });
        }
    }

    /// The epoch of all that was swept, of which half of the new fees is given.
    pub(crate) fn next_epoch(&self) -> Epoch {
        let books = &self.ledger.rewards.books;
        let last = books.epochs.last;
        let index = last.index + 1;
        let given = (books.swept.get() - last.cumulative_fees.get()) / 2;
        Epoch {
            index,
            root: super::key(14, u8::try_from(index % 256).unwrap()),
            cumulative_fees: books.swept,
            cumulative_total: Payment::new(last.cumulative_total.get() + given),
            report_hash: [26; 32],
        }
    }

    fn government(&mut self) {
        let other = mira_core::params::Params { min_stake: Stake::new(2_000), ..params() };
        self.must(Action::UpdateParams { actor: ADMIN, params: other });
        self.must(Action::SetGuardian { actor: ADMIN, guardian: [27; 32] });
        self.must(Action::SetPause { actor: [27; 32], paused: true });
        self.must(Action::SetPause { actor: ADMIN, paused: false });
        for admin in [[28; 32], ADMIN, [29; 32]] {
            self.must(Action::ProposeAdmin { actor: ADMIN, admin });
        }
        self.must(Action::AcceptAdmin { actor: [29; 32] });
    }
}
