//! `register_provider`: creates a provider without stake.
//!
//! Promises: the owner signs and pays; the account is never closed, so an identity is made once; the
//! payout account takes the payment mint. It opens no lease until its owner has staked `min_stake`.

use crate::error::MiraError;
use crate::event::{self, ProviderRegistered};
use crate::seeds;
use crate::state::{Config, Provider};
use anchor_lang::prelude::*;
use anchor_spl::token::TokenAccount;
use mira_core::amount::Bps;
use mira_core::label::Label;
use mira_core::provider::ProviderStatus;

/// What the provider says of itself.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct RegisterProviderArgs {
    /// The hot key: accepts leases and signs usage, cannot move stake.
    pub operator: Pubkey,
    /// The owner's part of what delegators earn, of 10,000.
    pub commission_bps: u16,
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub resource_class: [u8; 16],
    /// Zero-padded ASCII, `mira_core::label::Label`.
    pub region: [u8; 16],
    /// Hash of what the provider publishes about itself.
    pub metadata_hash: [u8; 32],
}

/// The accounts of `register_provider`.
#[event_cpi]
#[derive(Accounts)]
pub struct RegisterProvider<'info> {
    /// The cold key; pays the rent, which is the price of the identity.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The provider, made here.
    #[account(init, payer = owner, space = Provider::SPACE, seeds = [seeds::PROVIDER, owner.key().as_ref()], bump)]
    pub provider: Box<Account<'info, Provider>>,
    /// The account that settlements pay: any of the payment mint.
    #[account(constraint = payout.mint == config.payment_mint @ MiraError::WrongMint)]
    pub payout: Box<Account<'info, TokenAccount>>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl RegisterProvider<'_> {
    fn validate(&self, args: &RegisterProviderArgs) -> Result<()> {
        // owner: signs, by its type.
        // config: by its seeds.
        // provider: created by its attribute, at the owner's address.
        // payout: a classic token account, by its type, of the payment mint, by its attribute.
        // system_program: by its type.
        self.config.require_running()?;
        Label::validate(&args.resource_class).map_err(MiraError::from)?;
        Label::validate(&args.region).map_err(MiraError::from)?;
        require!(Bps::new(args.commission_bps).is_some(), MiraError::ShareOutOfRange);
        Ok(())
    }

    /// Writes the provider.
    pub fn handle(ctx: Context<RegisterProvider>, args: RegisterProviderArgs) -> Result<()> {
        ctx.accounts.validate(&args)?;
        let bump = ctx.bumps.provider;
        let accounts = &mut *ctx.accounts;
        let provider = accounts.new_provider(args, bump)?;
        accounts.provider.set_inner(provider);
        let provider = &accounts.provider;
        provider.invariant()?;
        let event = ProviderRegistered {
            schema: event::SCHEMA,
            provider: provider.key(),
            provider_seq: provider.seq,
            owner: provider.owner,
            operator: provider.operator,
            payout: provider.payout,
            commission_bps: provider.commission_bps,
            resource_class: provider.resource_class,
            region: provider.region,
            metadata_hash: provider.metadata_hash,
            registered_at: provider.registered_at,
        };
        emit_cpi!(event);
        Ok(())
    }

    fn new_provider(&self, args: RegisterProviderArgs, bump: u8) -> Result<Provider> {
        Ok(Provider {
            owner: self.owner.key(),
            operator: args.operator,
            payout: self.payout.key(),
            status: ProviderStatus::Active.as_u8(),
            jailed_until: 0,
            total_stake: 0,
            total_shares: 0,
            unbonding_shares: 0,
            own_shares: 0,
            exposure: 0,
            commission_bps: args.commission_bps,
            next_commission_bps: args.commission_bps,
            next_commission_from: 0,
            reward_index: 0,
            claimed: 0,
            open_leases: 0,
            resource_class: args.resource_class,
            region: args.region,
            metadata_hash: args.metadata_hash,
            registered_at: Clock::get()?.unix_timestamp,
            seq: 1,
            bump,
        })
    }
}
