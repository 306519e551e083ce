//! Everything that can happen to the ledger: one variant an instruction, plus time and gifts.

use crate::amount::{Bps, Payment, Shares, Stake, Units};
use crate::dispute::DisputeKind;
use crate::epoch::Epoch;
use crate::job::JobTerms;
use crate::lease::LeaseTerms;
use crate::params::Params;
use crate::provider::ProviderUpdate;
use crate::{Hash, Key};
use alloc::vec::Vec;

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
    /// The treasury's vault.
    Treasury,
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
        /// The owner's part of what delegators earn.
        commission: Bps,
    },
    /// `update_provider`.
    UpdateProvider {
        /// Which.
        provider: Key,
        /// Signs: the owner.
        actor: Key,
        /// Another hot key.
        operator: Option<Key>,
        /// What changes of the books.
        update: ProviderUpdate,
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
    /// `cancel_unstake`.
    CancelUnstake {
        /// Whose pool.
        provider: Key,
        /// Signs.
        staker: Key,
        /// Index of the ticket.
        ticket: u8,
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
    /// `extend_job`.
    ExtendJob {
        /// Which job.
        job: Key,
        /// Signs: the requester.
        actor: Key,
        /// Unix second of the new deadline.
        deadline: i64,
    },
    /// `update_job`.
    UpdateJob {
        /// Which job.
        job: Key,
        /// Signs: the requester.
        actor: Key,
        /// The key whose vouchers pay later leases.
        voucher_signer: Key,
        /// Who may match later leases besides the requester, if anyone.
        dispatcher: Option<Key>,
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
    /// `settle_direct`.
    SettleDirect {
        /// Which lease.
        lease: Key,
        /// Signs: the requester.
        actor: Key,
        /// The running total.
        cumulative_amount: Payment,
        /// The units so far.
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
    /// `approve_epoch`.
    ApproveEpoch {
        /// Signs: a reward authority.
        authority: Key,
        /// What it approves.
        epoch: Epoch,
        /// [`Epoch::digest`] of it, by the chain's hasher.
        digest: Hash,
    },
    /// `cancel_epoch`.
    CancelEpoch {
        /// Signs: the guardian, or anyone once it is stale.
        actor: Key,
    },
    /// `finalize_epoch`, by anyone.
    FinalizeEpoch,
    /// `claim_reward`, by anyone.
    ClaimReward {
        /// For which provider.
        provider: Key,
        /// The leaf's lifetime amount.
        amount: Payment,
        /// Where the proof leads: see [`crate::merkle::climb`].
        root: Hash,
        /// Whether the provider's payout account can receive, which only the chain knows.
        payout_usable: bool,
    },
    /// `claim_delegation_reward`, by anyone.
    ClaimDelegationReward {
        /// Whose pool.
        provider: Key,
        /// Receives.
        staker: Key,
    },
    /// `open_dispute`.
    OpenDispute {
        /// Which lease.
        lease: Key,
        /// Signs and pays the bond: the requester or the voucher signer.
        actor: Key,
        /// What went wrong.
        kind: DisputeKind,
        /// Hash of what shows it.
        evidence: Hash,
    },
    /// `respond_dispute`.
    RespondDispute {
        /// The disputed lease.
        lease: Key,
        /// Signs: the provider's owner.
        actor: Key,
        /// Concedes, or contests with the hash of an answer.
        answer: Option<Hash>,
    },
    /// `vote_dispute`.
    VoteDispute {
        /// The disputed lease.
        lease: Key,
        /// Signs: a verifier.
        actor: Key,
        /// For the challenger.
        uphold: bool,
    },
    /// `resolve_dispute`, by anyone.
    ResolveDispute {
        /// The disputed lease.
        lease: Key,
    },
    /// `update_params`.
    UpdateParams {
        /// Signs: the admin.
        actor: Key,
        /// The parameters from now on.
        params: Params,
    },
    /// `propose_admin`.
    ProposeAdmin {
        /// Signs: the admin.
        actor: Key,
        /// The next admin.
        admin: Key,
    },
    /// `accept_admin`.
    AcceptAdmin {
        /// Signs: the proposed admin.
        actor: Key,
    },
    /// `set_guardian`.
    SetGuardian {
        /// Signs: the admin.
        actor: Key,
        /// The guardian from now on.
        guardian: Key,
    },
    /// `set_pause`.
    SetPause {
        /// Signs: admin or guardian.
        actor: Key,
        /// Pauses or resumes.
        paused: bool,
    },
    /// `set_reward_authorities`.
    SetRewardAuthorities {
        /// Signs: the admin.
        actor: Key,
        /// All of them.
        keys: Vec<Key>,
    },
    /// `set_verifiers`.
    SetVerifiers {
        /// Signs: the admin.
        actor: Key,
        /// All of them.
        keys: Vec<Key>,
    },
    /// `withdraw_treasury`.
    WithdrawTreasury {
        /// Signs: the admin.
        actor: Key,
        /// How much.
        amount: Payment,
    },
}

impl Action {
    /// The variant's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Advance { .. } => "Advance",
            Self::Donate { .. } => "Donate",
            Self::InitFeeShard { .. } => "InitFeeShard",
            Self::RegisterProvider { .. } => "RegisterProvider",
            Self::UpdateProvider { .. } => "UpdateProvider",
            Self::Stake { .. } => "Stake",
            Self::RequestUnstake { .. } => "RequestUnstake",
            Self::CancelUnstake { .. } => "CancelUnstake",
            Self::WithdrawStake { .. } => "WithdrawStake",
            Self::CreateJob { .. } => "CreateJob",
            Self::FundJob { .. } => "FundJob",
            Self::ExtendJob { .. } => "ExtendJob",
            Self::UpdateJob { .. } => "UpdateJob",
            Self::OpenLease { .. } => "OpenLease",
            Self::Settle { .. } => "Settle",
            Self::SettleDirect { .. } => "SettleDirect",
            Self::CloseLease { .. } => "CloseLease",
            Self::ReleaseLease { .. } => "ReleaseLease",
            Self::EndLease { .. } => "EndLease",
            Self::BeginCloseJob { .. } => "BeginCloseJob",
            Self::CloseJob { .. } => "CloseJob",
            Self::SweepFees { .. } => "SweepFees",
            Self::ApproveEpoch { .. } => "ApproveEpoch",
            Self::CancelEpoch { .. } => "CancelEpoch",
            Self::FinalizeEpoch => "FinalizeEpoch",
            Self::ClaimReward { .. } => "ClaimReward",
            Self::ClaimDelegationReward { .. } => "ClaimDelegationReward",
            Self::OpenDispute { .. } => "OpenDispute",
            Self::RespondDispute { .. } => "RespondDispute",
            Self::VoteDispute { .. } => "VoteDispute",
            Self::ResolveDispute { .. } => "ResolveDispute",
            Self::UpdateParams { .. } => "UpdateParams",
            Self::ProposeAdmin { .. } => "ProposeAdmin",
            Self::AcceptAdmin { .. } => "AcceptAdmin",
            Self::SetGuardian { .. } => "SetGuardian",
            Self::SetPause { .. } => "SetPause",
            Self::SetRewardAuthorities { .. } => "SetRewardAuthorities",
            Self::SetVerifiers { .. } => "SetVerifiers",
            Self::WithdrawTreasury { .. } => "WithdrawTreasury",
        }
    }
}
