//! Steps of disputes.

use super::Step;
use crate::actor::Actor;
use crate::world::World;
use mira_chain::ix;
use mira_core::Hash;
use mira_core::dispute::{DisputeKind, Resolved, Verdict};
use mira_core::ledger::Action;
use solana_sdk::pubkey::Pubkey;

impl World {
    /// `open_dispute`, with a bond from the challenger's associated account.
    pub fn open_dispute(&self, challenger: &Actor, lease: &Pubkey, kind: DisputeKind, evidence: Hash) -> Step {
        let key = challenger.pubkey();
        let instruction = ix::open_dispute(&key, lease, &self.stake_purse(&key), kind, evidence);
        let action = Action::OpenDispute { lease: lease.to_bytes(), actor: challenger.key(), kind, evidence };
        Step::new(action, instruction, challenger)
    }

    /// `respond_dispute`: concedes, or contests with the hash of an answer.
    pub fn respond_dispute(&self, owner: &Actor, lease: &Pubkey, answer: Option<Hash>) -> Step {
        let instruction = ix::respond_dispute(&owner.pubkey(), &self.accused(lease), lease, answer);
        let action = Action::RespondDispute { lease: lease.to_bytes(), actor: owner.key(), answer };
        Step::new(action, instruction, owner)
    }

    /// `vote_dispute`.
    pub fn vote_dispute(&self, verifier: &Actor, lease: &Pubkey, uphold: bool) -> Step {
        let instruction = ix::vote_dispute(&verifier.pubkey(), &self.accused(lease), lease, uphold);
        let action = Action::VoteDispute { lease: lease.to_bytes(), actor: verifier.key(), uphold };
        Step::new(action, instruction, verifier)
    }

    /// `resolve_dispute`, paying associated accounts as the model sees the verdict: one that is not due
    /// counts as the challenger's.
    pub fn resolve_dispute(&self, actor: &Actor, lease: &Pubkey) -> Step {
        let entry = &self.model.leases[&lease.to_bytes()];
        let owner = Pubkey::from(self.model.providers[&entry.provider].owner);
        let challenger = Pubkey::from(self.model.disputes[&lease.to_bytes()].challenger);
        let resolved = self.resolved(lease);
        let rejected = resolved.as_ref().is_some_and(|resolved| resolved.verdict == Verdict::Rejected);
        let compensated = resolved.is_some_and(|resolved| !resolved.compensation.is_zero());
        let instruction = ix::resolve_dispute(&ix::ResolveAccounts {
            actor: actor.pubkey(),
            owner,
            lease: *lease,
            challenger,
            bond_to: self.stake_purse(if rejected { &owner } else { &challenger }),
            compensation_to: compensated.then(|| self.stake_purse(&Pubkey::from(entry.requester))),
            stake_mint: self.stake_mint,
        });
        Step::new(Action::ResolveDispute { lease: lease.to_bytes() }, instruction, actor)
    }

    /// What the model makes of a dispute now, if it is decided or due.
    fn resolved(&self, lease: &Pubkey) -> Option<Resolved> {
        let lease = lease.to_bytes();
        let (model, entry, dispute) = (&self.model, &self.model.leases[&lease], &self.model.disputes[&lease]);
        let provider = &model.providers[&entry.provider];
        let owner = model.positions.get(&(entry.provider, provider.owner)).cloned().unwrap_or_default();
        dispute.resolve(&model.network, &entry.books, &provider.books, &owner, model.now).ok()
    }

    fn accused(&self, lease: &Pubkey) -> Pubkey {
        Pubkey::from(self.model.leases[&lease.to_bytes()].provider)
    }
}
