//! `create_job`: creates a job and its empty vault.
//!
//! Promises: the requester signs and pays the rent, and gets it back; the id carries the time of its
//! making, so that no job address is ever used twice; the job names its own dispatcher, or none.

use crate::error::MiraError;
use crate::event::{self, JobCreated};
use crate::guard::mint::ClassicMint;
use crate::seeds;
use crate::state::{Config, Job};
use crate::vault::NewVault;
use anchor_lang::prelude::*;
use anchor_spl::token::Token;
use mira_core::amount::{Bps, Stake, UnitPrice};
use mira_core::job::{self, JobTerms};
use mira_core::tier::{Tier, UnitKind};

/// What the requester asks for.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CreateJobArgs {
    /// `job_id >> 24` is the unix second of its making; the low 24 bits are free.
    pub job_id: u64,
    /// The hot key whose vouchers pay.
    pub voucher_signer: Pubkey,
    /// Who may match besides the requester, if anyone.
    pub dispatcher: Option<Pubkey>,
    /// Hash of the job's specification.
    pub spec_hash: [u8; 32],
    /// `mira_core::tier::Tier` as u8.
    pub tier: u8,
    /// `mira_core::tier::UnitKind` as u8.
    pub unit_kind: u8,
    /// Payment base units per 1,000,000 units of the dearest lease it takes.
    pub max_unit_price: u64,
    /// The least active stake of a provider it trusts, in stake base units.
    pub min_provider_stake: u64,
    /// The largest part of its funding that one lease may reserve, of 10,000.
    pub max_share_bps: u16,
    /// How many leases may be open at once.
    pub max_leases: u16,
    /// Unix second after which nothing runs.
    pub deadline: i64,
}

/// The accounts of `create_job`.
#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateJobArgs)]
pub struct CreateJob<'info> {
    /// Owns the escrow; pays the rent.
    #[account(mut)]
    pub requester: Signer<'info>,
    /// The network.
    #[account(seeds = [seeds::CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The job, made here.
    #[account(
        init,
        payer = requester,
        space = Job::SPACE,
        seeds = [seeds::JOB, requester.key().as_ref(), args.job_id.to_le_bytes().as_ref()],
        bump,
    )]
    pub job: Box<Account<'info, Job>>,
    /// The network's payment mint.
    #[account(address = config.payment_mint @ MiraError::WrongMint)]
    pub payment_mint: Box<InterfaceAccount<'info, ClassicMint>>,
    /// The job's vault, made here.
    /// CHECK: derived by its seeds; `vault` creates it and fails if it exists.
    #[account(mut, seeds = [seeds::ESCROW, job.key().as_ref()], bump)]
    pub vault: UncheckedAccount<'info>,
    /// The classic SPL Token program.
    pub token_program: Program<'info, Token>,
    /// The system program.
    pub system_program: Program<'info, System>,
}

impl CreateJob<'_> {
    fn validate(&self, args: &CreateJobArgs) -> Result<JobTerms> {
        // requester: signs, by its type.
        // config: by its seeds.
        // job: created by its attribute, at the address of this requester and id.
        // payment_mint: the network's, by its attribute.
        // vault: by its seeds.
        // token_program, system_program: by their types.
        self.config.require_running()?;
        Ok(JobTerms {
            requester: self.requester.key().to_bytes(),
            job_id: args.job_id,
            voucher_signer: args.voucher_signer.to_bytes(),
            dispatcher: args.dispatcher.map(|key| key.to_bytes()),
            spec_hash: args.spec_hash,
            tier: Tier::try_from(args.tier).map_err(MiraError::from)?,
            unit_kind: UnitKind::try_from(args.unit_kind).map_err(MiraError::from)?,
            max_unit_price: UnitPrice::new(args.max_unit_price),
            min_provider_stake: Stake::new(args.min_provider_stake),
            max_share: Bps::new(args.max_share_bps).ok_or(MiraError::ShareOutOfRange)?,
            max_leases: args.max_leases,
            deadline: args.deadline,
        })
    }

    /// Writes the job and makes its vault.
    pub fn handle(ctx: Context<CreateJob>, args: CreateJobArgs) -> Result<()> {
        let terms = ctx.accounts.validate(&args)?;
        let now = Clock::get()?.unix_timestamp;
        let books = job::Job::create(&terms, now, &ctx.accounts.config.params()?).map_err(MiraError::from)?;
        let CreateJobBumps { job: bump, vault: vault_bump, .. } = ctx.bumps;
        let accounts = &mut *ctx.accounts;
        NewVault {
            vault: &accounts.vault,
            mint: accounts.payment_mint.as_ref().as_ref(),
            authority: accounts.job.as_ref().as_ref(),
            payer: &accounts.requester,
            token_program: &accounts.token_program,
            system_program: &accounts.system_program,
        }
        .create(&[seeds::ESCROW, accounts.job.key().as_ref(), &[vault_bump]])?;
        accounts.job.set_inner(new_job(&args, &terms, &books, bump, vault_bump));
        accounts.job.invariant()?;
        let event = accounts.event();
        emit_cpi!(event);
        Ok(())
    }

    fn event(&self) -> JobCreated {
        let job = &self.job;
        JobCreated {
            schema: event::SCHEMA,
            job: job.key(),
            job_seq: job.seq,
            requester: job.requester,
            job_id: job.job_id,
            voucher_signer: job.voucher_signer,
            dispatcher: job.dispatcher,
            spec_hash: job.spec_hash,
            tier: job.tier,
            unit_kind: job.unit_kind,
            max_unit_price: job.max_unit_price,
            min_provider_stake: job.min_provider_stake,
            max_share_bps: job.max_share_bps,
            max_leases: job.max_leases,
            created_at: job.created_at,
            deadline: job.deadline,
            young_until: job.young_until,
            due_at: job.due_at,
        }
    }
}

fn new_job(args: &CreateJobArgs, terms: &JobTerms, books: &job::Job, bump: u8, vault_bump: u8) -> Job {
    Job {
        requester: Pubkey::from(terms.requester),
        job_id: args.job_id,
        voucher_signer: args.voucher_signer,
        dispatcher: args.dispatcher,
        spec_hash: args.spec_hash,
        tier: args.tier,
        unit_kind: args.unit_kind,
        max_unit_price: args.max_unit_price,
        funded: books.funded.get(),
        committed: books.committed.get(),
        paid: books.paid.get(),
        refunded: books.refunded.get(),
        min_provider_stake: args.min_provider_stake,
        max_share_bps: args.max_share_bps,
        max_leases: args.max_leases,
        open_leases: books.open_leases,
        leases_total: books.leases_total,
        created_at: books.created_at,
        deadline: books.deadline,
        young_until: books.young_until,
        due_at: books.due_at,
        closing_at: books.closing_at,
        status: books.status.as_u8(),
        seq: 1,
        bump,
        vault_bump,
    }
}
