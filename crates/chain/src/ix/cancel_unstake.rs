//! `cancel_unstake`: makes the shares of an unbonding ticket active again.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// Ticket number `ticket` (from 0) of the position of `staker`, who signs.
pub fn cancel_unstake(staker: &Pubkey, provider: &Pubkey, ticket: u8) -> Instruction {
    build(
        &mira::accounts::CancelUnstake {
            staker: *staker,
            provider: *provider,
            position: pda::stake_position(provider, staker),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::CancelUnstake { ticket },
    )
}
