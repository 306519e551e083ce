//! Reward epochs on a stage, with a tree of 2^20 leaves: of all leaves but the provider's own only the
//! hashes beside its path exist.

use super::stage::{CAP, Stage};
use mira_chain::pda;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, merkle};
use mira_testkit::Step;
use mira_testkit::world::params;

/// How deep the tree is.
const DEPTH: u8 = 20;
/// What the provider's usage paid in each epoch, in fees: one in a hundred of the cap.
const FEES: u64 = CAP / 100;
/// What it is rewarded for each, of at most four fifths of the fees.
const REWARD: u64 = FEES / 2;

impl Stage {
    /// Epoch number `index`, from its fees to its end: final, nothing claimed.
    pub fn finish_epoch(&mut self, index: u64) {
        self.agree_on_epoch(index);
        let Self { world, stranger, .. } = self;
        world.advance(params().reward.challenge_secs);
        world.run(&world.finalize_epoch(stranger));
    }

    /// Epoch number `index` until it is pending: two of the five authorities were for another root.
    pub fn agree_on_epoch(&mut self, index: u64) {
        let last = self.disagree_on_epoch(index);
        self.world.run(&last);
    }

    /// Epoch number `index` until all but one have approved, and the approval that decides.
    pub fn disagree_on_epoch(&mut self, index: u64) -> Step {
        self.earn(index);
        self.world.advance(params().reward.epoch_secs);
        let (epoch, authorities) = (self.epoch(index), self.authorities());
        let other = Epoch { root: [0xee; 32], ..epoch };
        for (at, proposal) in [(0, &other), (1, &other), (2, &epoch), (3, &epoch)] {
            let step = self.world.approve_epoch(&authorities[at], proposal);
            self.world.run(&step);
        }
        self.world.approve_epoch(&authorities[4], &epoch)
    }

    /// The provider claims its reward of the last epoch, which is number `index`.
    pub fn claim(&mut self, index: u64) {
        let step = self.claiming(index);
        self.world.run(&step);
    }

    /// The step of [`Stage::claim`].
    pub fn claiming(&self, index: u64) -> Step {
        self.world.claim_reward(&self.stranger, &self.provider, REWARD * index, &proof())
    }

    /// A lease is paid to its cap and the fee swept.
    fn earn(&mut self, index: u64) {
        let job = self.job(u32::try_from(index).expect("few epochs"));
        let lease = self.open(&job);
        let Self { world, signer, stranger, .. } = self;
        world.run(&world.settle(stranger, signer, &lease, CAP, CAP));
        world.run(&world.sweep_fees(stranger, pda::fee_shard_of(&lease)));
    }

    fn epoch(&self, index: u64) -> Epoch {
        let leaf = merkle::leaf::<Sha2>(&self.provider.to_bytes(), Payment::new(REWARD * index));
        Epoch {
            index,
            root: merkle::climb::<Sha2>(leaf, &proof()),
            cumulative_fees: Payment::new(FEES * index),
            cumulative_total: Payment::new(REWARD * index),
            report_hash: [0x4e; 32],
        }
    }
}

/// The hashes beside the path.
fn proof() -> Vec<Hash> {
    (0..DEPTH).map(|level| Sha2::hashv(&[b"beside", &[level]])).collect()
}
