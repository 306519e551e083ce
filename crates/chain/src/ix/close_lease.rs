//! `close_lease`: brings a lease's end forward.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs: the provider's operator or owner, or the requester.
pub fn close_lease(actor: &Pubkey, provider: &Pubkey, lease: &Pubkey) -> Instruction {
    build(
        &mira::accounts::CloseLease {
            actor: *actor,
            provider: *provider,
            lease: *lease,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::CloseLease {},
    )
}
