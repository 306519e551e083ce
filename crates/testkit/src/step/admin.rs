//! Steps of the network itself: who governs it and how, fee shards and sweeps.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::ix;
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::ledger::Action;
use mira_core::params::Params;
use solana_sdk::pubkey::Pubkey;

impl World {
    /// `init_fee_shard`.
    pub fn init_fee_shard(&self, payer: &Actor, shard: u8) -> Step {
        let instruction = ix::init_fee_shard(&payer.pubkey(), &self.payment_mint, shard);
        Step::new(Action::InitFeeShard { shard }, instruction, payer)
    }

    /// `sweep_fees`.
    pub fn sweep_fees(&self, actor: &Actor, shard: u8) -> Step {
        Step::new(Action::SweepFees { shard }, ix::sweep_fees(&actor.pubkey(), shard), actor)
    }

    /// `update_params`.
    pub fn update_params(&self, actor: &Actor, params: &Params) -> Step {
        let instruction = ix::update_params(&actor.pubkey(), ix::NetworkParams::from(params));
        Step::new(Action::UpdateParams { actor: actor.key(), params: *params }, instruction, actor)
    }

    /// `propose_admin`.
    pub fn propose_admin(&self, actor: &Actor, next: &Actor) -> Step {
        let instruction = ix::propose_admin(&actor.pubkey(), &next.pubkey());
        Step::new(Action::ProposeAdmin { actor: actor.key(), admin: next.key() }, instruction, actor)
    }

    /// `accept_admin`.
    pub fn accept_admin(&self, actor: &Actor) -> Step {
        Step::new(Action::AcceptAdmin { actor: actor.key() }, ix::accept_admin(&actor.pubkey()), actor)
    }

    /// `set_guardian`.
    pub fn set_guardian(&self, actor: &Actor, guardian: &Actor) -> Step {
        let instruction = ix::set_guardian(&actor.pubkey(), &guardian.pubkey());
        Step::new(Action::SetGuardian { actor: actor.key(), guardian: guardian.key() }, instruction, actor)
    }

    /// `set_pause`.
    pub fn set_pause(&self, actor: &Actor, paused: bool) -> Step {
        let instruction = ix::set_pause(&actor.pubkey(), paused);
        Step::new(Action::SetPause { actor: actor.key(), paused }, instruction, actor)
    }

    /// `set_reward_authorities`.
    pub fn set_reward_authorities(&self, actor: &Actor, keys: &[Pubkey]) -> Step {
        let instruction = ix::set_reward_authorities(&actor.pubkey(), keys);
        Step::new(Action::SetRewardAuthorities { actor: actor.key(), keys: bytes_of(keys) }, instruction, actor)
    }

    /// `set_verifiers`.
    pub fn set_verifiers(&self, actor: &Actor, keys: &[Pubkey]) -> Step {
        let instruction = ix::set_verifiers(&actor.pubkey(), keys);
        Step::new(Action::SetVerifiers { actor: actor.key(), keys: bytes_of(keys) }, instruction, actor)
    }

    /// `withdraw_treasury`, to the admin's associated account.
    pub fn withdraw_treasury(&self, actor: &Actor, amount: u64) -> Step {
        let key = actor.pubkey();
        let instruction = ix::withdraw_treasury(&key, &self.payment_purse(&key), amount);
        Step::new(Action::WithdrawTreasury { actor: actor.key(), amount: Payment::new(amount) }, instruction, actor)
    }
}

fn bytes_of(keys: &[Pubkey]) -> Vec<Key> {
    keys.iter().map(Pubkey::to_bytes).collect()
}
