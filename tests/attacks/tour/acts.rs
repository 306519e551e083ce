//! The way of the tour: which instruction comes when, and what is prepared for it out of the visitor's
//! sight.

use super::Tour;
use super::town::{CAP, DELEGATED, FUNDED, LEAVING, SETTLED, Town};
use mira_chain::{ix, pda};
use mira_core::dispute::DisputeKind;
use mira_core::hash::Sha2;
use mira_core::merkle;
use mira_testkit::scene::dispute::{ANSWER, EVIDENCE};
use mira_testkit::step::lease_terms;
use mira_testkit::world::params;

impl Tour<'_> {
    /// From the first instruction to the last.
    pub fn all(&mut self) {
        self.initialize();
        let town = Town::new(&mut self.world);
        self.network(&town);
        self.providers(&town);
        self.stakes(&town);
        self.jobs(&town);
        self.leases(&town);
        self.dispute(&town);
        self.ends(&town);
        self.epoch(&town);
        self.rewards(&town);
        self.governance(&town);
    }

    fn network(&mut self, town: &Town) {
        let step = self.world.init_fee_shard(&town.stranger, 0);
        self.go(step);
        for shard in 1..pda::FEE_SHARDS {
            let step = self.world.init_fee_shard(&town.stranger, shard);
            self.world.run(&step);
        }
        let admin = self.world.admin.clone();
        let step = self.world.set_verifiers(&admin, &town.verifiers.each_ref().map(|judge| judge.pubkey()));
        self.go(step);
        let step = self.world.set_reward_authorities(&admin, &town.authorities.each_ref().map(|key| key.pubkey()));
        self.go(step);
    }

    fn providers(&mut self, town: &Town) {
        let step = self.world.register_provider(&town.owner, &town.operator);
        self.go(step);
        let step = self.world.register_provider(&town.other_owner, &town.other_operator);
        self.world.run(&step);
        let payout = self.world.payment_purse(&town.owner.pubkey());
        let args = ix::UpdateProviderArgs { metadata_hash: Some([7; 32]), ..Default::default() };
        let step = self.world.update_provider(&town.owner, &town.provider, Some(&payout), args);
        self.go(step);
    }

    fn stakes(&mut self, town: &Town) {
        town.stake(&mut self.world);
        let step = self.world.stake(&town.delegator, &town.provider, DELEGATED);
        self.go(step);
        let step = self.world.stake(&town.delegator, &town.other_provider, DELEGATED);
        self.world.run(&step);
        let step = self.world.request_unstake(&town.delegator, &town.provider, LEAVING);
        self.go(step);
        let step = self.world.cancel_unstake(&town.delegator, &town.provider, 0);
        self.go(step);
        for provider in [&town.provider, &town.other_provider] {
            let step = self.world.request_unstake(&town.delegator, provider, LEAVING);
            self.world.run(&step);
        }
        self.world.advance(params().unbonding_secs);
        let step = self.world.withdraw_stake(&town.stranger, &town.delegator, &town.provider, 0);
        self.go(step);
    }

    fn jobs(&mut self, town: &Town) {
        let (terms, other) = town.terms(&self.world);
        let (job, other_job) = town.job_keys(&self.world);
        let step = self.world.create_job(&town.other_requester, &other);
        self.world.run(&step);
        let step = self.world.create_job(&town.requester, &terms);
        self.go(step);
        let step = self.world.fund_job(&town.other_requester, &other_job, FUNDED);
        self.world.run(&step);
        let step = self.world.fund_job(&town.requester, &job, FUNDED);
        self.go(step);
        let step = self.world.extend_job(&town.requester, &job, terms.deadline + 1);
        self.go(step);
        let (signer, dispatcher) = (town.signer.pubkey(), town.dispatcher.pubkey());
        let step = self.world.update_job(&town.requester, &job, &signer, Some(&dispatcher));
        self.go(step);
    }

    fn leases(&mut self, town: &Town) {
        let (job, other_job) = town.job_keys(&self.world);
        let terms = lease_terms(CAP, self.world.now());
        let others = (&other_job, &town.other_provider);
        let step = self.world.open_lease(&town.other_operator, &town.other_requester, others, &terms);
        self.world.run(&step);
        let step = self.world.open_lease(&town.operator, &town.dispatcher, (&job, &town.provider), &terms);
        self.go(step);
        let (lease, other_lease) = town.lease_keys(&self.world);
        let step = self.world.settle(&town.stranger, &town.signer, &lease, SETTLED / 2, 1);
        self.go(step);
        let step = self.world.settle_direct(&town.requester, &lease, SETTLED, 2);
        self.go(step);
        let step = self.world.settle_direct(&town.other_requester, &other_lease, SETTLED, 2);
        self.world.run(&step);
    }

    fn dispute(&mut self, town: &Town) {
        let (lease, other_lease) = town.lease_keys(&self.world);
        let step = self.world.open_dispute(&town.other_requester, &other_lease, DisputeKind::NoShow, EVIDENCE);
        self.world.run(&step);
        let step = self.world.open_dispute(&town.requester, &lease, DisputeKind::BadResult, EVIDENCE);
        self.go(step);
        let step = self.world.respond_dispute(&town.owner, &lease, Some(ANSWER));
        self.go(step);
        let [one, two, _] = &town.verifiers;
        let step = self.world.vote_dispute(one, &lease, true);
        self.go(step);
        let step = self.world.vote_dispute(two, &lease, true);
        self.world.run(&step);
        let step = self.world.resolve_dispute(&town.stranger, &lease);
        self.go(step);
    }

    fn ends(&mut self, town: &Town) {
        let (lease, _) = town.lease_keys(&self.world);
        let (job, _) = town.job_keys(&self.world);
        let step = self.world.close_lease(&town.operator, &lease);
        self.go(step);
        let step = self.world.release_lease(&town.stranger, &lease);
        self.go(step);
        let step = self.world.begin_close_job(&town.requester, &job);
        self.go(step);
        self.world.advance(params().dispute_window_secs);
        let step = self.world.end_lease(&town.stranger, &lease);
        self.go(step);
        let step = self.world.close_job(&town.stranger, &town.requester, &job);
        self.go(step);
        let step = self.world.sweep_fees(&town.stranger, pda::fee_shard_of(&lease));
        self.go(step);
    }

    fn epoch(&mut self, town: &Town) {
        let (guardian, [one, two]) = (self.world.admin.clone(), &town.authorities);
        let epoch = town.epoch(&self.world);
        let step = self.world.approve_epoch(one, &epoch);
        self.go(step);
        let step = self.world.approve_epoch(two, &epoch);
        self.world.run(&step);
        let step = self.world.cancel_epoch(&guardian);
        self.go(step);
        for authority in [one, two] {
            let step = self.world.approve_epoch(authority, &epoch);
            self.world.run(&step);
        }
        self.world.advance(params().reward.challenge_secs);
        let step = self.world.finalize_epoch(&town.stranger);
        self.go(step);
    }

    fn rewards(&mut self, town: &Town) {
        let leaves = town.leaves(&self.world);
        let hashes: Vec<_> = leaves.iter().map(|(key, amount)| merkle::leaf::<Sha2>(key, *amount)).collect();
        for (at, provider) in [(1, &town.other_provider), (0, &town.provider)] {
            let proof = merkle::proof::<Sha2>(&hashes, at).unwrap();
            let step = self.world.claim_reward(&town.stranger, provider, leaves[at].1.get(), &proof);
            if at == 0 { self.go(step) } else { _ = self.world.run(&step) }
        }
        let step = self.world.claim_delegation_reward(&town.stranger, &town.delegator, &town.provider);
        self.go(step);
    }

    fn governance(&mut self, town: &Town) {
        let admin = self.world.admin.clone();
        let step = self.world.withdraw_treasury(&admin, 1);
        self.go(step);
        let step = self.world.update_params(&admin, &params());
        self.go(step);
        let step = self.world.set_guardian(&admin, &town.stranger);
        self.go(step);
        let step = self.world.propose_admin(&admin, &town.other_owner);
        self.go(step);
        let step = self.world.accept_admin(&town.other_owner);
        self.go(step);
        let step = self.world.set_pause(&town.other_owner, true);
        self.go(step);
    }
}
