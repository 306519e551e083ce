//! Ready-made worlds, each one step further than the one before.

pub mod dispute;
pub mod reward;

use crate::actor::Actor;
use crate::step::{lease_terms, terms};
use crate::world::World;
use mira_chain::pda;
use solana_sdk::pubkey::Pubkey;

/// What the owner of every scene has staked.
pub const STAKED: u64 = 100_000;
/// What every job of a scene is funded with.
pub const FUNDED: u64 = 50_000;
/// The cap of every lease of a scene.
pub const CAP: u64 = 20_000;

/// A world and the people in it.
pub struct Scene {
    /// The world.
    pub world: World,
    /// The provider's cold key.
    pub owner: Actor,
    /// The provider's hot key.
    pub operator: Actor,
    /// Owns the job.
    pub requester: Actor,
    /// Signs the job's vouchers.
    pub signer: Actor,
    /// May match for the job.
    pub dispatcher: Actor,
    /// Has nothing to do with any of it.
    pub stranger: Actor,
    /// The owner's provider; may not exist yet.
    pub provider: Pubkey,
    /// The requester's job; may not exist yet.
    pub job: Pubkey,
    /// The job's first lease; may not exist yet.
    pub lease: Pubkey,
}

impl Scene {
    /// A network, and people with tokens.
    pub fn network() -> Self {
        let mut world = World::network();
        let (owner, operator) = (world.actor("owner"), world.actor("operator"));
        let (requester, signer) = (world.actor("requester"), world.actor("signer"));
        let (dispatcher, stranger) = (world.actor("dispatcher"), world.actor("stranger"));
        let provider = pda::provider(&owner.pubkey());
        let job_id = terms(&requester, &signer, None, world.now()).job_id;
        let job = pda::job(&requester.pubkey(), job_id);
        let lease = pda::lease(&job, &provider, 0);
        Self { world, owner, operator, requester, signer, dispatcher, stranger, provider, job, lease }
    }

    /// A provider is registered and its owner has staked [`STAKED`].
    pub fn provider() -> Self {
        let mut scene = Self::network();
        let Self { world, owner, operator, provider, .. } = &mut scene;
        world.run(&world.register_provider(owner, operator));
        world.run(&world.stake(owner, provider, STAKED));
        scene
    }

    /// Besides, a job is funded with [`FUNDED`].
    pub fn job() -> Self {
        let mut scene = Self::provider();
        let Self { world, requester, signer, dispatcher, job, .. } = &mut scene;
        let terms = terms(requester, signer, Some(dispatcher), world.now());
        world.run(&world.create_job(requester, &terms));
        world.run(&world.fund_job(requester, job, FUNDED));
        scene
    }

    /// Besides, the dispatcher has matched them: a lease of [`CAP`] is open for 60 seconds.
    pub fn lease() -> Self {
        let mut scene = Self::job();
        let Self { world, operator, dispatcher, job, provider, .. } = &mut scene;
        let terms = lease_terms(CAP, world.now());
        world.run(&world.open_lease(operator, dispatcher, (job, provider), &terms));
        scene
    }

    /// A second provider, staked like the first, with its lease on the job.
    pub fn second_lease(&mut self, cap: u64) -> (Actor, Pubkey, Pubkey) {
        let (owner, operator) = (self.world.actor("second owner"), self.world.actor("second operator"));
        let provider = pda::provider(&owner.pubkey());
        let Self { world, dispatcher, job, .. } = self;
        world.run(&world.register_provider(&owner, &operator));
        world.run(&world.stake(&owner, &provider, STAKED));
        let lease = world.next_lease(job, &provider);
        let terms = lease_terms(cap, world.now());
        world.run(&world.open_lease(&operator, dispatcher, (job, &provider), &terms));
        (operator, provider, lease)
    }
}
