//! Disputes: a challenged lease, a contested one, and what its judges say.

use super::{CAP, FUNDED, Scene};
use crate::actor::Actor;
use crate::step::{lease_terms, terms};
use crate::world::params;
use mira_core::Hash;
use mira_core::dispute::DisputeKind;
use solana_sdk::pubkey::Pubkey;

/// The challenger's evidence in every scene.
pub const EVIDENCE: Hash = [0xe1; 32];
/// The owner's answer in every scene.
pub const ANSWER: Hash = [0xa2; 32];
/// The bond of every scene: a tenth of the exposure, which is half the cap.
pub const BOND: u64 = CAP / 20;

/// The verifiers of every scene.
pub fn verifiers() -> [Actor; 3] {
    ["first verifier", "second verifier", "third verifier"].map(Actor::new)
}

/// Who stakes on the provider besides its owner, in [`Scene::lease_backed_by`].
pub fn delegator() -> Actor {
    Actor::new("delegator")
}

impl Scene {
    /// Besides an open lease, there are verifiers, and the requester has challenged the lease.
    pub fn disputed() -> Self {
        let mut scene = Self::lease();
        scene.challenge();
        scene
    }

    /// Besides, the owner has contested.
    pub fn contested() -> Self {
        let mut scene = Self::disputed();
        scene.contest();
        scene
    }

    /// As [`Scene::lease`], where the owner has staked `own` and the [`delegator`] the rest.
    pub fn lease_backed_by(own: u64, delegated: u64) -> Self {
        let mut scene = Self::network();
        let Self { world, owner, operator, requester, signer, dispatcher, provider, job, .. } = &mut scene;
        world.run(&world.register_provider(owner, operator));
        world.run(&world.stake(owner, provider, own));
        if delegated > 0 {
            let delegator = world.actor(&delegator().name);
            world.run(&world.stake(&delegator, provider, delegated));
        }
        let terms = terms(requester, signer, Some(dispatcher), world.now());
        world.run(&world.create_job(requester, &terms));
        world.run(&world.fund_job(requester, job, FUNDED));
        scene.another_lease();
        scene
    }

    /// The job's next lease of [`CAP`] with the same provider.
    pub fn another_lease(&mut self) -> Pubkey {
        let Self { world, operator, dispatcher, job, provider, .. } = self;
        let lease = world.next_lease(job, provider);
        let terms = lease_terms(CAP, world.now());
        world.run(&world.open_lease(operator, dispatcher, (job, provider), &terms));
        lease
    }

    /// Names the verifiers; the requester challenges the first lease.
    pub fn challenge(&mut self) {
        let Self { world, requester, lease, .. } = self;
        let admin = world.admin.clone();
        world.run(&world.set_verifiers(&admin, &verifiers().map(|verifier| verifier.pubkey())));
        world.run(&world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
    }

    /// The owner contests.
    pub fn contest(&mut self) {
        let Self { world, owner, lease, .. } = self;
        world.run(&world.respond_dispute(owner, lease, Some(ANSWER)));
    }

    /// The owner lets the time to answer pass.
    pub fn stay_silent(&mut self) {
        self.world.advance(params().dispute.respond_secs);
    }

    /// The first verifiers vote, each as given.
    pub fn vote(&mut self, votes: &[bool]) {
        let Self { world, lease, .. } = self;
        for (verifier, uphold) in verifiers().iter().zip(votes) {
            world.run(&world.vote_dispute(verifier, lease, *uphold));
        }
    }
}
