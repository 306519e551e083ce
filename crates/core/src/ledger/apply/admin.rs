//! Governance.

use super::count;
use crate::Key;
use crate::amount::Payment;
use crate::error::{Error, Result};
use crate::ledger::{Action, Ledger};

/// Everything that only changes the network's own books.
pub(super) fn govern(ledger: &mut Ledger, action: &Action) -> Result<()> {
    let network = &ledger.network;
    ledger.network = match action {
        Action::UpdateParams { actor, params } => {
            network.require_admin(actor)?;
            network.update_params(*params)?
        }
        Action::ProposeAdmin { actor, admin } => {
            network.require_admin(actor)?;
            network.propose_admin(*admin)
        }
        Action::AcceptAdmin { actor } => network.accept_admin(actor)?,
        Action::SetGuardian { actor, guardian } => {
            network.require_admin(actor)?;
            network.set_guardian(*guardian)?
        }
        Action::SetPause { actor, paused } => network.set_pause(actor, *paused)?,
        Action::SetRewardAuthorities { actor, keys } => {
            network.require_admin(actor)?;
            let after = network.set_reward_authorities(keys)?;
            ledger.rewards.books.epochs = ledger.rewards.books.epochs.cleared();
            after
        }
        Action::SetVerifiers { actor, keys } => {
            network.require_admin(actor)?;
            network.set_verifiers(keys)?
        }
        // Every other action is done elsewhere; one that is forgotten there must not pass for done.
        _ => return Err(Error::InvariantBroken),
    };
    Ok(())
}

pub(super) fn withdraw_treasury(ledger: &mut Ledger, actor: Key, amount: Payment) -> Result<()> {
    ledger.network.require_admin(&actor)?;
    let rewards = &mut ledger.rewards;
    rewards.books = rewards.books.withdraw(amount)?;
    rewards.treasury = rewards.treasury.checked_sub(amount)?;
    count(&mut ledger.flows.payment_out, amount.get())
}
