//! `accept_admin`: makes the proposed admin the admin.
//!
//! Promises: only the proposed key can do it, which proves that somebody holds it; the old admin has
//! no right left. The guardian stays.

use crate::error::MiraError;
use crate::event::{self, AdminAccepted};
use crate::seeds;
use crate::state::Config;
use anchor_lang::prelude::*;

/// The accounts of `accept_admin`.
#[event_cpi]
#[derive(Accounts)]
pub struct AcceptAdmin<'info> {
    /// The proposed key.
    pub pending_admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl AcceptAdmin<'_> {
    fn validate(&self) -> Result<()> {
        // pending_admin: signs, by its type; whether it is the proposed one is core's to say.
        // config: by its seeds.
        Ok(())
    }

    /// Writes the new admin.
    pub fn handle(ctx: Context<AcceptAdmin>) -> Result<()> {
        ctx.accounts.validate()?;
        let AcceptAdmin { pending_admin, config, .. } = &mut *ctx.accounts;
        let admin_before = config.admin;
        let after = config.to_core()?.accept_admin(&pending_admin.key().to_bytes()).map_err(MiraError::from)?;
        config.apply(&after)?;

        let event = AdminAccepted {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: pending_admin.key(),
            admin_before,
        };
        emit_cpi!(event);
        Ok(())
    }
}
