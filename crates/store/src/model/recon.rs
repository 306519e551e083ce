//! Reconciliation: what the three books of all leases said when they were compared.

use mira_core::Key;
use mira_core::amount::{Payment, Units};

use super::{ReconClass, ReconOwner, ReconState};
use crate::row::row;

row! {
    /// One comparison of all leases. Never changed.
    pub struct ReconRun in "recon_run" keyed 1 {
        /// Its number, from 1 without a gap.
        pub run: u64,
        /// The time that ages are counted to, unix milliseconds.
        pub at_ms: i64,
        /// The slot that the index had reached; `None` before the first.
        pub slot: Option<u64>,
        /// Leases compared.
        pub leases: u64,
        /// Those of them whose books agree.
        pub matched_leases: u64,
        /// What all three books agree on, summed.
        pub matched: u128,
        /// What of it rewards may count.
        pub eligible: u128,
        /// The fees on that.
        pub eligible_fees: u128,
        /// Differences found: the run's rows of `recon_item`.
        pub items: u64,
    }
}

row! {
    /// One difference that a run found. A lease has at most one of each class.
    pub struct ReconItem in "recon_item" keyed 3 {
        /// The run.
        pub run: u64,
        /// The lease.
        pub lease: Key,
        /// Its kind; never [`ReconClass::Matched`].
        pub class: ReconClass,
        /// Who has to act.
        pub owner: ReconOwner,
        /// Whether that is still to be expected.
        pub state: ReconState,
        /// How much the books differ by.
        pub amount: Payment,
        /// What the smaller book must reach for this difference to be over; that of the first sighting.
        pub target: Payment,
        /// Since when, unix milliseconds: when its evidence came, or the run that saw it first.
        pub since_ms: i64,
    }
}

row! {
    /// What was set aside of a lease for one reason and is not among what counts by now.
    pub struct QuarantineSum in "usage_quarantine" keyed 3 {
        /// The lease.
        pub lease: Key,
        /// Why, as in [`super::QuarantinedUsage`].
        pub reason: String,
        /// Whether their numbers are at most the newest that counts: other reports have them.
        pub taken: bool,
        /// How many.
        pub reports: u64,
        /// The most units that one of them claims.
        pub max_units: Units,
        /// When the first came, on this host's clock.
        pub first_ms: i64,
    }
}
