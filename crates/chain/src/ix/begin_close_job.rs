//! `begin_close_job`: stops new leases of a job.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `requester` signs.
pub fn begin_close_job(requester: &Pubkey, job: &Pubkey) -> Instruction {
    build(
        &mira::accounts::BeginCloseJob {
            requester: *requester,
            job: *job,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::BeginCloseJob {},
    )
}
