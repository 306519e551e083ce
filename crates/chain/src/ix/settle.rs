//! `settle`: pays a lease up to a voucher's running total.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use crate::voucher::ed25519_instruction;
use mira_core::voucher::Voucher;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// The accounts that a settlement touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleAccounts {
    /// Whoever brings the voucher, or the requester; signs.
    pub submitter: Pubkey,
    /// The job that pays.
    pub job: Pubkey,
    /// The lease that is paid.
    pub lease: Pubkey,
    /// The provider that worked.
    pub provider: Pubkey,
    /// The provider's payout account, as its account names it.
    pub payout: Pubkey,
}

/// The two instructions of a settlement, in this order and with nothing between them: the ed25519
/// program verifies the voucher's signature by `voucher_signer`, then the program pays.
pub fn settle(
    accounts: &SettleAccounts,
    voucher_signer: &Pubkey,
    voucher: &Voucher,
    signature: &[u8; 64],
) -> [Instruction; 2] {
    let shard = pda::fee_shard_of(&accounts.lease);
    let settle = build(
        &mira::accounts::Settle {
            submitter: accounts.submitter,
            config: pda::config(),
            job: accounts.job,
            vault: pda::escrow(&accounts.job),
            lease: accounts.lease,
            provider: accounts.provider,
            payout: accounts.payout,
            fee_shard: pda::fee_shard(shard),
            fee_vault: pda::fee_vault(shard),
            instructions: solana_sdk_ids::sysvar::instructions::ID,
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::Settle {
            cumulative_amount: voucher.cumulative_amount.get(),
            cumulative_units: voucher.cumulative_units.get(),
        },
    );
    [ed25519_instruction(voucher_signer, voucher, signature), settle]
}
