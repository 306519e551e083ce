//! `set_guardian`: names another guardian.
//!
//! Promises: only the admin can do it. The guardian can stop things (new commitments, a pending reward
//! epoch) and start nothing.

use crate::error::MiraError;
use crate::event::{self, GuardianSet};
use crate::seeds;
use crate::state::Config;
use anchor_lang::prelude::*;

/// The accounts of `set_guardian`.
#[event_cpi]
#[derive(Accounts)]
pub struct SetGuardian<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl SetGuardian<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config: by its seeds.
        self.config.require_admin(&self.admin.key())
    }

    /// Writes the guardian.
    pub fn handle(ctx: Context<SetGuardian>, guardian: Pubkey) -> Result<()> {
        ctx.accounts.validate()?;
        let SetGuardian { admin, config, .. } = &mut *ctx.accounts;
        let guardian_before = config.guardian;
        let after = config.to_core()?.set_guardian(guardian.to_bytes()).map_err(MiraError::from)?;
        config.apply(&after)?;

        let event = GuardianSet {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: admin.key(),
            guardian_before,
            guardian_after: config.guardian,
        };
        emit_cpi!(event);
        Ok(())
    }
}
