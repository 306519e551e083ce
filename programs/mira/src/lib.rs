//! Mira's program: stake, escrow, metered settlement and fees for AI work on open compute.
//!
//! This file only dispatches. Each instruction is one file under `instructions/`, the accounts are
//! under `state/`, the checks that are dangerous to get wrong under `guard/`, and every amount comes
//! from `mira_core`, which clients and the indexer share.
//!
//! Deliberately absent: a price oracle, emission schedules, Token-2022, loops over anything
//! unbounded, and any way to pause a withdrawal or a refund.

pub mod error;
pub mod event;
pub mod guard;
mod hash;
mod instructions;
pub mod seeds;
pub mod state;
mod vault;

pub use instructions::*;

use anchor_lang::prelude::*;

// The address on local chains. A public deployment has its own, set with `anchor keys sync`.
declare_id!("Mira111111111111111111111111111111111111111");

/// The instructions.
#[program]
pub mod mira {
    use super::*;

    /// Creates the network; only the program's upgrade authority can.
    pub fn initialize(ctx: Context<Initialize>, args: InitializeArgs) -> Result<()> {
        Initialize::handle(ctx, args)
    }

    /// Creates one of the sixteen fee shards.
    pub fn init_fee_shard(ctx: Context<InitFeeShard>, shard: u8) -> Result<()> {
        InitFeeShard::handle(ctx, shard)
    }

    /// Creates a provider.
    pub fn register_provider(ctx: Context<RegisterProvider>, args: RegisterProviderArgs) -> Result<()> {
        RegisterProvider::handle(ctx, args)
    }

    /// Adds `amount` stake base units to a provider's pool.
    pub fn stake(ctx: Context<Stake>, amount: u64) -> Result<()> {
        Stake::handle(ctx, amount)
    }

    /// Moves `shares` of a position into an unbonding ticket.
    pub fn request_unstake(ctx: Context<RequestUnstake>, shares: u128) -> Result<()> {
        RequestUnstake::handle(ctx, shares)
    }

    /// Burns the matured ticket at index `ticket` of a position and pays its value.
    pub fn withdraw_stake(ctx: Context<WithdrawStake>, ticket: u8) -> Result<()> {
        WithdrawStake::handle(ctx, ticket)
    }

    /// Creates a job and its empty vault.
    pub fn create_job(ctx: Context<CreateJob>, args: CreateJobArgs) -> Result<()> {
        CreateJob::handle(ctx, args)
    }

    /// Moves `amount` payment base units into a job's vault.
    pub fn fund_job(ctx: Context<FundJob>, amount: u64) -> Result<()> {
        FundJob::handle(ctx, amount)
    }

    /// Stops new funds and new leases of a job.
    pub fn begin_close_job(ctx: Context<BeginCloseJob>) -> Result<()> {
        BeginCloseJob::handle(ctx)
    }

    /// Returns what a job did not pay and closes it.
    pub fn close_job(ctx: Context<CloseJob>) -> Result<()> {
        CloseJob::handle(ctx)
    }

    /// Reserves escrow of a job and stake of a provider for each other.
    pub fn open_lease(ctx: Context<OpenLease>, args: OpenLeaseArgs) -> Result<()> {
        OpenLease::handle(ctx, args)
    }

    /// Pays a lease up to a voucher's running total.
    pub fn settle(ctx: Context<Settle>, cumulative_amount: u64, cumulative_units: u64) -> Result<()> {
        Settle::handle(ctx, cumulative_amount, cumulative_units)
    }

    /// Brings the end of a lease forward.
    pub fn close_lease(ctx: Context<CloseLease>) -> Result<()> {
        CloseLease::handle(ctx)
    }

    /// Returns what a lease did not settle to its job.
    pub fn release_lease(ctx: Context<ReleaseLease>) -> Result<()> {
        ReleaseLease::handle(ctx)
    }

    /// Frees the provider's exposure and closes the lease's account.
    pub fn end_lease(ctx: Context<EndLease>) -> Result<()> {
        EndLease::handle(ctx)
    }

    /// Moves the fees of one shard to the reward vault.
    pub fn sweep_fees(ctx: Context<SweepFees>) -> Result<()> {
        SweepFees::handle(ctx)
    }
}
