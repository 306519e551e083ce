//! `vote_dispute`: a verifier judges a contested dispute.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `verifier` signs; `uphold` is a vote for the challenger.
pub fn vote_dispute(verifier: &Pubkey, provider: &Pubkey, lease: &Pubkey, uphold: bool) -> Instruction {
    build(
        &mira::accounts::VoteDispute {
            verifier: *verifier,
            config: pda::config(),
            provider: *provider,
            lease: *lease,
            dispute: pda::dispute(lease),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::VoteDispute { uphold },
    )
}
