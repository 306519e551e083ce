//! `open_dispute`: challenges a lease with a bond.
//!
//! Promises: only the lease's requester or its voucher signer can, once in the lease's life, until its
//! time to dispute is over; the bond waits in the stake vault for the verdict; the dispute copies
//! every term, so that later changes of parameters do not touch it. It blocks the lease's end and
//! nothing else: vouchers pay and the escrow returns as before. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, DisputeOpened};
use crate::seeds;
use crate::state::{Config, Dispute, Lease};
use crate::vault;
use anchor_lang::prelude::*;
use anchor_spl::token::{Token, TokenAccount};
use mira_core::dispute::{self, DisputeKind};

/// The accounts of `open_dispute`.
#[event_cpi]
#[derive(Accounts)]
pub struct OpenDispute<'info> {
    /// The lease's requester or its voucher signer; pays the bond and the rent.
    #[account(mut)]
    pub challenger: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The lease that is challenged.
    #[account(mut)]
    pub lease: Box<Account<'info, Lease>>,
    /// The dispute, made here.
    #[account(
        init,
        payer = challenger,
        space = Dispute::SPACE,
        seeds = [seeds::DISPUTE, lease.key().as_ref()],
        bump,
    )]
    pub dispute: Box<Account<'info, Dispute>>,
    /// Where the bond comes from: a stake-mint account that the challenger may spend from.
    #[account(mut, constraint = from.mint == config.stake_mint @ MiraError::WrongMint)]
    pub from: Box<Account<'info, TokenAccount>>,
    /// Holds all stake, and the bonds.
    /// CHECK: the network's, by its address.
    #[account(mut, address = config.stake_vault @ MiraError::WrongAccount)]
    pub stake_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl OpenDispute<'_> {
    fn validate(&self, kind: u8) -> Result<DisputeKind> {
        // challenger: signs, by its type; who may is checked below.
        // config: by its seeds.
        // lease: a lease, by its type; dispute is derived from its address.
        // stake_vault: the network's, by its address.
        // dispute: created by its attribute, at the address of this lease, so one at a time.
        // from: of the stake mint, by its attribute; the token program checks that the challenger may spend.
        // token_program, system_program: by their types.
        let challenger = self.challenger.key();
        let may = challenger == self.lease.requester || challenger == self.lease.voucher_signer;
        require!(may, MiraError::WrongSigner);
        Ok(DisputeKind::try_from(kind).map_err(MiraError::from)?)
    }

    /// Takes the bond in, flags the lease and writes the dispute.
    pub fn handle(ctx: Context<OpenDispute>, kind: u8, evidence: [u8; 32]) -> Result<()> {
        let kind = ctx.accounts.validate(kind)?;
        let now = Clock::get()?.unix_timestamp;
        let bump = ctx.bumps.dispute;
        let OpenDispute { challenger, config, lease, dispute, from, stake_vault, .. } = &mut *ctx.accounts;
        let (books, by) = (lease.to_core()?, challenger.key().to_bytes());
        let opened =
            dispute::Dispute::open(&books, by, kind, evidence, now, &config.params()?).map_err(MiraError::from)?;
        vault::pay_in(&from.to_account_info(), stake_vault, challenger, opened.dispute.bond.get())?;
        lease.apply(&opened.lease)?;
        dispute.set_inner(Dispute::begin(lease.key(), lease.provider, &opened.dispute, bump));
        dispute.invariant()?;

        let event = DisputeOpened {
            schema: event::SCHEMA,
            dispute: dispute.key(),
            dispute_seq: dispute.seq,
            lease: lease.key(),
            lease_seq: lease.seq,
            provider: lease.provider,
            challenger: dispute.challenger,
            kind: dispute.kind,
            bond: dispute.bond,
            evidence: dispute.evidence,
            exposure: lease.exposure,
            opened_at: dispute.opened_at,
            respond_until: dispute.respond_until,
            vote_secs: dispute.vote_secs,
            jail_secs: dispute.jail_secs,
            max_slash_bps: dispute.max_slash_bps,
        };
        emit_cpi!(event);
        Ok(())
    }
}
