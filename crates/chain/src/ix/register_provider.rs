//! `register_provider`: creates a provider.

use super::build;
use crate::pda;
use mira::RegisterProviderArgs;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// The provider of `owner`, who signs and pays. Settlements pay `payout`, a payment-mint account.
pub fn register_provider(owner: &Pubkey, payout: &Pubkey, args: RegisterProviderArgs) -> Instruction {
    build(
        &mira::accounts::RegisterProvider {
            owner: *owner,
            config: pda::config(),
            provider: pda::provider(owner),
            payout: *payout,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::RegisterProvider { args },
    )
}
