//! `set_verifiers`: replaces the keys that judge contested disputes.
//!
//! Promises: only the admin can do it; the set gets a new number, so that votes under the old one count
//! no more and disputes contested under it can only be dismissed: nobody is judged by a bench that was
//! chosen after the plea.

use crate::error::MiraError;
use crate::event::{self, VerifiersSet};
use crate::seeds;
use crate::state::Config;
use anchor_lang::prelude::*;

/// The accounts of `set_verifiers`.
#[event_cpi]
#[derive(Accounts)]
pub struct SetVerifiers<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl SetVerifiers<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config: by its seeds.
        self.config.require_admin(&self.admin.key())
    }

    /// Writes the keys, all of them.
    pub fn handle(ctx: Context<SetVerifiers>, keys: Vec<Pubkey>) -> Result<()> {
        ctx.accounts.validate()?;
        let SetVerifiers { admin, config, .. } = &mut *ctx.accounts;
        let keys: Vec<_> = keys.iter().map(Pubkey::to_bytes).collect();
        let after = config.to_core()?.set_verifiers(&keys).map_err(MiraError::from)?;
        config.apply(&after)?;

        let event = VerifiersSet {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: admin.key(),
            verifier_set: config.verifier_set,
            verifiers: config.verifiers.clone(),
        };
        emit_cpi!(event);
        Ok(())
    }
}
