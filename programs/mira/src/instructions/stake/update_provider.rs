//! `update_provider`: changes what a provider says of itself, who works for it and whom settlements pay.
//!
//! Promises: only the owner can do it; what is not named stays; a higher commission waits for as long
//! as unbonding takes, so that delegators can leave first; nobody leaves jail early; leases that exist
//! keep their terms. Nothing can pause it.

use crate::error::MiraError;
use crate::event::{self, ProviderUpdated};
use crate::seeds;
use crate::state::{Config, Provider};
use anchor_lang::prelude::*;
use anchor_spl::token::TokenAccount;
use mira_core::amount::Bps;
use mira_core::label::Label;
use mira_core::provider::ProviderUpdate;

/// What changes; what is `None` stays as it is.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug, Default)]
pub struct UpdateProviderArgs {
    /// Another hot key.
    pub operator: Option<Pubkey>,
    /// Runs dry, or takes leases again.
    pub draining: Option<bool>,
    /// The owner's part of what delegators earn, of 10,000.
    pub commission_bps: Option<u16>,
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub resource_class: Option<[u8; 16]>,
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub region: Option<[u8; 16]>,
    /// Hash of what the provider publishes about itself.
    pub metadata_hash: Option<[u8; 32]>,
}

/// The accounts of `update_provider`.
#[event_cpi]
#[derive(Accounts)]
pub struct UpdateProvider<'info> {
    /// The cold key.
    pub owner: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider.
    #[account(
        mut,
        seeds = [seeds::PROVIDER, provider.owner.as_ref()],
        bump = provider.bump,
        has_one = owner @ MiraError::WrongSigner,
    )]
    pub provider: Box<Account<'info, Provider>>,
    /// Another account that settlements pay, if any is given: any of the payment mint.
    #[account(constraint = payout.mint == config.payment_mint @ MiraError::WrongMint)]
    pub payout: Option<Box<Account<'info, TokenAccount>>>,
}

impl UpdateProvider<'_> {
    fn validate(&self, args: &UpdateProviderArgs) -> Result<ProviderUpdate> {
        // owner: signs, by its type; the provider's, by the provider's attribute.
        // config, provider: by their seeds.
        // payout: a classic token account, by its type, of the payment mint, by its attribute.
        for label in [&args.resource_class, &args.region].into_iter().flatten() {
            Label::validate(label).map_err(MiraError::from)?;
        }
        let commission = match args.commission_bps {
            Some(bps) => Some(Bps::new(bps).ok_or(MiraError::ShareOutOfRange)?),
            None => None,
        };
        Ok(ProviderUpdate { draining: args.draining, commission })
    }

    /// Writes what changes.
    pub fn handle(ctx: Context<UpdateProvider>, args: UpdateProviderArgs) -> Result<()> {
        let update = ctx.accounts.validate(&args)?;
        let now = Clock::get()?.unix_timestamp;
        let UpdateProvider { owner, config, provider, payout, .. } = &mut *ctx.accounts;
        let settings_before = provider.settings();
        let books = provider.to_core()?.update(&update, now, &config.params()?).map_err(MiraError::from)?;
        provider.operator = args.operator.unwrap_or(provider.operator);
        provider.payout = payout.as_ref().map_or(provider.payout, |payout| payout.key());
        provider.resource_class = args.resource_class.unwrap_or(provider.resource_class);
        provider.region = args.region.unwrap_or(provider.region);
        provider.metadata_hash = args.metadata_hash.unwrap_or(provider.metadata_hash);
        provider.apply(&books)?;

        let event = ProviderUpdated {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            actor: owner.key(),
            jailed_until: provider.jailed_until,
            settings_before,
            settings_after: provider.settings(),
        };
        emit_cpi!(event);
        Ok(())
    }
}
