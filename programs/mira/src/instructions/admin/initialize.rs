//! `initialize`: creates the network, once.
//!
//! Promises: only the program's upgrade authority can do it, so nobody can run ahead with its own
//! mints; both mints are classic SPL mints, and what is staked can be burned; every parameter keeps its hard bounds; the authority
//! becomes the admin, and the guardian until it names another.

use crate::error::MiraError;
use crate::event::{self, NetworkInitialized};
use crate::guard::mint::{require_burnable, ClassicMint};
use crate::seeds;
use crate::state::{Config, NetworkParams, RewardState, VERSION};
use crate::vault::NewVault;
use anchor_lang::prelude::*;
use anchor_lang::solana_program::bpf_loader_upgradeable;
use anchor_spl::token::Token;
use mira_core::params::Profile;

/// What the network is to be.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct InitializeArgs {
    /// `mira_core::params::Profile` as u8: 0 public, 1 local. Never changes.
    pub profile: u8,
    /// The genesis hash of the cluster that this runs on.
    pub cluster_id: [u8; 32],
    /// The first parameters.
    pub params: NetworkParams,
}

/// The accounts of `initialize`.
#[event_cpi]
#[derive(Accounts)]
pub struct Initialize<'info> {
    /// The program's upgrade authority; pays the rent and becomes the admin.
    #[account(mut)]
    pub authority: Signer<'info>,
    /// The loader's record of this program, which names the upgrade authority.
    #[account(
        seeds = [crate::ID.as_ref()],
        bump,
        seeds::program = bpf_loader_upgradeable::ID,
        constraint = program_data.upgrade_authority_address == Some(authority.key()) @ MiraError::NotUpgradeAuthority,
    )]
    pub program_data: Box<Account<'info, ProgramData>>,
    /// The network, made here.
    #[account(init, payer = authority, space = Config::SPACE, seeds = [seeds::CONFIG], bump)]
    pub config: Box<Account<'info, Config>>,
    /// The reward vault's books, made here.
    #[account(init, payer = authority, space = RewardState::SPACE, seeds = [seeds::REWARDS], bump)]
    pub rewards: Box<Account<'info, RewardState>>,
    /// The network's own token.
    pub stake_mint: Box<InterfaceAccount<'info, ClassicMint>>,
    /// What requesters pay in; may be the same mint.
    pub payment_mint: Box<InterfaceAccount<'info, ClassicMint>>,
    /// Holds all stake, made here.
    /// CHECK: derived by its seeds; `vault` creates it and fails if it exists.
    #[account(mut, seeds = [seeds::STAKE_VAULT], bump)]
    pub stake_vault: UncheckedAccount<'info>,
    /// Holds swept fees, made here.
    /// CHECK: derived by its seeds; `vault` creates it and fails if it exists.
    #[account(mut, seeds = [seeds::REWARD_VAULT], bump)]
    pub reward_vault: UncheckedAccount<'info>,
    /// Holds what rewards leave of the fees, made here.
    /// CHECK: derived by its seeds; `vault` creates it and fails if it exists.
    #[account(mut, seeds = [seeds::TREASURY], bump)]
    pub treasury: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl Initialize<'_> {
    fn validate(&self, args: &InitializeArgs) -> Result<()> {
        // authority: signs, by its type; is the upgrade authority, by program_data's constraint.
        // program_data: the loader's own, by its seeds and its type.
        // config, rewards: created by their attributes, so there is one network.
        // stake_mint, payment_mint: classic, by their type; that stake can be burned is checked below.
        // stake_vault, reward_vault, treasury: by their seeds.
        // token_program, system_program: by their types.
        require_burnable(&self.stake_mint.key())?;
        let profile = Profile::try_from(args.profile).map_err(MiraError::from)?;
        args.params.to_core()?.validate(profile).map_err(MiraError::from)?;
        require!(args.cluster_id != [0; 32], MiraError::InvalidParams);
        Ok(())
    }

    /// Writes the network and makes its vaults.
    pub fn handle(ctx: Context<Initialize>, args: InitializeArgs) -> Result<()> {
        ctx.accounts.validate(&args)?;
        let bumps = ctx.bumps;
        let accounts = &mut *ctx.accounts;
        accounts.make_vaults(&bumps)?;
        let config = accounts.new_config(args, &bumps);
        accounts.config.set_inner(config);
        accounts.config.invariant()?;
        let now = Clock::get()?.unix_timestamp;
        accounts.rewards.set_inner(RewardState::begin(now, bumps.rewards, bumps.reward_vault));
        accounts.rewards.invariant()?;
        let event = accounts.event();
        emit_cpi!(event);
        Ok(())
    }

    fn make_vaults(&self, bumps: &InitializeBumps) -> Result<()> {
        let (stake, payment) = (self.stake_mint.as_ref().as_ref(), self.payment_mint.as_ref().as_ref());
        let (config, rewards) = (self.config.as_ref().as_ref(), self.rewards.as_ref().as_ref());
        let vault = |vault, mint, authority| NewVault {
            vault,
            mint,
            authority,
            payer: &self.authority,
            token_program: &self.token_program,
            system_program: &self.system_program,
        };
        vault(&self.stake_vault, stake, config).create(&[seeds::STAKE_VAULT, &[bumps.stake_vault]])?;
        vault(&self.reward_vault, payment, rewards).create(&[seeds::REWARD_VAULT, &[bumps.reward_vault]])?;
        vault(&self.treasury, payment, config).create(&[seeds::TREASURY, &[bumps.treasury]])
    }

    fn new_config(&self, args: InitializeArgs, bumps: &InitializeBumps) -> Config {
        Config {
            version: VERSION,
            bump: bumps.config,
            treasury_bump: bumps.treasury,
            seq: 1,
            profile: args.profile,
            paused: false,
            admin: self.authority.key(),
            pending_admin: None,
            guardian: self.authority.key(),
            stake_mint: self.stake_mint.key(),
            payment_mint: self.payment_mint.key(),
            stake_vault: self.stake_vault.key(),
            cluster_id: args.cluster_id,
            params: args.params,
            verifier_set: 0,
            reward_authorities: Vec::new(),
            verifiers: Vec::new(),
        }
    }

    fn event(&self) -> NetworkInitialized {
        let config = &self.config;
        NetworkInitialized {
            schema: event::SCHEMA,
            config: config.key(),
            config_seq: config.seq,
            admin: config.admin,
            stake_mint: config.stake_mint,
            payment_mint: config.payment_mint,
            cluster_id: config.cluster_id,
            profile: config.profile,
            params: config.params,
            rewards: self.rewards.key(),
            rewards_last_at: self.rewards.last_at,
        }
    }
}
