//! `update_params`: changes the parameters of everything to come.
//!
//! Promises: only the admin can do it; every parameter keeps the hard bounds of the network's
//! profile; what exists keeps the deadlines and rates that it was made with; the window of job ids
//! never grows, so that no id of a closed job is new again.

use crate::error::MiraError;
use crate::event::{self, ParamsUpdated};
use crate::seeds;
use crate::state::{Config, NetworkParams};
use anchor_lang::prelude::*;

/// The accounts of `update_params`.
#[event_cpi]
#[derive(Accounts)]
pub struct UpdateParams<'info> {
    /// Governs.
    pub admin: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl UpdateParams<'_> {
    fn validate(&self) -> Result<()> {
        // admin: signs, by its type; governs, checked here.
        // config: by its seeds.
        self.config.require_admin(&self.admin.key())
    }

    /// Writes the parameters, all of them.
    pub fn handle(ctx: Context<UpdateParams>, params: NetworkParams) -> Result<()> {
        ctx.accounts.validate()?;
        let UpdateParams { admin, config, .. } = &mut *ctx.accounts;
        let params_before = config.params;
        let after = config.to_core()?.update_params(params.to_core()?).map_err(MiraError::from)?;
        config.apply(&after)?;

        let event = ParamsUpdated {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: admin.key(),
            params_before,
            params_after: config.params,
        };
        emit_cpi!(event);
        Ok(())
    }
}
