//! `withdraw_stake`: pays a matured ticket's value.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// Ticket number `ticket` (from 0) of the position of `staker`. `actor` signs: the staker, with any
/// stake-mint account as `destination`, or anyone, with the staker's associated one.
pub fn withdraw_stake(
    actor: &Pubkey,
    provider: &Pubkey,
    staker: &Pubkey,
    destination: &Pubkey,
    ticket: u8,
) -> Instruction {
    build(
        &mira::accounts::WithdrawStake {
            actor: *actor,
            config: pda::config(),
            provider: *provider,
            position: pda::stake_position(provider, staker),
            staker: *staker,
            destination: *destination,
            stake_vault: pda::stake_vault(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::WithdrawStake { ticket },
    )
}
