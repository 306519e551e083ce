//! `approve_epoch`: a reward authority's approval of an epoch.

use super::build;
use crate::pda;
use mira_core::epoch::Epoch;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `authority` signs: one of the network's reward authorities. Approves the hash of all that `epoch` says.
pub fn approve_epoch(authority: &Pubkey, epoch: &Epoch) -> Instruction {
    build(
        &mira::accounts::ApproveEpoch {
            authority: *authority,
            config: pda::config(),
            rewards: pda::rewards(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ApproveEpoch { epoch: mira::state::Epoch::from(epoch) },
    )
}
