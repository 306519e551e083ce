//! `finalize_epoch`: makes the pending epoch final, when due. Anyone may.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs and may be anyone.
pub fn finalize_epoch(actor: &Pubkey) -> Instruction {
    build(
        &mira::accounts::FinalizeEpoch {
            actor: *actor,
            config: pda::config(),
            rewards: pda::rewards(),
            reward_vault: pda::reward_vault(),
            treasury: pda::treasury(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::FinalizeEpoch {},
    )
}
