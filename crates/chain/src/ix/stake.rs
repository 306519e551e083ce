//! `stake`: adds stake to a provider's pool.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `amount` stake base units out of `from` into the pool of `provider`. `staker` signs and may be anyone.
pub fn stake(staker: &Pubkey, provider: &Pubkey, from: &Pubkey, amount: u64) -> Instruction {
    build(
        &mira::accounts::Stake {
            staker: *staker,
            config: pda::config(),
            provider: *provider,
            position: pda::stake_position(provider, staker),
            from: *from,
            stake_vault: pda::stake_vault(),
            token_program: TOKEN_PROGRAM,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::Stake { amount },
    )
}
