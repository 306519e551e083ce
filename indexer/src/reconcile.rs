//! Three books for every lease that should agree: what the provider reported, what the requester
//! vouchered, what the chain settled.
//!
//! ```text
//! Walk: rows of the store ─▶ Books ─▶ lease ─▶ differences ─▶ dated ─▶ Report, and a run in the store
//!                                     pure      eligible      pure
//! ```
//!
//! [`lease`] compares, [`eligible`] says what rewards may count, [`dated`] gives a difference its age from
//! the run before; time is a parameter. [`look`] reads only, [`run`] keeps what it found.
//!
//! | class | the books | who acts |
//! | --- | --- | --- |
//! | `matched` | agree | nobody |
//! | `unvouchered` | reported > vouchered | the requester signs |
//! | `unsettled` | vouchered > settled | the provider cashes |
//! | `over_settled` | settled > reported | the provider reports |
//! | `missing_report` | vouchered, or a later report's number, without the report | the provider reports |
//! | `replayed` | a number reported twice with other contents, or a total that falls | the provider explains |
//! | `price_breach` | vouchered or settled above units × price | the requester |
//! | `cap_breach` | reported or vouchered above the cap | who did it |
//! | `out_of_window` | reported after the release | the provider's loss |
//! | `audit_failed` | another operator got another result | the provider |
//!
//! `unvouchered` and `unsettled` of a lease whose escrow is there are [`State::Pending`]: work that goes on
//! always has some. Every other difference is an [`State::Exception`] until the lease has ended, and
//! [`State::Closed`] from then on, when nobody can act on it any more. None of it is ever eligible.

mod age;
mod books;
mod eligible;
mod lease;
#[cfg(test)]
mod testing;
mod walk;

pub use age::{Stamp, age_ms, dated};
pub use books::{Aside, Audit, Books, Dispute, Phase, Quarantine};
pub use eligible::{Eligible, Excluded, eligible, eligible_fees};
pub use lease::{Difference, Reconciled, lease};
pub use mira_store::model::{ReconClass as Class, ReconItem as Item, ReconOwner as Owner, ReconState as State};
pub use walk::Walk;
pub(crate) use walk::audits_until;

use std::collections::HashMap;

use mira_core::Key;
use mira_store::model::ReconRun;
use mira_store::{Result, Store};

use crate::shell::STREAM;

/// Every lease's differences, and the sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The sums, wide enough for any number of leases.
    pub run: ReconRun,
    /// The differences, by lease. Empty if the books agree.
    pub items: Vec<Item>,
}

/// Compares all leases at a time, unix milliseconds, and writes nothing. Ages are counted on from the newest
/// run that was kept.
///
/// # Errors
/// The store's.
pub async fn look(store: &dyn Store, now_ms: i64) -> Result<Report> {
    let before = store.last_recon().await?;
    let before = before.map(|run| run.run);
    let slot = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot);
    let stamp = Stamp { run: before.unwrap_or(0).saturating_add(1), now_ms };
    let mut report = Report::new(stamp, slot);
    let mut walk = Walk::new(store);
    while let Some(page) = walk.next().await? {
        let known = known(store, before, &page.iter().map(|(row, _)| row.lease).collect::<Vec<_>>()).await?;
        for (_, books) in page {
            report.add(&books, &known, stamp);
        }
    }
    Ok(report)
}

/// Compares all leases and keeps the outcome as the next run, in one transaction.
///
/// # Errors
/// The store's; `Invalid` if another run was written meanwhile: run it again.
pub async fn run(store: &dyn Store, now_ms: i64) -> Result<Report> {
    let report = look(store, now_ms).await?;
    store.put_recon(report.run.clone(), report.items.clone()).await?;
    Ok(report)
}

type Known = HashMap<(Key, Class), Item>;

/// What the run before said of these leases.
async fn known(store: &dyn Store, before: Option<u64>, leases: &[Key]) -> Result<Known> {
    let Some(before) = before else { return Ok(Known::new()) };
    let items = store.recon_items_among(before, leases).await?;
    Ok(walk::by(items, |item| (item.lease, item.class)))
}

impl Report {
    fn new(stamp: Stamp, slot: Option<u64>) -> Self {
        let run = ReconRun {
            run: stamp.run,
            at_ms: stamp.now_ms,
            slot,
            leases: 0,
            matched_leases: 0,
            matched: 0,
            eligible: 0,
            eligible_fees: 0,
            items: 0,
        };
        Self { run, items: Vec::new() }
    }

    fn add(&mut self, books: &Books, known: &Known, stamp: Stamp) {
        let Reconciled { matched, eligible, differences } = lease(books);
        let run = &mut self.run;
        let grow = |sum: &mut u128, by: u64| *sum = sum.saturating_add(u128::from(by));
        run.leases = run.leases.saturating_add(1);
        run.matched_leases = run.matched_leases.saturating_add(u64::from(differences.is_empty()));
        grow(&mut run.matched, matched.get());
        grow(&mut run.eligible, eligible.amount.get());
        grow(&mut run.eligible_fees, eligible.fees.get());
        run.items = run.items.saturating_add(u64::try_from(differences.len()).unwrap_or(u64::MAX));
        let date = |difference: &Difference| {
            dated(difference, books.lease, known.get(&(books.lease, difference.class)), stamp)
        };
        self.items.extend(differences.iter().map(date));
    }

    /// How many items a class has, and their amounts summed; for `matched` the leases that match and what all
    /// leases agree on.
    pub fn total(&self, class: Class) -> (u64, u128) {
        if class == Class::Matched {
            return (self.run.matched_leases, self.run.matched);
        }
        let of_class = self.items.iter().filter(|item| item.class == class);
        of_class.fold((0, 0), |(count, sum), item| (count + 1, sum + u128::from(item.amount.get())))
    }

    /// The exceptions that are at least `tolerate_ms` old: what somebody should look at.
    pub fn lasting(&self, tolerate_ms: u64) -> impl Iterator<Item = &Item> {
        let now_ms = self.run.at_ms;
        self.items.iter().filter(move |item| item.state == State::Exception && age_ms(item, now_ms) >= tolerate_ms)
    }
}

#[cfg(test)]
mod tests;
