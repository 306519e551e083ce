//! `open_lease`: reserves escrow of a job and stake of a provider for each other.

use super::build;
use crate::pda;
use mira::OpenLeaseArgs;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// A lease that is to be opened: who, for what, at which terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// The job that pays.
    pub job: Pubkey,
    /// The provider that works.
    pub provider: Pubkey,
    /// The job's `leases_total` at the opening.
    pub nonce: u32,
    /// The provider's operator: signs, pays fee and rent.
    pub operator: Pubkey,
    /// The job's dispatcher or its requester: signs.
    pub matcher: Pubkey,
    /// Payment base units per 1,000,000 units.
    pub unit_price: u64,
    /// The most that the lease may ever pay, in payment base units.
    pub cap: u64,
    /// Unix second of the chain's clock.
    pub expires_at: i64,
}

impl LeaseTerms {
    /// The lease's address.
    pub fn lease(&self) -> Pubkey {
        pda::lease(&self.job, &self.provider, self.nonce)
    }
}

/// Opens the lease. Operator and matcher sign.
pub fn open_lease(terms: &LeaseTerms) -> Instruction {
    build(
        &mira::accounts::OpenLease {
            operator: terms.operator,
            matcher: terms.matcher,
            config: pda::config(),
            provider: terms.provider,
            job: terms.job,
            lease: terms.lease(),
            system_program: solana_sdk_ids::system_program::ID,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::OpenLease {
            args: OpenLeaseArgs { unit_price: terms.unit_price, cap: terms.cap, expires_at: terms.expires_at },
        },
    )
}
