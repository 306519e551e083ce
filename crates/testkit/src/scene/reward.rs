//! A network whose fees become rewards: three reward authorities, two providers, fees in the reward
//! vault, and epochs whose leaves are known.

use crate::actor::Actor;
use crate::scene::Scene;
use crate::step::{Step, lease_terms, terms};
use crate::world::{World, params};
use mira_chain::pda;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::{Hash, merkle};
use solana_sdk::pubkey::Pubkey;

/// What the owner has staked on its provider.
pub const OWN: u64 = 600_000_000;
/// What the delegator has staked on it.
pub const DELEGATED: u64 = 400_000_000;
/// What the second provider's owner has staked: one share too few for a reward to be shared.
pub const ALMOST_NOTHING: u64 = 999_999;
/// What the first epoch's lease was settled to.
pub const SETTLED: u64 = 123_456_789;
/// Its fee, one in a hundred, rounded up. It was swept.
pub const FEES: u64 = 1_234_568;
/// The most of it that may become rewards, four in five, rounded down; the first epoch takes it all.
pub const TOTAL: u64 = 987_654;
/// The provider's leaf in the first epoch.
pub const REWARD: u64 = 700_000;
/// The second provider's.
pub const SECOND_REWARD: u64 = TOTAL - REWARD - 3 * OTHER_REWARD;
/// That of each of three providers that nobody has heard of since.
pub const OTHER_REWARD: u64 = 1_000;

/// Providers and their lifetime amounts, in the tree's order.
#[derive(Clone, Debug)]
pub struct Leaves(pub Vec<(Pubkey, u64)>);

impl Leaves {
    /// The leaves' hashes.
    pub fn hashes(&self) -> Vec<Hash> {
        let hash =
            |(provider, amount): &(Pubkey, u64)| merkle::leaf::<Sha2>(&provider.to_bytes(), Payment::new(*amount));
        self.0.iter().map(hash).collect()
    }

    /// A provider's lifetime amount.
    pub fn amount(&self, provider: &Pubkey) -> u64 {
        self.0[self.place(provider)].1
    }

    /// The proof of a provider's leaf.
    pub fn proof(&self, provider: &Pubkey) -> Vec<Hash> {
        merkle::proof::<Sha2>(&self.hashes(), self.place(provider)).unwrap()
    }

    /// The sum of all leaves.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, amount)| amount).sum()
    }

    /// The epoch of these leaves, which counts `fees` so far.
    pub fn epoch(&self, index: u64, fees: u64) -> Epoch {
        Epoch {
            index,
            root: merkle::root::<Sha2>(&self.hashes()),
            cumulative_fees: Payment::new(fees),
            cumulative_total: Payment::new(self.total()),
            report_hash: [0x4e; 32],
        }
    }

    /// The same leaves, but one provider has earned more.
    pub fn more(&self, provider: &Pubkey, amount: u64) -> Self {
        let mut leaves = self.clone();
        let place = self.place(provider);
        leaves.0[place].1 += amount;
        leaves
    }

    fn place(&self, provider: &Pubkey) -> usize {
        self.0.iter().position(|(key, _)| key == provider).unwrap_or_else(|| panic!("{provider} has no leaf"))
    }
}

/// A world with rewards, and the people in it.
pub struct RewardScene {
    /// The world. Its admin is the guardian too.
    pub world: World,
    /// The reward authorities.
    pub authorities: [Actor; 3],
    /// The provider's cold key; has staked [`OWN`].
    pub owner: Actor,
    /// Has staked [`DELEGATED`] with it.
    pub delegator: Actor,
    /// The owner's provider, which keeps a twentieth of its rewards.
    pub provider: Pubkey,
    /// The second provider's cold key; has staked [`ALMOST_NOTHING`].
    pub second_owner: Actor,
    /// The second provider.
    pub second: Pubkey,
    /// Has nothing to do with any of it.
    pub stranger: Actor,
    /// The leaves of the first epoch.
    pub leaves: Leaves,
    signer: Actor,
    lease: Pubkey,
}

impl RewardScene {
    /// [`FEES`] are swept, the authorities are named, and the network is old enough for its first epoch.
    pub fn due() -> Self {
        let mut scene = Self::staked();
        scene.earn(SETTLED);
        scene.world.advance(params().reward.epoch_secs);
        scene
    }

    /// Besides, two of three authorities have approved [`RewardScene::first`]; its window begins now.
    pub fn pending() -> Self {
        let mut scene = Self::due();
        scene.approve(&scene.first());
        scene
    }

    /// Besides, it is final.
    pub fn settled() -> Self {
        let mut scene = Self::pending();
        scene.finalize();
        scene
    }

    /// The first epoch: all the leaves, all the fees.
    pub fn first(&self) -> Epoch {
        self.leaves.epoch(1, FEES)
    }

    /// Settles the lease up to `cumulative` and sweeps its fee.
    pub fn earn(&mut self, cumulative: u64) {
        let Self { world, signer, stranger, lease, .. } = self;
        world.run(&world.settle(stranger, signer, lease, cumulative, cumulative));
        world.run(&world.sweep_fees(stranger, pda::fee_shard_of(lease)));
    }

    /// Two of the three authorities approve an epoch.
    pub fn approve(&mut self, epoch: &Epoch) {
        let Self { world, authorities: [one, two, _], .. } = self;
        world.run(&world.approve_epoch(one, epoch));
        world.run(&world.approve_epoch(two, epoch));
    }

    /// Waits for the end of the pending epoch's window and makes it final.
    pub fn finalize(&mut self) {
        let Self { world, stranger, .. } = self;
        world.advance(params().reward.challenge_secs);
        world.run(&world.finalize_epoch(stranger));
    }

    /// The next epoch from its first second to its last: agreed on and final.
    pub fn next_epoch(&mut self, epoch: &Epoch) {
        self.world.advance(params().reward.epoch_secs);
        self.approve(epoch);
        self.finalize();
    }

    /// A stranger's claim of a provider's leaf.
    pub fn claim(&self, provider: &Pubkey, leaves: &Leaves) -> Step {
        self.world.claim_reward(&self.stranger, provider, leaves.amount(provider), &leaves.proof(provider))
    }

    /// Base units of payment that somebody owns.
    pub fn purse(&self, owner: &Actor) -> u64 {
        self.world.balance(&self.world.payment_purse(&owner.pubkey())).unwrap()
    }

    /// Authorities, providers, stake, and an open lease of the first provider.
    fn staked() -> Self {
        let mut scene = Scene::network();
        let authorities = ["one", "two", "three"].map(|name| scene.world.actor(&format!("authority {name}")));
        let keys = authorities.each_ref().map(Actor::pubkey);
        let admin = scene.world.admin.clone();
        scene.world.run(&scene.world.set_reward_authorities(&admin, &keys));
        let delegator = scene.world.actor("delegator");
        let second_owner = scene.world.actor("second owner");
        let second = pda::provider(&second_owner.pubkey());
        let Scene { world, owner, operator, provider, .. } = &mut scene;
        world.run(&world.register_provider(owner, operator));
        world.run(&world.stake(owner, provider, OWN));
        world.run(&world.stake(&delegator, provider, DELEGATED));
        world.run(&world.register_provider(&second_owner, operator));
        world.run(&world.stake(&second_owner, &second, ALMOST_NOTHING));
        lease(&mut scene);
        let gone = ["gone one", "gone two", "gone three"].map(|name| pda::provider(&Actor::new(name).pubkey()));
        let others = gone.map(|provider| (provider, OTHER_REWARD));
        let mut leaves = vec![(scene.provider, REWARD), (second, SECOND_REWARD)];
        leaves.extend(others);
        let Scene { world, owner, signer, stranger, provider, lease, .. } = scene;
        let leaves = Leaves(leaves);
        Self { world, authorities, owner, delegator, provider, second_owner, second, stranger, leaves, signer, lease }
    }
}

/// A job with a purse for many epochs, and a lease over as much of it as one lease may take.
fn lease(scene: &mut Scene) {
    let Scene { world, operator, requester, signer, dispatcher, job, provider, .. } = scene;
    let terms = terms(requester, signer, Some(dispatcher), world.now());
    world.run(&world.create_job(requester, &terms));
    world.run(&world.fund_job(requester, job, 1_000_000_000));
    let terms = lease_terms(600_000_000, world.now());
    world.run(&world.open_lease(operator, dispatcher, (job, provider), &terms));
}
