//! `propose_admin`: names the next admin, or takes a proposal back.
//!
//! Promises: only the admin can do it; nothing changes hands until the proposed key accepts, so a
//! mistyped key costs nothing. Naming the present admin takes the proposal back.

use crate::event::{self, AdminProposed};
use crate::seeds;
use crate::state::Config;
use anchor_lang::prelude::*;

/// The accounts of `propose_admin`.
#[event_cpi]
#[derive(Accounts)]
pub struct ProposeAdmin<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl ProposeAdmin<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config: by its seeds.
        self.config.require_admin(&self.admin.key())
    }

    /// Writes who may accept.
    pub fn handle(ctx: Context<ProposeAdmin>, next: Pubkey) -> Result<()> {
        ctx.accounts.validate()?;
        let ProposeAdmin { admin, config, .. } = &mut *ctx.accounts;
        let pending_before = config.pending_admin;
        let after = config.to_core()?.propose_admin(next.to_bytes());
        config.apply(&after)?;

        let event = AdminProposed {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: admin.key(),
            pending_before,
            pending_after: config.pending_admin,
        };
        emit_cpi!(event);
        Ok(())
    }
}
