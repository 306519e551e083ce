//! `create_job`: creates a job and its empty vault.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use mira::CreateJobArgs;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// The job `args.job_id` of `requester`, who signs and pays the rent.
pub fn create_job(requester: &Pubkey, payment_mint: &Pubkey, args: CreateJobArgs) -> Instruction {
    let job = pda::job(requester, args.job_id);
    build(
        &mira::accounts::CreateJob {
            requester: *requester,
            config: pda::config(),
            job,
            payment_mint: *payment_mint,
            vault: pda::escrow(&job),
            token_program: TOKEN_PROGRAM,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::CreateJob { args },
    )
}
