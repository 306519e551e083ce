//! Steps of reward epochs and of claims.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira::state;
use mira_chain::ix;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::ledger::Action;
use mira_core::{Hash, merkle};
use solana_sdk::pubkey::Pubkey;

impl World {
    /// `approve_epoch`.
    pub fn approve_epoch(&self, authority: &Actor, epoch: &Epoch) -> Step {
        let action = Action::ApproveEpoch { authority: authority.key(), epoch: *epoch, digest: epoch.digest::<Sha2>() };
        Step::new(action, ix::approve_epoch(&authority.pubkey(), epoch), authority)
    }

    /// `cancel_epoch`.
    pub fn cancel_epoch(&self, actor: &Actor) -> Step {
        Step::new(Action::CancelEpoch { actor: actor.key() }, ix::cancel_epoch(&actor.pubkey()), actor)
    }

    /// `finalize_epoch`.
    pub fn finalize_epoch(&self, actor: &Actor) -> Step {
        Step::new(Action::FinalizeEpoch, ix::finalize_epoch(&actor.pubkey()), actor)
    }

    /// `claim_reward` of a leaf of `lifetime`, to the account that the provider names.
    pub fn claim_reward(&self, actor: &Actor, provider: &Pubkey, lifetime: u64, proof: &[Hash]) -> Step {
        let payout = self.state::<state::Provider>(provider).map(|provider| provider.payout).unwrap_or_default();
        let amount = Payment::new(lifetime);
        let leaf = merkle::leaf::<Sha2>(&provider.to_bytes(), amount);
        let root = merkle::climb::<Sha2>(leaf, proof);
        let instruction = ix::claim_reward(&actor.pubkey(), provider, &payout, amount, proof);
        let payout_usable = self.can_receive(&payout);
        let provider = provider.to_bytes();
        Step::new(Action::ClaimReward { provider, amount, root, payout_usable }, instruction, actor)
    }

    /// `claim_delegation_reward` to the staker's associated account, cranked by `actor`.
    pub fn claim_delegation_reward(&self, actor: &Actor, staker: &Actor, provider: &Pubkey) -> Step {
        let key = staker.pubkey();
        let instruction = ix::claim_delegation_reward(&actor.pubkey(), provider, &key, &self.payment_purse(&key));
        let action = Action::ClaimDelegationReward { provider: provider.to_bytes(), staker: staker.key() };
        Step::new(action, instruction, actor)
    }
}
