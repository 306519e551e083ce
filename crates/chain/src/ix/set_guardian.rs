//! `set_guardian`: names another guardian.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `guardian` may pause, and cancel a pending epoch. `admin` signs.
pub fn set_guardian(admin: &Pubkey, guardian: &Pubkey) -> Instruction {
    build(
        &mira::accounts::SetGuardian {
            admin: *admin,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SetGuardian { guardian: *guardian },
    )
}
