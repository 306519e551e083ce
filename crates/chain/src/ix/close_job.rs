//! `close_job`: returns the remainder and closes the job and its vault.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs: the requester, with any payment-mint account as `destination`, or anyone, with the
/// requester's associated one.
pub fn close_job(actor: &Pubkey, job: &Pubkey, requester: &Pubkey, destination: &Pubkey) -> Instruction {
    build(
        &mira::accounts::CloseJob {
            actor: *actor,
            config: pda::config(),
            job: *job,
            vault: pda::escrow(job),
            requester: *requester,
            destination: *destination,
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::CloseJob {},
    )
}
