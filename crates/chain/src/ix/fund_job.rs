//! `fund_job`: moves payment into a job's vault.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `amount` payment base units out of `from`. `funder` signs and may be anyone: a top-up is a gift to
/// the requester.
pub fn fund_job(funder: &Pubkey, job: &Pubkey, from: &Pubkey, amount: u64) -> Instruction {
    build(
        &mira::accounts::FundJob {
            funder: *funder,
            config: pda::config(),
            job: *job,
            vault: pda::escrow(job),
            from: *from,
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::FundJob { amount },
    )
}
