//! `update_provider`: changes what a provider says of itself, who works for it and whom settlements pay.

use super::build;
use crate::pda;
use mira::UpdateProviderArgs;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// Changes the provider of `owner`, who signs. What `args` leaves out stays; settlements pay `payout`
/// from now on if one is given, a payment-mint account.
pub fn update_provider(owner: &Pubkey, payout: Option<&Pubkey>, args: UpdateProviderArgs) -> Instruction {
    build(
        &mira::accounts::UpdateProvider {
            owner: *owner,
            config: pda::config(),
            provider: pda::provider(owner),
            payout: payout.copied(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::UpdateProvider { args },
    )
}
