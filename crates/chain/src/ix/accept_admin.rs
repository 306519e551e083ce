//! `accept_admin`: makes the proposed admin the admin.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `pending_admin` was proposed, and signs.
pub fn accept_admin(pending_admin: &Pubkey) -> Instruction {
    build(
        &mira::accounts::AcceptAdmin {
            pending_admin: *pending_admin,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::AcceptAdmin {},
    )
}
