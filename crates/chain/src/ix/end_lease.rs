//! `end_lease`: frees a lease's exposure and closes its account, when due. Anyone may.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs and may be anyone. `rent_payer` is the one the lease names: it gets the rent back.
pub fn end_lease(actor: &Pubkey, provider: &Pubkey, lease: &Pubkey, rent_payer: &Pubkey) -> Instruction {
    build(
        &mira::accounts::EndLease {
            actor: *actor,
            provider: *provider,
            lease: *lease,
            rent_payer: *rent_payer,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::EndLease {},
    )
}
