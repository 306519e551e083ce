//! `set_pause`: stops everything new, or lets it begin again.
//!
//! Promises: guardian or admin pause, only the admin resumes. A pause stops `register_provider`,
//! `stake`, `create_job`, `fund_job`, `extend_job` and `open_lease`, and nothing else: what exists is
//! settled, disputed, rewarded and ended as ever, and everybody can leave.

use crate::error::MiraError;
use crate::event::{self, PauseSet};
use crate::seeds;
use crate::state::Config;
use anchor_lang::prelude::*;

/// The accounts of `set_pause`.
#[event_cpi]
#[derive(Accounts)]
pub struct SetPause<'info> {
    /// The admin, or the guardian to pause.
    pub actor: Signer<'info>,
    /// The network.
    #[account(mut, seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
}

impl SetPause<'_> {
    fn validate(&self) -> Result<()> {
        // actor: signs, by its type; what it may do is core's to say.
        // config: by its seeds.
        Ok(())
    }

    /// Writes whether the network is paused.
    pub fn handle(ctx: Context<SetPause>, paused: bool) -> Result<()> {
        ctx.accounts.validate()?;
        let SetPause { actor, config, .. } = &mut *ctx.accounts;
        let after = config.to_core()?.set_pause(&actor.key().to_bytes(), paused).map_err(MiraError::from)?;
        config.apply(&after)?;

        let event = PauseSet {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            actor: actor.key(),
            paused: config.paused,
        };
        emit_cpi!(event);
        Ok(())
    }
}
