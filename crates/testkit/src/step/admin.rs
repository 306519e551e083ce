//! Steps of the network itself: fee shards and sweeps.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::ix;
use mira_core::ledger::Action;

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
}
