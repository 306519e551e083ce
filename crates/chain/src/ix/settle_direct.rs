//! `settle_direct`: pays a lease up to a running total, signed for by the requester.

use super::{SettleAccounts, build};
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use mira_core::amount::{Payment, Units};
use solana_sdk::instruction::Instruction;

/// Pays `cumulative_amount` in all. The submitter is the lease's requester, whose signature stands in
/// the place of a voucher.
pub fn settle_direct(accounts: &SettleAccounts, cumulative_amount: Payment, cumulative_units: Units) -> Instruction {
    let shard = pda::fee_shard_of(&accounts.lease);
    build(
        &mira::accounts::SettleDirect {
            requester: accounts.submitter,
            job: accounts.job,
            vault: pda::escrow(&accounts.job),
            lease: accounts.lease,
            provider: accounts.provider,
            payout: accounts.payout,
            fee_shard: pda::fee_shard(shard),
            fee_vault: pda::fee_vault(shard),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SettleDirect {
            cumulative_amount: cumulative_amount.get(),
            cumulative_units: cumulative_units.get(),
        },
    )
}
