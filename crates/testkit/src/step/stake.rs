//! Steps of providers and stakers.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::{ix, pda};
use mira_core::amount::{Shares, Stake};
use mira_core::label::Label;
use mira_core::ledger::Action;
use solana_sdk::pubkey::Pubkey;

impl World {
    /// `register_provider`: paid out to the owner's associated account.
    pub fn register_provider(&self, owner: &Actor, operator: &Actor) -> Step {
        let args = self.register_args(operator);
        let instruction = ix::register_provider(&owner.pubkey(), &self.payment_purse(&owner.pubkey()), args);
        let provider = pda::provider(&owner.pubkey()).to_bytes();
        let action = Action::RegisterProvider { provider, owner: owner.key(), operator: operator.key() };
        Step::new(action, instruction, owner)
    }

    /// What a well-behaved provider says of itself.
    pub fn register_args(&self, operator: &Actor) -> ix::RegisterProviderArgs {
        ix::RegisterProviderArgs {
            operator: operator.pubkey(),
            commission_bps: 500,
            resource_class: *Label::parse("cpu-wasm").unwrap().bytes(),
            region: *Label::parse("eu-west").unwrap().bytes(),
            metadata_hash: [0x4d; 32],
        }
    }

    /// `stake`, from the staker's associated account.
    pub fn stake(&self, staker: &Actor, provider: &Pubkey, amount: u64) -> Step {
        let key = staker.pubkey();
        let instruction = ix::stake(&key, provider, &self.stake_purse(&key), amount);
        let action = Action::Stake { provider: provider.to_bytes(), staker: staker.key(), amount: Stake::new(amount) };
        Step::new(action, instruction, staker)
    }

    /// `request_unstake`.
    pub fn request_unstake(&self, staker: &Actor, provider: &Pubkey, shares: u128) -> Step {
        let instruction = ix::request_unstake(&staker.pubkey(), provider, shares);
        let action =
            Action::RequestUnstake { provider: provider.to_bytes(), staker: staker.key(), shares: Shares::new(shares) };
        Step::new(action, instruction, staker)
    }

    /// `withdraw_stake` to the staker's associated account, cranked by `actor`.
    pub fn withdraw_stake(&self, actor: &Actor, staker: &Actor, provider: &Pubkey, ticket: u8) -> Step {
        let key = staker.pubkey();
        let instruction = ix::withdraw_stake(&actor.pubkey(), provider, &key, &self.stake_purse(&key), ticket);
        let action = Action::WithdrawStake { provider: provider.to_bytes(), staker: staker.key(), ticket };
        Step::new(action, instruction, actor)
    }
}
