//! `release_lease`: returns what a lease did not settle to its job, when due. Anyone may.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs and may be anyone.
pub fn release_lease(actor: &Pubkey, job: &Pubkey, lease: &Pubkey) -> Instruction {
    build(
        &mira::accounts::ReleaseLease {
            actor: *actor,
            job: *job,
            lease: *lease,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ReleaseLease {},
    )
}
