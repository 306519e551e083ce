//! `initialize`: creates the network. Once, and only by the upgrade authority.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use mira::InitializeArgs;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// The network over two mints of the classic token program, which may be the same one.
/// `authority` signs, pays, and becomes the admin.
pub fn initialize(authority: &Pubkey, stake_mint: &Pubkey, payment_mint: &Pubkey, args: InitializeArgs) -> Instruction {
    build(
        &mira::accounts::Initialize {
            authority: *authority,
            program_data: pda::program_data(),
            config: pda::config(),
            rewards: pda::rewards(),
            stake_mint: *stake_mint,
            payment_mint: *payment_mint,
            stake_vault: pda::stake_vault(),
            reward_vault: pda::reward_vault(),
            treasury: pda::treasury(),
            token_program: TOKEN_PROGRAM,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::Initialize { args },
    )
}
