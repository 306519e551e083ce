//! Steps that come too late: made for an earlier state, sent in this one.

use super::{Receipt, World};
use crate::refusal::Refusal;
use crate::step::Step;
use mira_core::Error;
use mira_core::ledger::Action;
use solana_sdk::pubkey::Pubkey;

impl World {
    /// Sends a step that was made for an earlier state. If the chain accepts it, so does the model. If not,
    /// they agree on the reason, unless it is that an account is not the right one any more: that the model,
    /// knowing no accounts, does not see, so the state has to show it.
    ///
    /// # Errors
    /// Why the chain refused.
    pub fn stale(&mut self, step: &Step) -> Result<Receipt, Refusal> {
        let outside = self.outside(&step.instructions);
        let signers: Vec<_> = step.signers.iter().collect();
        let refusal = match self.send(&step.instructions, &signers) {
            Ok(sent) => return Ok(self.accepted(std::slice::from_ref(step), &outside, &sent)),
            Err(refusal) => refusal,
        };
        let verdict = self.model.clone().apply(&step.action);
        match refusal {
            Refusal::Mira(Error::WrongAccount) | Refusal::Anchor(_) | Refusal::System(_) => {
                let reason = verdict.is_err() || self.is_outdated(step);
                assert!(reason, "nothing of it is outdated: {refusal:?} {step:#?}");
            }
            Refusal::Mira(error) => assert_eq!(verdict, Err(error), "different reasons: {step:#?}"),
            _ => assert!(verdict.is_err(), "the model accepts what the chain refuses: {refusal:?} {step:#?}"),
        }
        self.untouched(&outside);
        Err(refusal)
    }

    /// Whether the state has put another account in the place of one that the step names: the next lease of
    /// a job, the account that a provider is paid to, those that a verdict pays.
    fn is_outdated(&self, step: &Step) -> bool {
        let metas = &step.instructions.last().expect("a step has instructions").accounts;
        let named = |key: &Pubkey| metas.iter().any(|meta| meta.pubkey == *key);
        match &step.action {
            Action::OpenLease { job, provider, .. } => {
                !named(&self.next_lease(&Pubkey::from(*job), &Pubkey::from(*provider)))
            }
            Action::Settle { lease, .. } | Action::SettleDirect { lease, .. } => {
                !named(&self.payout(&Pubkey::from(self.model.leases[lease].provider)))
            }
            Action::ClaimReward { provider, .. } => !named(&self.payout(&Pubkey::from(*provider))),
            Action::ResolveDispute { lease } => {
                let now = self.resolve_dispute(&step.signers[0], &Pubkey::from(*lease));
                now.instructions != step.instructions
            }
            _ => false,
        }
    }
}
