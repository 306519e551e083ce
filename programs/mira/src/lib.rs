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
#[cfg(not(feature = "no-entrypoint"))]
mod security_txt;
pub mod seeds;
mod settlement;
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

    /// Changes the parameters of everything to come.
    pub fn update_params(ctx: Context<UpdateParams>, params: state::NetworkParams) -> Result<()> {
        UpdateParams::handle(ctx, params)
    }

    /// Names the next admin; naming the present one takes a proposal back.
    pub fn propose_admin(ctx: Context<ProposeAdmin>, admin: Pubkey) -> Result<()> {
        ProposeAdmin::handle(ctx, admin)
    }

    /// Makes the proposed admin the admin.
    pub fn accept_admin(ctx: Context<AcceptAdmin>) -> Result<()> {
        AcceptAdmin::handle(ctx)
    }

    /// Names another guardian.
    pub fn set_guardian(ctx: Context<SetGuardian>, guardian: Pubkey) -> Result<()> {
        SetGuardian::handle(ctx, guardian)
    }

    /// Stops everything new, or lets it begin again.
    pub fn set_pause(ctx: Context<SetPause>, paused: bool) -> Result<()> {
        SetPause::handle(ctx, paused)
    }

    /// Replaces the keys that approve reward epochs.
    pub fn set_reward_authorities(ctx: Context<SetRewardAuthorities>, keys: Vec<Pubkey>) -> Result<()> {
        SetRewardAuthorities::handle(ctx, keys)
    }

    /// Replaces the keys that judge contested disputes.
    pub fn set_verifiers(ctx: Context<SetVerifiers>, keys: Vec<Pubkey>) -> Result<()> {
        SetVerifiers::handle(ctx, keys)
    }

    /// Pays `amount` payment base units out of the treasury.
    pub fn withdraw_treasury(ctx: Context<WithdrawTreasury>, amount: u64) -> Result<()> {
        WithdrawTreasury::handle(ctx, amount)
    }

    /// Creates a provider.
    pub fn register_provider(ctx: Context<RegisterProvider>, args: RegisterProviderArgs) -> Result<()> {
        RegisterProvider::handle(ctx, args)
    }

    /// Changes what a provider says of itself, who works for it and whom settlements pay.
    pub fn update_provider(ctx: Context<UpdateProvider>, args: UpdateProviderArgs) -> Result<()> {
        UpdateProvider::handle(ctx, args)
    }

    /// Adds `amount` stake base units to a provider's pool.
    pub fn stake(ctx: Context<Stake>, amount: u64) -> Result<()> {
        Stake::handle(ctx, amount)
    }

    /// Moves `shares` of a position into an unbonding ticket.
    pub fn request_unstake(ctx: Context<RequestUnstake>, shares: u128) -> Result<()> {
        RequestUnstake::handle(ctx, shares)
    }

    /// Makes the shares of the ticket at index `ticket` of a position active again.
    pub fn cancel_unstake(ctx: Context<CancelUnstake>, ticket: u8) -> Result<()> {
        CancelUnstake::handle(ctx, ticket)
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

    /// Puts a job's deadline off to the unix second `deadline`.
    pub fn extend_job(ctx: Context<ExtendJob>, deadline: i64) -> Result<()> {
        ExtendJob::handle(ctx, deadline)
    }

    /// Names other keys for the leases to come.
    pub fn update_job(ctx: Context<UpdateJob>, voucher_signer: Pubkey, dispatcher: Option<Pubkey>) -> Result<()> {
        UpdateJob::handle(ctx, voucher_signer, dispatcher)
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

    /// Pays a lease up to a running total, signed for by the requester instead of a voucher.
    pub fn settle_direct(ctx: Context<SettleDirect>, cumulative_amount: u64, cumulative_units: u64) -> Result<()> {
        SettleDirect::handle(ctx, cumulative_amount, cumulative_units)
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

    /// Challenges a lease with a bond, for a reason of `mira_core::dispute::DisputeKind`.
    pub fn open_dispute(ctx: Context<OpenDispute>, kind: u8, evidence: [u8; 32]) -> Result<()> {
        OpenDispute::handle(ctx, kind, evidence)
    }

    /// Concedes a dispute, or contests it with the hash of an answer.
    pub fn respond_dispute(ctx: Context<RespondDispute>, answer: Option<[u8; 32]>) -> Result<()> {
        RespondDispute::handle(ctx, answer)
    }

    /// Votes on a contested dispute.
    pub fn vote_dispute(ctx: Context<VoteDispute>, uphold: bool) -> Result<()> {
        VoteDispute::handle(ctx, uphold)
    }

    /// Ends a dispute that is decided or due.
    pub fn resolve_dispute(ctx: Context<ResolveDispute>) -> Result<()> {
        ResolveDispute::handle(ctx)
    }

    /// Moves the fees of one shard to the reward vault.
    pub fn sweep_fees(ctx: Context<SweepFees>) -> Result<()> {
        SweepFees::handle(ctx)
    }

    /// Records a reward authority's approval of an epoch.
    pub fn approve_epoch(ctx: Context<ApproveEpoch>, epoch: state::Epoch) -> Result<()> {
        ApproveEpoch::handle(ctx, epoch)
    }

    /// Drops the pending epoch and all approvals.
    pub fn cancel_epoch(ctx: Context<CancelEpoch>) -> Result<()> {
        CancelEpoch::handle(ctx)
    }

    /// Makes the pending epoch the one that claims are made against.
    pub fn finalize_epoch(ctx: Context<FinalizeEpoch>) -> Result<()> {
        FinalizeEpoch::handle(ctx)
    }

    /// Claims for a provider up to its lifetime reward `amount`, which `proof` leads from to the final root.
    pub fn claim_reward(ctx: Context<ClaimReward>, amount: u64, proof: Vec<[u8; 32]>) -> Result<()> {
        ClaimReward::handle(ctx, amount, &proof)
    }

    /// Pays a staker what its position has earned.
    pub fn claim_delegation_reward(ctx: Context<ClaimDelegationReward>) -> Result<()> {
        ClaimDelegationReward::handle(ctx)
    }
}
