//! One step of a script, and everything that must be true after it.

use super::script::Script;
use crate::dispute::bond_ceil;
use crate::error::Error;
use crate::ledger::{Action, Ledger, Vault};
use proptest::prelude::*;

/// How a step went.
pub type Outcome = Result<Result<(), Error>, TestCaseError>;

/// Whether numbers may refuse to fit: more tokens than a mint can ever supply, or more exposure than
/// that.
fn too_large(ledger: &Ledger, action: &Action) -> bool {
    let beyond = |inflow: u128, amount: u64| inflow + u128::from(amount) > u128::from(u64::MAX);
    let (payment, stake) = (ledger.flows.payment_in, ledger.flows.stake_in);
    match action {
        Action::FundJob { amount, .. } => beyond(payment, amount.get()),
        Action::Stake { amount, .. } => beyond(stake, amount.get()),
        Action::Donate { vault: Vault::Stake, amount } => beyond(stake, *amount),
        Action::Donate { amount, .. } => beyond(payment, *amount),
        Action::OpenDispute { lease, .. } => ledger.leases.get(lease).is_some_and(|entry| {
            let bond = bond_ceil(entry.books.exposure, &ledger.network.params).unwrap();
            beyond(stake, bond.get())
        }),
        Action::OpenLease { terms, .. } => {
            let product = u128::from(terms.cap.get()) * u128::from(ledger.network.params.stake_per_million.get());
            product.div_ceil(1_000_000) > u128::from(u64::MAX)
        }
        _ => false,
    }
}

/// What a pause stops.
fn begins(action: &Action) -> bool {
    matches!(
        action,
        Action::RegisterProvider { .. }
            | Action::Stake { .. }
            | Action::CreateJob { .. }
            | Action::FundJob { .. }
            | Action::ExtendJob { .. }
            | Action::OpenLease { .. }
    )
}

/// Does it and checks everything. A refusal changes nothing and is never a broken book; numbers that do
/// not fit are a reason only where nobody could have as much. What nobody could have is not done.
pub fn step(ledger: &mut Ledger, script: &mut Script, action: &Action) -> Outcome {
    let before = ledger.clone();
    let outcome = ledger.apply(action);
    if let Err(error) = outcome {
        prop_assert_eq!(&*ledger, &before, "{:?} changed something though it was refused", action);
        prop_assert!(error != Error::InvariantBroken, "{:?} broke an account", action);
        prop_assert!(error != Error::MathOverflow || too_large(&before, action), "{:?} did not fit", action);
        prop_assert!(error != Error::Paused || (before.network.paused && begins(action)), "{:?}", action);
        return Ok(outcome);
    }
    prop_assert!(!(before.network.paused && begins(action)), "{:?} began in a pause", action);
    let most = u128::from(u64::MAX);
    if ledger.flows.payment_in > most || ledger.flows.stake_in > most {
        *ledger = before;
        return Ok(outcome);
    }
    prop_assert_eq!(ledger.check(), Ok(()), "after {:?}", action);
    prop_assert_eq!(before.check_step(ledger), Ok(()), "after {:?}", action);
    script.observe(&before, ledger, action);
    for (key, provider) in &ledger.providers {
        let leaf = script.authorities.largest.get(key).copied().unwrap_or(0);
        prop_assert!(provider.books.claimed.get() <= leaf, "more is claimed than any final leaf");
        let pool = &provider.books.pool;
        prop_assert!(u128::from(pool.total_stake.get()) <= pool.total_shares.get(), "a share is more than a unit");
    }
    Ok(outcome)
}
