//! Steps of requesters.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::{ix, pda};
use mira_core::amount::{Bps, Payment, Stake, UnitPrice};
use mira_core::job::{JobTerms, job_id};
use mira_core::ledger::Action;
use mira_core::tier::{Tier, UnitKind};
use solana_sdk::pubkey::Pubkey;

/// What a well-behaved requester asks for at `now`: two leases of at most 60 % each, at most 100 a
/// million units, for 500 seconds.
pub fn terms(requester: &Actor, signer: &Actor, dispatcher: Option<&Actor>, now: i64) -> JobTerms {
    JobTerms {
        requester: requester.key(),
        job_id: job_id(now, 1).unwrap(),
        voucher_signer: signer.key(),
        dispatcher: dispatcher.map(Actor::key),
        spec_hash: [0x5e; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(100),
        min_provider_stake: Stake::new(1_000),
        max_share: Bps::new(6_000).unwrap(),
        max_leases: 2,
        deadline: now + 500,
    }
}

impl World {
    /// `create_job`.
    pub fn create_job(&self, requester: &Actor, terms: &JobTerms) -> Step {
        let args = ix::CreateJobArgs {
            job_id: terms.job_id,
            voucher_signer: Pubkey::from(terms.voucher_signer),
            dispatcher: terms.dispatcher.map(Pubkey::from),
            spec_hash: terms.spec_hash,
            tier: terms.tier.as_u8(),
            unit_kind: terms.unit_kind.as_u8(),
            max_unit_price: terms.max_unit_price.get(),
            min_provider_stake: terms.min_provider_stake.get(),
            max_share_bps: terms.max_share.get(),
            max_leases: terms.max_leases,
            deadline: terms.deadline,
        };
        let instruction = ix::create_job(&requester.pubkey(), &self.payment_mint, args);
        let job = pda::job(&requester.pubkey(), terms.job_id).to_bytes();
        Step::new(Action::CreateJob { job, terms: *terms }, instruction, requester)
    }

    /// `fund_job`, from the funder's associated account.
    pub fn fund_job(&self, funder: &Actor, job: &Pubkey, amount: u64) -> Step {
        let key = funder.pubkey();
        let instruction = ix::fund_job(&key, job, &self.payment_purse(&key), amount);
        Step::new(Action::FundJob { job: job.to_bytes(), amount: Payment::new(amount) }, instruction, funder)
    }

    /// `extend_job`.
    pub fn extend_job(&self, actor: &Actor, job: &Pubkey, deadline: i64) -> Step {
        let instruction = ix::extend_job(&actor.pubkey(), job, deadline);
        Step::new(Action::ExtendJob { job: job.to_bytes(), actor: actor.key(), deadline }, instruction, actor)
    }

    /// `update_job`.
    pub fn update_job(
        &self,
        actor: &Actor,
        job: &Pubkey,
        voucher_signer: &Pubkey,
        dispatcher: Option<&Pubkey>,
    ) -> Step {
        let instruction = ix::update_job(&actor.pubkey(), job, voucher_signer, dispatcher);
        let action = Action::UpdateJob {
            job: job.to_bytes(),
            actor: actor.key(),
            voucher_signer: voucher_signer.to_bytes(),
            dispatcher: dispatcher.map(Pubkey::to_bytes),
        };
        Step::new(action, instruction, actor)
    }

    /// `begin_close_job`.
    pub fn begin_close_job(&self, actor: &Actor, job: &Pubkey) -> Step {
        let instruction = ix::begin_close_job(&actor.pubkey(), job);
        Step::new(Action::BeginCloseJob { job: job.to_bytes(), actor: actor.key() }, instruction, actor)
    }

    /// `close_job` to the requester's associated account, cranked by `actor`.
    pub fn close_job(&self, actor: &Actor, requester: &Actor, job: &Pubkey) -> Step {
        let key = requester.pubkey();
        let instruction = ix::close_job(&actor.pubkey(), job, &key, &self.payment_purse(&key));
        Step::new(Action::CloseJob { job: job.to_bytes() }, instruction, actor)
    }
}
