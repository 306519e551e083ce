//! One action after the other: who may, then the books, then the vaults, as the program does it.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;

use super::{Action, Ledger, Vault};
use crate::amount::{Payment, Stake};
use crate::error::{Error, Result};
use crate::job::after;

/// Applies `action`; after an error the ledger is to be thrown away.
pub(super) fn apply(ledger: &mut Ledger, action: &Action) -> Result<()> {
    match *action {
        Action::Advance { secs } => {
            ledger.now = after(ledger.now, secs)?;
            Ok(())
        }
        Action::Donate { vault, amount } => donate(ledger, vault, amount),
        Action::RegisterProvider { provider, owner, operator, commission } => {
            stake::register_provider(ledger, provider, (owner, operator), commission)
        }
        Action::UpdateProvider { provider, actor, operator, ref update } => {
            stake::update_provider(ledger, provider, actor, operator, update)
        }
        Action::Stake { provider, staker, amount } => stake::stake(ledger, provider, staker, amount),
        Action::RequestUnstake { provider, staker, shares } => stake::request_unstake(ledger, provider, staker, shares),
        Action::CancelUnstake { provider, staker, ticket } => stake::cancel_unstake(ledger, provider, staker, ticket),
        Action::WithdrawStake { provider, staker, ticket } => stake::withdraw_stake(ledger, provider, staker, ticket),
        Action::CreateJob { job, ref terms } => job::create_job(ledger, job, terms),
        Action::FundJob { job, amount } => job::fund_job(ledger, job, amount),
        Action::ExtendJob { job, actor, deadline } => job::extend_job(ledger, job, actor, deadline),
        Action::UpdateJob { job, actor, voucher_signer, dispatcher } => {
            job::update_job(ledger, job, actor, voucher_signer, dispatcher)
        }
        Action::BeginCloseJob { job, actor } => job::begin_close_job(ledger, job, actor),
        Action::CloseJob { job } => job::close_job(ledger, job),
        _ => apply_rest(ledger, action),
    }
}

/// Leases, disputes, rewards and governance.
fn apply_rest(ledger: &mut Ledger, action: &Action) -> Result<()> {
    match *action {
        Action::OpenLease { lease, job, provider, operator, matcher, ref terms } => {
            lease::open_lease(ledger, lease, (job, provider), (operator, matcher), terms)
        }
        Action::Settle { lease, signer, cumulative_amount, cumulative_units } => {
            lease::settle(ledger, lease, signer, cumulative_amount, cumulative_units)
        }
        Action::SettleDirect { lease, actor, cumulative_amount, cumulative_units } => {
            lease::settle_direct(ledger, lease, actor, cumulative_amount, cumulative_units)
        }
        Action::CloseLease { lease, actor } => lease::close_lease(ledger, lease, actor),
        Action::ReleaseLease { lease } => lease::release_lease(ledger, lease),
        Action::EndLease { lease } => lease::end_lease(ledger, lease),
        Action::OpenDispute { lease, actor, kind, evidence } => {
            dispute::open_dispute(ledger, lease, actor, kind, evidence)
        }
        Action::RespondDispute { lease, actor, answer } => dispute::respond_dispute(ledger, lease, actor, answer),
        Action::VoteDispute { lease, actor, uphold } => dispute::vote_dispute(ledger, lease, actor, uphold),
        Action::ResolveDispute { lease } => dispute::resolve_dispute(ledger, lease),
        Action::InitFeeShard { shard } => reward::init_fee_shard(ledger, shard),
        Action::SweepFees { shard } => reward::sweep_fees(ledger, shard),
        Action::ApproveEpoch { authority, ref epoch, digest } => {
            reward::approve_epoch(ledger, authority, epoch, digest)
        }
        Action::CancelEpoch { actor } => reward::cancel_epoch(ledger, actor),
        Action::FinalizeEpoch => reward::finalize_epoch(ledger),
        Action::ClaimReward { provider, amount, root, payout_usable } => {
            reward::claim_reward(ledger, provider, amount, root, payout_usable)
        }
        Action::ClaimDelegationReward { provider, staker } => reward::claim_delegation_reward(ledger, provider, staker),
        Action::WithdrawTreasury { actor, amount } => admin::withdraw_treasury(ledger, actor, amount),
        _ => admin::govern(ledger, action),
    }
}

fn donate(ledger: &mut Ledger, vault: Vault, amount: u64) -> Result<()> {
    let payment = Payment::new(amount);
    let (held, foreign) = match vault {
        Vault::Stake => {
            ledger.stake_vault = ledger.stake_vault.checked_add(Stake::new(amount))?;
            ledger.stake_foreign = ledger.stake_foreign.checked_add(Stake::new(amount))?;
            return count(&mut ledger.flows.stake_in, amount);
        }
        Vault::Job(job) => {
            let job = ledger.jobs.get_mut(&job).ok_or(Error::WrongAccount)?;
            (&mut job.vault, &mut job.foreign)
        }
        Vault::Shard(shard) => {
            let shard = ledger.shards.get_mut(&shard).ok_or(Error::WrongAccount)?;
            (&mut shard.vault, &mut shard.foreign)
        }
        Vault::Rewards => (&mut ledger.rewards.vault, &mut ledger.rewards.foreign),
        Vault::Treasury => (&mut ledger.rewards.treasury, &mut ledger.rewards.treasury_foreign),
    };
    *held = held.checked_add(payment)?;
    *foreign = foreign.checked_add(payment)?;
    count(&mut ledger.flows.payment_in, amount)
}

fn count(flow: &mut u128, amount: u64) -> Result<()> {
    *flow = flow.checked_add(u128::from(amount)).ok_or(Error::MathOverflow)?;
    Ok(())
}
