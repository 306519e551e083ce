//! `extend_job`: puts a job's deadline off.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// To `deadline`, a unix second of the chain's clock. `requester` signs.
pub fn extend_job(requester: &Pubkey, job: &Pubkey, deadline: i64) -> Instruction {
    build(
        &mira::accounts::ExtendJob {
            requester: *requester,
            config: pda::config(),
            job: *job,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ExtendJob { deadline },
    )
}
