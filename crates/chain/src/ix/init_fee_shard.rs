//! `init_fee_shard`: creates one of the sixteen fee shards. Anyone may pay for it.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// Fee shard `shard`, below [`pda::FEE_SHARDS`]. `payer` signs.
pub fn init_fee_shard(payer: &Pubkey, payment_mint: &Pubkey, shard: u8) -> Instruction {
    build(
        &mira::accounts::InitFeeShard {
            payer: *payer,
            config: pda::config(),
            fee_shard: pda::fee_shard(shard),
            payment_mint: *payment_mint,
            fee_vault: pda::fee_vault(shard),
            token_program: TOKEN_PROGRAM,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::InitFeeShard { shard },
    )
}
