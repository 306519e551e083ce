//! `withdraw_treasury`: pays out of the treasury.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `amount` payment base units to `destination`, any account of the payment mint. `admin` signs.
pub fn withdraw_treasury(admin: &Pubkey, destination: &Pubkey, amount: u64) -> Instruction {
    build(
        &mira::accounts::WithdrawTreasury {
            admin: *admin,
            config: pda::config(),
            rewards: pda::rewards(),
            treasury: pda::treasury(),
            destination: *destination,
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::WithdrawTreasury { amount },
    )
}
