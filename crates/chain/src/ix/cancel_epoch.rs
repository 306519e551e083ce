//! `cancel_epoch`: drops the pending epoch.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs: the guardian inside the window, anyone once the epoch is stale.
pub fn cancel_epoch(actor: &Pubkey) -> Instruction {
    build(
        &mira::accounts::CancelEpoch {
            actor: *actor,
            config: pda::config(),
            rewards: pda::rewards(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::CancelEpoch {},
    )
}
