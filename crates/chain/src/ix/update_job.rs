//! `update_job`: names other keys for the leases to come.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// Both keys as they are from now on: whose vouchers pay later leases, and who may match them besides
/// `requester`, who signs.
pub fn update_job(
    requester: &Pubkey,
    job: &Pubkey,
    voucher_signer: &Pubkey,
    dispatcher: Option<&Pubkey>,
) -> Instruction {
    build(
        &mira::accounts::UpdateJob {
            requester: *requester,
            job: *job,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::UpdateJob { voucher_signer: *voucher_signer, dispatcher: dispatcher.copied() },
    )
}
