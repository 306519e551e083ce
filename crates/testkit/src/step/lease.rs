//! Steps of leases.

use super::Step;
use crate::actor::Actor;
use crate::world::{CLUSTER_ID, World};
use mira::state;
use mira_chain::{ix, pda, voucher};
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::lease::LeaseTerms;
use mira_core::ledger::Action;
use mira_core::voucher::Voucher;
use solana_sdk::pubkey::Pubkey;

/// Terms that the job of [`super::terms`] accepts: half the highest price, for 60 seconds from `now`.
pub fn lease_terms(cap: u64, now: i64) -> LeaseTerms {
    LeaseTerms { unit_price: UnitPrice::new(50), cap: Payment::new(cap), expires_at: now + 60 }
}

impl World {
    /// `open_lease`, at the job's next nonce.
    pub fn open_lease(
        &self,
        operator: &Actor,
        matcher: &Actor,
        (job, provider): (&Pubkey, &Pubkey),
        terms: &LeaseTerms,
    ) -> Step {
        let nonce = self.state::<state::Job>(job).map_or(0, |job| job.leases_total);
        let chain = ix::LeaseTerms {
            job: *job,
            provider: *provider,
            nonce,
            operator: operator.pubkey(),
            matcher: matcher.pubkey(),
            unit_price: terms.unit_price.get(),
            cap: terms.cap.get(),
            expires_at: terms.expires_at,
        };
        let action = Action::OpenLease {
            lease: chain.lease().to_bytes(),
            job: job.to_bytes(),
            provider: provider.to_bytes(),
            operator: operator.key(),
            matcher: matcher.key(),
            terms: *terms,
        };
        let mut step = Step::new(action, ix::open_lease(&chain), operator);
        step.signers.push(matcher.clone());
        step
    }

    /// A voucher for a lease of this world.
    pub fn voucher(&self, lease: &Pubkey, amount: u64, units: u64) -> Voucher {
        voucher::voucher(CLUSTER_ID, lease, Payment::new(amount), Units::new(units))
    }

    /// `settle`: `signer` signs the voucher, `submitter` brings it.
    pub fn settle(&self, submitter: &Actor, signer: &Actor, lease: &Pubkey, amount: u64, units: u64) -> Step {
        self.settle_voucher(submitter, signer, lease, &self.voucher(lease, amount, units))
    }

    /// `settle` with a voucher of any kind, signed by `signer`.
    pub fn settle_voucher(&self, submitter: &Actor, signer: &Actor, lease: &Pubkey, voucher: &Voucher) -> Step {
        let signature = voucher::sign(&signer.keypair, voucher).unwrap();
        let accounts = self.settle_accounts(submitter, lease);
        let action = Action::Settle {
            lease: lease.to_bytes(),
            signer: signer.key(),
            cumulative_amount: voucher.cumulative_amount,
            cumulative_units: voucher.cumulative_units,
        };
        let [proof, settle] = ix::settle(&accounts, &signer.pubkey(), voucher, &signature);
        Step { action, instructions: vec![proof, settle], signers: vec![submitter.clone()] }
    }

    /// `settle_direct`.
    pub fn settle_direct(&self, actor: &Actor, lease: &Pubkey, amount: u64, units: u64) -> Step {
        let (cumulative_amount, cumulative_units) = (Payment::new(amount), Units::new(units));
        let accounts = self.settle_accounts(actor, lease);
        let instruction = ix::settle_direct(&accounts, cumulative_amount, cumulative_units);
        let (lease, key) = (lease.to_bytes(), actor.key());
        Step::new(Action::SettleDirect { lease, actor: key, cumulative_amount, cumulative_units }, instruction, actor)
    }

    fn settle_accounts(&self, submitter: &Actor, lease: &Pubkey) -> ix::SettleAccounts {
        let entry = &self.model.leases[&lease.to_bytes()];
        let (job, provider) = (Pubkey::from(entry.job), Pubkey::from(entry.provider));
        let payout = self.state::<state::Provider>(&provider).unwrap().payout;
        ix::SettleAccounts { submitter: submitter.pubkey(), job, lease: *lease, provider, payout }
    }

    /// `close_lease`.
    pub fn close_lease(&self, actor: &Actor, lease: &Pubkey) -> Step {
        let provider = Pubkey::from(self.model.leases[&lease.to_bytes()].provider);
        let instruction = ix::close_lease(&actor.pubkey(), &provider, lease);
        Step::new(Action::CloseLease { lease: lease.to_bytes(), actor: actor.key() }, instruction, actor)
    }

    /// `release_lease`.
    pub fn release_lease(&self, actor: &Actor, lease: &Pubkey) -> Step {
        let job = Pubkey::from(self.model.leases[&lease.to_bytes()].job);
        let instruction = ix::release_lease(&actor.pubkey(), &job, lease);
        Step::new(Action::ReleaseLease { lease: lease.to_bytes() }, instruction, actor)
    }

    /// `end_lease`: the rent goes back to the operator that opened it.
    pub fn end_lease(&self, actor: &Actor, lease: &Pubkey) -> Step {
        let entry = &self.model.leases[&lease.to_bytes()];
        let (provider, rent_payer) = (Pubkey::from(entry.provider), Pubkey::from(entry.operator));
        let instruction = ix::end_lease(&actor.pubkey(), &provider, lease, &rent_payer);
        Step::new(Action::EndLease { lease: lease.to_bytes() }, instruction, actor)
    }

    /// The address of the next lease between a job and a provider.
    pub fn next_lease(&self, job: &Pubkey, provider: &Pubkey) -> Pubkey {
        let nonce = self.state::<state::Job>(job).map_or(0, |job| job.leases_total);
        pda::lease(job, provider, nonce)
    }
}
