//! `respond_dispute`: the provider's owner concedes a dispute or contests it.

use super::build;
use crate::pda;
use mira_core::Hash;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `owner` signs: the provider's cold key. Without an `answer` it concedes.
pub fn respond_dispute(owner: &Pubkey, provider: &Pubkey, lease: &Pubkey, answer: Option<Hash>) -> Instruction {
    build(
        &mira::accounts::RespondDispute {
            owner: *owner,
            config: pda::config(),
            provider: *provider,
            dispute: pda::dispute(lease),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::RespondDispute { answer },
    )
}
