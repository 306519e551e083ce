//! `set_pause`: stops everything new, or lets it begin again.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs: the admin, or the guardian to pause.
pub fn set_pause(actor: &Pubkey, paused: bool) -> Instruction {
    build(
        &mira::accounts::SetPause {
            actor: *actor,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SetPause { paused },
    )
}
