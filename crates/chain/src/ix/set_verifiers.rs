//! `set_verifiers`: replaces the keys that judge contested disputes.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// All of the keys, at most [`mira::state::MAX_VERIFIERS`]. `admin` signs.
pub fn set_verifiers(admin: &Pubkey, keys: &[Pubkey]) -> Instruction {
    build(
        &mira::accounts::SetVerifiers {
            admin: *admin,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SetVerifiers { keys: keys.to_vec() },
    )
}
