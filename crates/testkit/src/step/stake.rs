//! Steps of providers and stakers.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::{ix, pda};
use mira_core::amount::{Bps, Shares, Stake};
use mira_core::label::Label;
use mira_core::ledger::Action;
use mira_core::provider::ProviderUpdate;
use solana_sdk::pubkey::Pubkey;

impl World {
    /// `register_provider`: paid out to the owner's associated account.
    pub fn register_provider(&self, owner: &Actor, operator: &Actor) -> Step {
        let args = self.register_args(operator);
        let commission = Bps::new(args.commission_bps).unwrap();
        let instruction = ix::register_provider(&owner.pubkey(), &self.payment_purse(&owner.pubkey()), args);
        let provider = pda::provider(&owner.pubkey()).to_bytes();
        let action = Action::RegisterProvider { provider, owner: owner.key(), operator: operator.key(), commission };
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

    /// `update_provider`, which names `payout` if there is one.
    pub fn update_provider(
        &self,
        actor: &Actor,
        provider: &Pubkey,
        payout: Option<&Pubkey>,
        args: ix::UpdateProviderArgs,
    ) -> Step {
        let action = Action::UpdateProvider {
            provider: provider.to_bytes(),
            actor: actor.key(),
            operator: args.operator.map(|key| key.to_bytes()),
            update: ProviderUpdate { draining: args.draining, commission: args.commission_bps.and_then(Bps::new) },
        };
        let own = pda::provider(&actor.pubkey());
        Step::new(action, ix::update_provider(&actor.pubkey(), payout, args), actor).swap(&own, provider)
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

    /// `cancel_unstake`.
    pub fn cancel_unstake(&self, staker: &Actor, provider: &Pubkey, ticket: u8) -> Step {
        let instruction = ix::cancel_unstake(&staker.pubkey(), provider, ticket);
        let action = Action::CancelUnstake { provider: provider.to_bytes(), staker: staker.key(), ticket };
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
