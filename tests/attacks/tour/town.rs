//! Who lives where the tour goes, and what is theirs.

use mira_chain::pda;
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::job::JobTerms;
use mira_core::merkle;
use mira_testkit::step::terms;
use mira_testkit::world::params;
use mira_testkit::{Actor, World};
use solana_sdk::pubkey::Pubkey;

/// What each owner has staked.
const OWN: u64 = 600_000_000;
/// What the delegator has staked with each provider.
pub const DELEGATED: u64 = 400_000_000;
/// Of that, what leaves again.
pub const LEAVING: u128 = 1_000_000;
/// What each job is funded with.
pub const FUNDED: u64 = 100_000_000;
/// The cap of each lease.
pub const CAP: u64 = 50_000_000;
/// What each lease pays; one in a hundred of it is its fee.
pub const SETTLED: u64 = 40_000_000;

/// The people.
pub struct Town {
    /// The first provider's cold key.
    pub owner: Actor,
    /// Its hot key.
    pub operator: Actor,
    /// Stakes with both providers.
    pub delegator: Actor,
    /// Owns the first job.
    pub requester: Actor,
    /// Signs its vouchers.
    pub signer: Actor,
    /// Matches for it.
    pub dispatcher: Actor,
    /// The second provider's cold key.
    pub other_owner: Actor,
    /// Its hot key.
    pub other_operator: Actor,
    /// Owns the second job.
    pub other_requester: Actor,
    /// Judge.
    pub verifiers: [Actor; 3],
    /// Approve epochs.
    pub authorities: [Actor; 2],
    /// Cranks, and attacks.
    pub stranger: Actor,
    /// The first provider.
    pub provider: Pubkey,
    /// The second.
    pub other_provider: Pubkey,
}

impl Town {
    /// Everybody, with tokens.
    pub fn new(world: &mut World) -> Self {
        let (owner, other_owner) = (world.actor("owner"), world.actor("other owner"));
        // The admin has a purse that the treasury can pay.
        let admin = world.admin.pubkey();
        world.put_purse(&admin, world.payment_mint, 0);
        Self {
            operator: world.actor("operator"),
            delegator: world.actor("delegator"),
            requester: world.actor("requester"),
            signer: world.actor("signer"),
            dispatcher: world.actor("dispatcher"),
            other_operator: world.actor("other operator"),
            other_requester: world.actor("other requester"),
            verifiers: ["first verifier", "second verifier", "third verifier"].map(|name| world.actor(name)),
            authorities: ["first authority", "second authority"].map(|name| world.actor(name)),
            stranger: world.actor("stranger"),
            provider: pda::provider(&owner.pubkey()),
            other_provider: pda::provider(&other_owner.pubkey()),
            owner,
            other_owner,
        }
    }

    /// The owners' own stake, and some of the first one's with the second provider.
    pub fn stake(&self, world: &mut World) {
        world.run(&world.stake(&self.owner, &self.provider, OWN));
        world.run(&world.stake(&self.owner, &self.other_provider, 1));
        world.run(&world.stake(&self.other_owner, &self.other_provider, OWN));
    }

    /// The terms of both jobs, if they are made now. The first has no dispatcher yet.
    pub fn terms(&self, world: &World) -> (JobTerms, JobTerms) {
        let now = world.now();
        (terms(&self.requester, &self.signer, None, now), terms(&self.other_requester, &self.signer, None, now))
    }

    /// Both jobs: the requester's, and the other one's.
    pub fn job_keys(&self, world: &World) -> (Pubkey, Pubkey) {
        // Both were, or will be, made when the first tickets had matured.
        let made = mira_testkit::world::START + i64::from(params().unbonding_secs);
        let job = |requester: &Actor| {
            let id = terms(requester, &self.signer, None, made).job_id;
            pda::job(&requester.pubkey(), id)
        };
        assert!(world.now() >= made);
        (job(&self.requester), job(&self.other_requester))
    }

    /// The first lease of each job.
    pub fn lease_keys(&self, world: &World) -> (Pubkey, Pubkey) {
        let (job, other) = self.job_keys(world);
        (pda::lease(&job, &self.provider, 0), pda::lease(&other, &self.other_provider, 0))
    }

    /// Both providers' lifetime rewards, if all fees that were swept were the first one's work.
    pub fn leaves(&self, world: &World) -> [(Key, Payment); 2] {
        let most = world.model.rewards.books.swept.get() * u64::from(params().reward.share_bps.get()) / 10_000;
        let other = Payment::new(100);
        [(self.provider.to_bytes(), Payment::new(most - 100)), (self.other_provider.to_bytes(), other)]
    }

    /// The epoch of these leaves.
    pub fn epoch(&self, world: &World) -> Epoch {
        let leaves = self.leaves(world);
        let hashes = leaves.map(|(key, amount)| merkle::leaf::<Sha2>(&key, amount));
        Epoch {
            index: 1,
            root: merkle::root::<Sha2>(&hashes),
            cumulative_fees: world.model.rewards.books.swept,
            cumulative_total: Payment::new(leaves.iter().map(|(_, amount)| amount.get()).sum()),
            report_hash: [0x4e; 32],
        }
    }
}
