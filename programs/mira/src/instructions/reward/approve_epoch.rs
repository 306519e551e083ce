//! `approve_epoch`: records a reward authority's approval of an epoch.
//!
//! Promises: only a reward authority approves, and its last word alone counts; what is approved is the
//! hash of everything the epoch says, so that a majority for one root never carries another total. A
//! strict majority starts the challenge window, with the reward share of that moment. Nothing moves.

use crate::error::MiraError;
use crate::event::{self, EpochApproved};
use crate::hash::Syscall;
use crate::seeds;
use crate::state::{Config, Epoch, RewardState};
use anchor_lang::prelude::*;
use mira_core::epoch::Approval;
use mira_core::rewards::Rewards;
use mira_core::Hash;

/// The accounts of `approve_epoch`.
#[event_cpi]
#[derive(Accounts)]
pub struct ApproveEpoch<'info> {
    /// A reward authority.
    pub authority: Signer<'info>,
    /// The network; names the authorities.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The epochs' books.
    #[account(mut, seeds = [seeds::REWARDS], bump = rewards.bump)]
    pub rewards: Box<Account<'info, RewardState>>,
}

impl ApproveEpoch<'_> {
    fn validate(&self) -> Result<()> {
        // authority: signs, by its type; one of the network's, by core.
        // config, rewards: by their seeds.
        Ok(())
    }

    /// Records the approval; with a strict majority the epoch becomes pending.
    pub fn handle(ctx: Context<ApproveEpoch>, epoch: Epoch) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let ApproveEpoch { authority, config, rewards, .. } = &mut *ctx.accounts;
        let (network, before, proposed) = (config.to_core()?, rewards.to_core()?, epoch.to_core());
        let digest = proposed.digest::<Syscall>();
        let (keys, params) = (&network.reward_authorities, &network.params.reward);
        let approval = (authority.key().to_bytes(), digest);
        let epochs = before.epochs.approve(keys, approval, &proposed, now, params).map_err(MiraError::from)?;
        let approvals = agreeing(&epochs.approvals, &digest)?;
        rewards.apply(&Rewards { epochs, ..before })?;

        let event = EpochApproved {
            schema: event::SCHEMA,
            rewards: rewards.key(),
            rewards_seq: rewards.seq,
            actor: authority.key(),
            epoch,
            digest,
            approvals,
            pending: rewards.pending.is_some(),
            share_bps: rewards.pending.map_or(0, |pending| pending.share_bps),
            final_from: rewards.pending.map_or(0, |pending| pending.final_from),
            stale_from: rewards.pending.map_or(0, |pending| pending.stale_from),
        };
        emit_cpi!(event);
        Ok(())
    }
}

/// How many approve `digest`.
fn agreeing(approvals: &[Approval], digest: &Hash) -> Result<u8> {
    let count = approvals.iter().filter(|approval| approval.digest == *digest).count();
    u8::try_from(count).map_err(|_| error!(MiraError::MathOverflow))
}
