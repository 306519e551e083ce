//! Audits: accepted results that others were asked to compute again.

use mira_core::amount::{Bps, Units};
use mira_core::{Hash, Key};

use super::AuditState;
use crate::row::row;

row! {
    /// One accepted result that was sampled, and what came of it.
    pub struct AuditRow in "audit" keyed 2 {
        /// The job that it is of.
        pub job: Key,
        /// The shard's index.
        pub shard: u32,
        /// The lease that it was computed under.
        pub lease: Key,
        /// Who computed it.
        pub provider: Key,
        /// That provider's owner.
        pub owner: Key,
        /// The key that accepted the lease.
        pub operator: Key,
        /// The content hash of the output that was accepted.
        pub output: Hash,
        /// The units that it claims.
        pub units: Units,
        /// The seed of the draw.
        pub seed: u64,
        /// The part of the provider's results that was drawn then.
        pub rate: Bps,
        /// When it was drawn, unix milliseconds of this host.
        pub sampled_ms: i64,
        /// How far it is.
        pub state: AuditState,
        /// The audit job whose result is waited for.
        pub asked: Option<Key>,
        /// When it was decided, unix milliseconds of this host.
        pub decided_ms: Option<i64>,
        /// The lease whose result is wrong, if one is.
        pub wrong_lease: Option<Key>,
        /// That lease's provider.
        pub wrong_provider: Option<Key>,
    }
}

row! {
    /// The result that somebody else got for the same. Never changed.
    pub struct AuditRun in "audit_run" keyed 3 {
        /// The job of the audited result.
        pub job: Key,
        /// Its shard.
        pub shard: u32,
        /// The how-manieth run of this shard it is: 2 or 3.
        pub run: u8,
        /// The job that asked for it.
        pub audit_job: Key,
        /// The lease that it was computed under.
        pub lease: Key,
        /// Who computed it.
        pub provider: Key,
        /// That provider's owner.
        pub owner: Key,
        /// The key that accepted the lease.
        pub operator: Key,
        /// The output's content hash.
        pub output: Hash,
        /// The units that it claims.
        pub units: Units,
        /// When it was known here, unix milliseconds of this host.
        pub at_ms: i64,
    }
}

/// Which audits; each that is set must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The job of the audited result.
    pub job: Option<Key>,
    /// The lease of the audited result.
    pub lease: Option<Key>,
    /// Who computed it.
    pub provider: Option<Key>,
    /// Whose result is wrong.
    pub wrong_provider: Option<Key>,
    /// How far they are.
    pub state: Option<AuditState>,
    /// Decided then or later, unix milliseconds of the auditor's host.
    pub decided_since_ms: Option<i64>,
}

/// What audits said of one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditCount {
    /// The provider.
    pub provider: Key,
    /// Its sampled results that others confirmed.
    pub passed: u64,
    /// Results of it that are wrong, also those that it gave for an audit.
    pub failed: u64,
}
