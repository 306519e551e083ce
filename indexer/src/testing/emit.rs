//! What the program says of an action, from the model before and after it.

mod dispute;
mod job;
mod lease;
mod network;
mod reward;
mod stake;

use mira_chain::event::Event;
use mira_chain::event::body as e;
use mira_core::Key;
use mira_core::ledger::{Action, Ledger};
use solana_sdk::pubkey::Pubkey;

use super::{Chain, OPERATOR, REQUESTER, key, owner};

const SCHEMA: u8 = e::SCHEMA;
const CONFIG: Key = [11; 32];
const PAYOUT: Key = [15; 32];
const REWARDS: Key = [10; 32];

fn pk(key: Key) -> Pubkey {
    Pubkey::new_from_array(key)
}

fn pks(keys: &[Key]) -> Vec<Pubkey> {
    keys.iter().copied().map(pk).collect()
}

fn fee_shard(shard: u8) -> Key {
    key(8, shard)
}

/// The dispute's address, made from its lease's.
fn dispute(lease: Key) -> Key {
    let mut dispute = lease;
    dispute[1] = 9;
    dispute
}

impl Chain {
    /// The event of an action that was applied; `None` for what no instruction does.
    pub(super) fn event_of(&mut self, action: &Action, before: &Ledger) -> Option<Event> {
        let event = match *action {
            Action::Advance { .. } | Action::Donate { .. } => return None,
            Action::InitFeeShard { shard } => self.shard_made(shard),
            Action::RegisterProvider { provider, .. } => self.registered(provider),
            Action::UpdateProvider { provider, actor, .. } => self.provider_updated(before, provider, actor),
            Action::Stake { provider, staker, amount } => self.staked(before, provider, staker, amount),
            Action::RequestUnstake { provider, staker, shares } => {
                self.unstake_requested(before, provider, staker, shares)
            }
            Action::CancelUnstake { provider, staker, ticket } => {
                self.unstake_cancelled(before, provider, staker, ticket)
            }
            Action::WithdrawStake { provider, staker, ticket } => self.withdrawn(before, provider, staker, ticket),
            Action::CreateJob { job, .. } => self.created(job),
            Action::FundJob { job, amount } => self.funded(before, job, amount),
            Action::ExtendJob { job, actor, .. } => self.extended(before, job, actor),
            Action::UpdateJob { job, actor, .. } => self.job_updated(before, job, actor),
            Action::BeginCloseJob { job, actor } => self.closing(job, actor),
            Action::CloseJob { job } => self.closed(before, job),
            Action::OpenLease { lease, matcher, .. } => self.opened(before, lease, matcher),
            Action::Settle { lease, .. } => self.settled(before, lease, OPERATOR),
            Action::SettleDirect { lease, actor, .. } => self.settled(before, lease, actor),
            Action::CloseLease { lease, actor } => self.lease_closed(before, lease, actor),
            Action::ReleaseLease { lease } => self.released(before, lease),
            Action::EndLease { lease } => self.ended(before, lease),
            Action::OpenDispute { lease, .. } => self.dispute_opened(lease),
            Action::RespondDispute { lease, actor, .. } => self.dispute_answered(lease, actor),
            Action::VoteDispute { lease, actor, uphold } => self.dispute_voted(lease, actor, uphold),
            Action::ResolveDispute { lease } => self.dispute_resolved(before, lease),
            Action::SweepFees { shard } => self.swept(before, shard),
            Action::ApproveEpoch { authority, ref epoch, digest } => self.approved(authority, epoch, digest),
            Action::CancelEpoch { actor } => self.cancelled(before, actor),
            Action::FinalizeEpoch => self.finalized(before),
            Action::ClaimReward { provider, .. } => self.claimed(before, provider),
            Action::ClaimDelegationReward { provider, staker } => self.delegation_claimed(before, provider, staker),
            Action::UpdateParams { actor, .. } => self.params_updated(before, actor),
            Action::ProposeAdmin { actor, .. } => self.admin_proposed(before, actor),
            Action::AcceptAdmin { actor } => self.admin_accepted(before, actor),
            Action::SetGuardian { actor, .. } => self.guardian_set(before, actor),
            Action::SetPause { actor, paused } => self.pause_set(actor, paused),
            Action::SetRewardAuthorities { actor, ref keys } => self.authorities_set(before, actor, keys),
            Action::SetVerifiers { actor, ref keys } => self.verifiers_set(actor, keys),
            Action::WithdrawTreasury { actor, amount } => self.treasury_withdrawn(before, actor, amount),
        };
        Some(event)
    }
}
