//! A world with people of its own, whose keys derive from the run's seed, and where nothing is empty
//! that an instruction may find full.

use mira_chain::ix::UpdateProviderArgs;
use mira_chain::pda;
use mira_core::amount::{Bps, Payment, Stake};
use mira_core::job::{JobTerms, job_id};
use mira_core::lease::LeaseTerms;
use mira_core::network::{MAX_REWARD_AUTHORITIES, MAX_VERIFIERS};
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::world::{PURSE, START};
use mira_testkit::{Actor, Step, World};
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::Message;
use solana_sdk::pubkey::Pubkey;

/// What the owner stakes.
pub const STAKED: u64 = 1_000_000_000;
/// What each job is funded with.
pub const FUNDED: u64 = 1_000_000_000;
/// The cap of each lease.
pub const CAP: u64 = 100_000_000;

/// What one instruction cost.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    /// Compute units of its transaction, which holds nothing else that is metered.
    pub compute_units: u64,
    /// Bytes of that transaction.
    pub bytes: usize,
}

/// A world and the people in it.
pub struct Stage {
    /// The world.
    pub world: World,
    /// The provider's cold key.
    pub owner: Actor,
    /// The provider's hot key.
    pub operator: Actor,
    /// Owns the jobs.
    pub requester: Actor,
    /// Signs their vouchers.
    pub signer: Actor,
    /// May match for them.
    pub dispatcher: Actor,
    /// Stakes with the provider.
    pub delegator: Actor,
    /// Has nothing to do with any of it.
    pub stranger: Actor,
    /// The owner's provider; may not exist yet.
    pub provider: Pubkey,
    seed: u64,
}

impl Stage {
    /// A network and people with tokens.
    pub fn network(seed: u64) -> Self {
        let mut stage = Self::of(World::network(), seed);
        stage.govern();
        stage
    }

    /// A network that lacks one fee shard, and people with tokens.
    pub fn without_shard(seed: u64, left_out: u8) -> Self {
        let mut world = World::bare();
        world.initialize();
        let payer = world.payer.clone();
        for shard in (0..pda::FEE_SHARDS).filter(|shard| *shard != left_out) {
            world.run(&world.init_fee_shard(&payer, shard));
        }
        Self::of(world, seed)
    }

    fn of(mut world: World, seed: u64) -> Self {
        let mut actor = |role: &str| world.actor(&format!("bench {seed} {role}"));
        let (owner, operator, requester) = (actor("owner"), actor("operator"), actor("requester"));
        let (signer, dispatcher) = (actor("signer"), actor("dispatcher"));
        let (delegator, stranger) = (actor("delegator"), actor("stranger"));
        let provider = pda::provider(&owner.pubkey());
        Self { world, owner, operator, requester, signer, dispatcher, delegator, stranger, provider, seed }
    }

    /// Besides, a provider with its owner's stake and a delegator's, that has announced a higher
    /// commission and claimed a reward.
    pub fn provider(seed: u64) -> Self {
        let mut stage = Self::network(seed);
        let Self { world, owner, operator, delegator, provider, .. } = &mut stage;
        world.run(&world.register_provider(owner, operator));
        world.run(&world.stake(owner, provider, STAKED));
        world.run(&world.stake(delegator, provider, STAKED / 3));
        stage.finish_epoch(1);
        stage.claim(1);
        let Self { world, owner, provider, .. } = &mut stage;
        let commission = UpdateProviderArgs { commission_bps: Some(5_000), ..UpdateProviderArgs::default() };
        world.run(&world.update_provider(owner, provider, None, commission));
        stage
    }

    /// Besides, a funded job and a lease of it, and the job's address and the lease's.
    pub fn lease(seed: u64) -> (Self, Pubkey, Pubkey) {
        let mut stage = Self::provider(seed);
        let job = stage.job(0);
        // Not the first one, so that no counter starts from nothing.
        stage.open(&job);
        let lease = stage.open(&job);
        (stage, job, lease)
    }

    /// Every key that the network can name, as many as it can name.
    fn govern(&mut self) {
        let (authorities, verifiers) = (self.keys(&self.authorities()), self.keys(&self.verifiers()));
        let (guardian, next) = (self.guardian(), self.actor("next admin"));
        let Self { world, .. } = self;
        let admin = world.admin.clone();
        world.run(&world.set_reward_authorities(&admin, &authorities));
        world.run(&world.set_verifiers(&admin, &verifiers));
        world.run(&world.set_guardian(&admin, &guardian));
        world.run(&world.propose_admin(&admin, &next));
    }

    /// May pause, and cancel an epoch.
    pub fn guardian(&self) -> Actor {
        self.named("guardian")
    }

    /// Approve epochs.
    pub fn authorities(&self) -> Vec<Actor> {
        (0..MAX_REWARD_AUTHORITIES).map(|at| self.named(&format!("authority {at}"))).collect()
    }

    /// Judge disputes.
    pub fn verifiers(&self) -> Vec<Actor> {
        (0..MAX_VERIFIERS).map(|at| self.named(&format!("verifier {at}"))).collect()
    }

    /// The public keys of actors.
    pub fn keys(&self, actors: &[Actor]) -> Vec<Pubkey> {
        actors.iter().map(Actor::pubkey).collect()
    }

    /// Somebody of this stage who needs nothing but a key.
    fn named(&self, role: &str) -> Actor {
        Actor::new(&format!("bench {} {role}", self.seed))
    }

    /// Somebody else of this stage.
    pub fn actor(&mut self, role: &str) -> Actor {
        let name = self.named(role).name;
        self.world.actor(&name)
    }

    /// The terms of the requester's job number `number`: a dispatcher, and room for many leases.
    pub fn terms(&self, number: u32) -> JobTerms {
        let terms = terms(&self.requester, &self.signer, Some(&self.dispatcher), self.world.now());
        JobTerms {
            job_id: job_id(self.world.now(), number).expect("the number fits"),
            min_provider_stake: Stake::new(STAKED / 2),
            max_share: Bps::new(2_500).expect("a rate"),
            max_leases: 16,
            ..terms
        }
    }

    /// Creates job number `number` and funds it with [`FUNDED`].
    pub fn job(&mut self, number: u32) -> Pubkey {
        self.job_of(number, FUNDED)
    }

    /// Creates job number `number` and funds it.
    pub fn job_of(&mut self, number: u32, amount: u64) -> Pubkey {
        let (terms, key) = (self.terms(number), self.requester.pubkey());
        let job = pda::job(&key, terms.job_id);
        let Self { world, requester, .. } = self;
        world.run(&world.create_job(requester, &terms));
        world.run(&world.fund_job(requester, &job, amount));
        job
    }

    /// The step that opens the next lease of a job.
    pub fn opening(&self, job: &Pubkey) -> Step {
        let Self { world, operator, dispatcher, provider, .. } = self;
        let terms = LeaseTerms { cap: Payment::new(CAP), ..lease_terms(0, world.now()) };
        world.open_lease(operator, dispatcher, (job, provider), &terms)
    }

    /// Opens the next lease of a job.
    pub fn open(&mut self, job: &Pubkey) -> Pubkey {
        let lease = self.world.next_lease(job, &self.provider);
        let step = self.opening(job);
        self.world.run(&step);
        lease
    }

    /// Puts `count` tickets into the delegator's position.
    pub fn tickets(&mut self, count: usize) {
        let Self { world, delegator, provider, .. } = self;
        for _ in 0..count {
            world.run(&world.request_unstake(delegator, provider, 1_000_003));
        }
    }

    /// Runs a step and says what it cost.
    pub fn cost(&mut self, step: &Step) -> Cost {
        let bytes = bytes(&step.instructions, &self.world.payer.pubkey());
        Cost { compute_units: self.world.run(step).compute_units, bytes }
    }
}

/// Bytes of a legacy transaction: the number of its signatures, them, and the message.
pub fn bytes(instructions: &[Instruction], payer: &Pubkey) -> usize {
    let message = Message::new(instructions, Some(payer));
    1 + usize::from(message.header.num_required_signatures) * 64 + message.serialize().len()
}

// What is paid out of these purses must be in them.
const _: () = assert!(PURSE > 4 * FUNDED + STAKED && START > 0);
