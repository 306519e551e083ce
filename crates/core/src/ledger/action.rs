//! Everything that can happen to the ledger: one variant an instruction, plus time and gifts.

use crate::Key;
use crate::amount::{Payment, Shares, Stake, Units};
use crate::job::JobTerms;
use crate::lease::LeaseTerms;

/// A vault of payment or stake that strangers can send tokens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vault {
    /// The network's stake vault.
    Stake,
    /// A job's escrow.
    Job(Key),
    /// A fee shard's vault.
    Shard(u8),
    /// The reward vault.
    Rewards,
}

/// One step. Signers are the keys that sign; addresses are those the chain would derive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The clock moves.
    Advance {
        /// By so many seconds.
        secs: u32,
    },
    /// A stranger sends tokens straight to a vault.
    Donate {
        /// Where.
        vault: Vault,
        /// Base units of that vault's mint.
        amount: u64,
    },
    /// `init_fee_shard`.
    InitFeeShard {
        /// 0 to 15.
        shard: u8,
    },
    /// `register_provider`, signed by the owner.
    RegisterProvider {
        /// The new address.
        provider: Key,
        /// Signs.
        owner: Key,
        /// The hot key it names.
        operator: Key,
    },
    /// `stake`.
    Stake {
        /// Whose pool.
        provider: Key,
        /// Signs and pays.
        staker: Key,
        /// How much.
        amount: Stake,
    },
    /// `request_unstake`.
    RequestUnstake {
        /// Whose pool.
        provider: Key,
        /// Signs.
        staker: Key,
        /// How much.
        shares: Shares,
    },
    /// `withdraw_stake`.
    WithdrawStake {
        /// Whose pool.
        provider: Key,
        /// Signs and receives.
        staker: Key,
        /// Index of the ticket.
        ticket: u8,
    },
    /// `create_job`, signed by the requester in the terms.
    CreateJob {
        /// The new address.
        job: Key,
        /// What is asked for.
        terms: JobTerms,
    },
    /// `fund_job`, by anyone.
    FundJob {
        /// Which job.
        job: Key,
        /// How much.
        amount: Payment,
    },
    /// `open_lease`.
    OpenLease {
        /// The new address.
        lease: Key,
        /// Whose escrow.
        job: Key,
        /// Whose stake.
        provider: Key,
        /// Signs for the provider.
        operator: Key,
        /// Signs for the job.
        matcher: Key,
        /// What they agree on.
        terms: LeaseTerms,
    },
    /// `settle`, by anyone who holds a voucher.
    Settle {
        /// Which lease.
        lease: Key,
        /// The key that signed the voucher.
        signer: Key,
        /// Its running total.
        cumulative_amount: Payment,
        /// Its units.
        cumulative_units: Units,
    },
    /// `close_lease`.
    CloseLease {
        /// Which lease.
        lease: Key,
        /// Signs: owner or operator of the provider, or the requester.
        actor: Key,
    },
    /// `release_lease`, by anyone.
    ReleaseLease {
        /// Which lease.
        lease: Key,
    },
    /// `end_lease`, by anyone.
    EndLease {
        /// Which lease.
        lease: Key,
    },
    /// `begin_close_job`.
    BeginCloseJob {
        /// Which job.
        job: Key,
        /// Signs: the requester.
        actor: Key,
    },
    /// `close_job`, by anyone.
    CloseJob {
        /// Which job.
        job: Key,
    },
    /// `sweep_fees`, by anyone.
    SweepFees {
        /// Which shard.
        shard: u8,
    },
}
