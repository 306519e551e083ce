//! `sweep_fees`: moves one shard's fees to the reward vault. Anyone may.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs and may be anyone.
pub fn sweep_fees(actor: &Pubkey, shard: u8) -> Instruction {
    build(
        &mira::accounts::SweepFees {
            actor: *actor,
            fee_shard: pda::fee_shard(shard),
            fee_vault: pda::fee_vault(shard),
            rewards: pda::rewards(),
            reward_vault: pda::reward_vault(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SweepFees {},
    )
}
