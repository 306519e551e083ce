//! `request_unstake`: moves active shares into an unbonding ticket.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `shares` of the position of `staker`, who signs.
pub fn request_unstake(staker: &Pubkey, provider: &Pubkey, shares: u128) -> Instruction {
    build(
        &mira::accounts::RequestUnstake {
            staker: *staker,
            config: pda::config(),
            provider: *provider,
            position: pda::stake_position(provider, staker),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::RequestUnstake { shares },
    )
}
