//! `init_fee_shard`: creates one of the sixteen fee shards and its vault.
//!
//! Promises: anyone may pay for it; each shard is made once; a lease's shard must exist before the
//! lease can settle.

use crate::error::MiraError;
use crate::event::{self, FeeShardInitialized};
use crate::guard::mint::ClassicMint;
use crate::seeds;
use crate::state::{Config, FeeShard};
use crate::vault::NewVault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::fee_shard::FEE_SHARDS;

/// The accounts of `init_fee_shard`.
#[event_cpi]
#[derive(Accounts)]
#[instruction(shard: u8)]
pub struct InitFeeShard<'info> {
    /// Pays the rent.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The shard, made here.
    #[account(init, payer = payer, space = FeeShard::SPACE, seeds = [seeds::FEES, &[shard]], bump)]
    pub fee_shard: Box<Account<'info, FeeShard>>,
    /// The network's payment mint.
    #[account(address = config.payment_mint @ MiraError::WrongMint)]
    pub payment_mint: Box<InterfaceAccount<'info, ClassicMint>>,
    /// Holds the shard's fees, made here.
    /// CHECK: derived by its seeds; `vault` creates it and fails if it exists.
    #[account(mut, seeds = [seeds::FEE_VAULT, &[shard]], bump)]
    pub fee_vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl InitFeeShard<'_> {
    fn validate(&self, shard: u8) -> Result<()> {
        // payer: signs, by its type.
        // config: by its seeds.
        // fee_shard: created by its attribute, at the address of this shard.
        // payment_mint: the network's, by its attribute.
        // fee_vault: by its seeds.
        // token_program, system_program: by their types.
        require_gt!(FEE_SHARDS, shard, MiraError::InvalidParams);
        Ok(())
    }

    /// Makes the shard and its vault.
    pub fn handle(ctx: Context<InitFeeShard>, shard: u8) -> Result<()> {
        ctx.accounts.validate(shard)?;
        let InitFeeShardBumps { fee_shard: bump, fee_vault: vault_bump, .. } = ctx.bumps;
        let accounts = &mut *ctx.accounts;
        NewVault {
            vault: &accounts.fee_vault,
            mint: accounts.payment_mint.as_ref().as_ref(),
            authority: accounts.fee_shard.as_ref().as_ref(),
            payer: &accounts.payer,
            token_program: &accounts.token_program,
            system_program: &accounts.system_program,
        }
        .create(&[seeds::FEE_VAULT, &[shard], &[vault_bump]])?;
        accounts.fee_shard.set_inner(FeeShard { shard, collected: 0, swept: 0, seq: 1, bump, vault_bump });
        accounts.fee_shard.invariant()?;
        let event = FeeShardInitialized {
            schema: event::SCHEMA,
            fee_shard: accounts.fee_shard.key(),
            fee_shard_seq: accounts.fee_shard.seq,
            payer: accounts.payer.key(),
            shard,
        };
        emit_cpi!(event);
        Ok(())
    }
}
