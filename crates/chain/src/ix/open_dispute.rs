//! `open_dispute`: challenges a lease with a bond.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use mira_core::Hash;
use mira_core::dispute::DisputeKind;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `challenger` signs: the lease's requester or its voucher signer. It pays the dispute's rent, and the
/// bond ([`mira_core::dispute::bond_ceil`]) out of `from`, a stake-mint account.
pub fn open_dispute(
    challenger: &Pubkey,
    lease: &Pubkey,
    from: &Pubkey,
    kind: DisputeKind,
    evidence: Hash,
) -> Instruction {
    build(
        &mira::accounts::OpenDispute {
            challenger: *challenger,
            config: pda::config(),
            lease: *lease,
            dispute: pda::dispute(lease),
            from: *from,
            stake_vault: pda::stake_vault(),
            token_program: TOKEN_PROGRAM,
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::OpenDispute { kind: kind.as_u8(), evidence },
    )
}
