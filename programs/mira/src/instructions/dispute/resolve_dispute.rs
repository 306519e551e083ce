//! `resolve_dispute`: ends a dispute that is decided or due.
//!
//! Promises: anyone can crank it, and no party can stop it: what it pays goes to any account if the
//! beneficiary signs, and else to the beneficiary's associated account, even one that it has given
//! away. Upheld, it takes at most the lease's exposure, from the owner first and from the pool after
//! that, frees the exposure, jails the provider and gives the bond back; the requester receives at most
//! what the owner itself lost, the rest is burned. Rejected, the bond is the owner's. Dismissed, the bond
//! goes back and nothing else happens. The rent goes to the challenger. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, DisputeResolved};
use crate::guard::payee::require_payee_address;
use crate::seeds;
use crate::state::{Config, Dispute, Lease, Provider, StakePosition};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::dispute::{Resolved, Verdict};

/// The accounts of `resolve_dispute`.
#[event_cpi]
#[derive(Accounts)]
pub struct ResolveDispute<'info> {
    /// Anyone.
    pub actor: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider that is accused.
    #[account(mut)]
    pub provider: Box<Account<'info, Provider>>,
    /// The owner's position, or its empty address if it has none: whoever cranks cannot leave it out.
    /// CHECK: derived by its seeds; `position` reads it.
    #[account(mut, seeds = [seeds::STAKE, provider.key().as_ref(), provider.owner.as_ref()], bump)]
    pub owner_position: UncheckedAccount<'info>,
    /// The lease that is disputed.
    #[account(
        mut,
        seeds = [seeds::LEASE, lease.job.as_ref(), provider.key().as_ref(), lease.nonce.to_le_bytes().as_ref()],
        bump = lease.bump,
    )]
    pub lease: Box<Account<'info, Lease>>,
    /// The dispute, closed here.
    #[account(
        mut,
        close = challenger,
        seeds = [seeds::DISPUTE, lease.key().as_ref()],
        bump = dispute.bump,
        has_one = challenger @ MiraError::WrongAccount,
    )]
    pub dispute: Box<Account<'info, Dispute>>,
    /// Who challenged; gets the rent.
    /// CHECK: the dispute names it, by the dispute's attribute.
    #[account(mut)]
    pub challenger: UncheckedAccount<'info>,
    /// Where the bond goes: the challenger's, or the provider's owner's if the dispute is rejected.
    #[account(mut)]
    pub bond_to: Box<Account<'info, TokenAccount>>,
    /// Where a compensation goes: the requester's, which may be `bond_to` as well. Not needed where
    /// there is none.
    #[account(mut, dup)]
    pub compensation_to: Option<Box<Account<'info, TokenAccount>>>,
    /// The stake mint, whose supply falls by what is burned.
    /// CHECK: the network's, by its address.
    #[account(mut, address = config.stake_mint @ MiraError::WrongMint)]
    pub stake_mint: UncheckedAccount<'info>,
    /// Holds all stake, and the bond.
    /// CHECK: the network's, by its address.
    #[account(mut, address = config.stake_vault @ MiraError::WrongAccount)]
    pub stake_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
}

impl ResolveDispute<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type.
        // config: by its seeds.
        // provider: a provider, by its type; position and lease are derived from its address.
        // stake_vault: the network's, by its address.
        // owner_position: of this provider and its owner, by its seeds.
        // lease: of this provider, by its seeds.
        // dispute: about this lease, by its seeds.
        // challenger: the dispute's, by the dispute's attribute.
        // bond_to, compensation_to: the verdict decides whose they have to be: see `validate_payees`.
        // stake_mint: the network's, by its address.
        // token_program: by its type.
        Ok(())
    }

    /// Moves and burns what core decided; the dispute's account closes by its attribute.
    pub fn handle(ctx: Context<ResolveDispute>) -> Result<()> {
        ctx.accounts.validate()?;
        let now = Clock::get()?.unix_timestamp;
        let accounts = &mut *ctx.accounts;
        let (network, books) = (accounts.config.to_core()?, accounts.dispute.to_core()?);
        let (lease, before) = (accounts.lease.to_core()?, accounts.provider.to_core()?);
        let mut position = accounts.position()?;
        let owner = position.as_ref().map(StakePosition::to_core).unwrap_or_default();
        let resolved = books.resolve(&network, &lease, &before, &owner, now).map_err(MiraError::from)?;
        let bond_to = accounts.bond_goes_to(resolved.verdict);
        accounts.validate_payees(&resolved, &bond_to)?;
        accounts.pay(&resolved)?;
        accounts.provider.apply(&resolved.provider)?;
        accounts.lease.apply(&resolved.lease)?;
        accounts.dispute.apply(&books)?;
        if let (Some(position), Some(slashed)) = (&mut position, &resolved.slashed) {
            position.apply(&slashed.owner)?;
            accounts.write_position(position)?;
        }

        let event = DisputeResolved {
            bond_to,
            total_stake_before: before.pool.total_stake.get(),
            provider_exposure_before: before.exposure.get(),
            ..accounts.event(&resolved, position.as_ref())
        };
        emit_cpi!(event);
        Ok(())
    }

    /// The owner's position, if it has one. Only this program makes accounts at that address.
    fn position(&self) -> Result<Option<StakePosition>> {
        if *self.owner_position.owner != crate::ID {
            return Ok(None);
        }
        let data = self.owner_position.try_borrow_data()?;
        StakePosition::try_deserialize(&mut &data[..]).map(Some)
    }

    fn write_position(&self, position: &StakePosition) -> Result<()> {
        let mut data = self.owner_position.try_borrow_mut_data()?;
        position.try_serialize(&mut &mut data[..])
    }

    /// Whose the bond is.
    fn bond_goes_to(&self, verdict: Verdict) -> Pubkey {
        match verdict {
            Verdict::Upheld | Verdict::Dismissed => self.dispute.challenger,
            Verdict::Rejected => self.provider.owner,
        }
    }

    /// The accounts to pay are those of `bond_to` and, where there is a compensation, of the requester.
    fn validate_payees(&self, resolved: &Resolved, bond_to: &Pubkey) -> Result<()> {
        let (actor, mint) = (self.actor.key, &self.config.stake_mint);
        require_payee_address(&self.bond_to, bond_to, actor, mint)?;
        if !resolved.compensation.is_zero() {
            let to = self.compensation_to.as_ref().ok_or(MiraError::WrongAccount)?;
            require_payee_address(to, &self.lease.requester, actor, mint)?;
        }
        Ok(())
    }

    /// Bond, compensation and burn, each where the verdict sends it. The payees are validated.
    fn pay(&self, resolved: &Resolved) -> Result<()> {
        let (vault, authority) = (&self.stake_vault, self.config.to_account_info());
        let signer: &[&[u8]] = &[seeds::CONFIG, &[self.config.bump]];
        vault::pay_out(vault, &self.bond_to.to_account_info(), &authority, signer, self.dispute.bond)?;
        if let Some(to) = &self.compensation_to {
            vault::pay_out(vault, &to.to_account_info(), &authority, signer, resolved.compensation.get())?;
        }
        vault::burn(vault, &self.stake_mint, &authority, signer, resolved.burned.get())
    }

    /// The event; what was before the transition is the caller's to fill in.
    fn event(&self, resolved: &Resolved, position: Option<&StakePosition>) -> DisputeResolved {
        let (dispute, lease, provider) = (&self.dispute, &self.lease, &self.provider);
        let slashed = resolved.slashed.as_ref();
        DisputeResolved {
            schema: event::SCHEMA,
            dispute: dispute.key(),
            dispute_seq: dispute.seq,
            lease: lease.key(),
            lease_seq: lease.seq,
            provider: provider.key(),
            provider_seq: provider.seq,
            actor: self.actor.key(),
            verdict: resolved.verdict.as_u8(),
            bond: dispute.bond,
            bond_to: Pubkey::default(),
            slashed_own: slashed.map_or(0, |slashed| slashed.from_own.get()),
            slashed_pool: slashed.map_or(0, |slashed| slashed.from_pool.get()),
            burned_shares: slashed.map_or(0, |slashed| slashed.burned_shares.get()),
            compensation: resolved.compensation.get(),
            burned: resolved.burned.get(),
            total_stake_before: 0,
            total_stake_after: provider.total_stake,
            total_shares_after: provider.total_shares,
            own_shares_after: provider.own_shares,
            reward_index: position.map_or(0, |position| position.reward_entry),
            owner_owed_after: position.map_or(0, |position| position.reward_owed),
            provider_exposure_before: 0,
            provider_exposure_after: provider.exposure,
            status: provider.status,
            jailed_until: provider.jailed_until,
        }
    }
}
