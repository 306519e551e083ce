//! What must hold of gangs, seen from outside: from what was told and from the facts of the world.

use mira_core::Key;

use crate::gang::note::{Cause, What};

/// A gang as the oracle saw it last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Seen {
    #[default]
    Waiting,
    Reserved {
        missing: u16,
        until_ms: u64,
    },
    Started(Vec<Key>),
    Left,
}

/// Follows one gang.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oracle {
    pub(crate) seen: Seen,
    pub(crate) starts: u32,
}

impl Oracle {
    /// Takes what was told at a time. `open` says whether a provider's lease is open and it is there.
    pub(crate) fn told(&mut self, size: u16, what: &What, now_ms: u64, open: impl Fn(&Key) -> bool) {
        self.seen = match (std::mem::take(&mut self.seen), what) {
            (Seen::Waiting | Seen::Reserved { missing: 1.., .. }, What::Reserved { members, missing, until_ms }) => {
                assert_eq!(members + missing, size);
                assert!(*until_ms >= now_ms, "reserved until a time that is past");
                Seen::Reserved { missing: *missing, until_ms: *until_ms }
            }
            (Seen::Reserved { missing: 0, until_ms }, What::Started { members }) => {
                assert!(now_ms <= until_ms, "started after its limit");
                assert_eq!(members.len(), usize::from(size), "a partial start");
                let distinct: std::collections::BTreeSet<&Key> = members.iter().collect();
                assert_eq!(distinct.len(), members.len(), "a member twice");
                assert!(members.iter().all(&open), "started without all leases");
                self.starts += 1;
                Seen::Started(members.clone())
            }
            (Seen::Reserved { until_ms, .. }, What::Released(cause)) => {
                assert!(*cause != Cause::LimitPassed || now_ms > until_ms, "released before its limit");
                Seen::Waiting
            }
            (Seen::Started(members), What::Stopped { lost }) => {
                assert!(members.contains(lost), "stopped for somebody else's sake");
                Seen::Waiting
            }
            (was, What::Left) => {
                assert_ne!(was, Seen::Left, "left twice");
                Seen::Left
            }
            (was, what) => panic!("{what:?} of a gang that was {was:?}"),
        };
    }

    /// What holds after every input.
    pub(crate) fn check(&self, now_ms: u64, open: impl Fn(&Key) -> bool) {
        match &self.seen {
            Seen::Started(members) => assert!(members.iter().all(open), "runs without a member"),
            Seen::Reserved { until_ms, .. } => assert!(*until_ms >= now_ms, "reserved past its limit"),
            Seen::Waiting | Seen::Left => {}
        }
    }

    /// Whether it claims slots although members are missing.
    pub(crate) fn is_partial(&self) -> bool {
        matches!(self.seen, Seen::Reserved { missing: 1.., .. })
    }

    /// Whether a provider runs for it.
    pub(crate) fn runs_on(&self, provider: &Key) -> bool {
        matches!(&self.seen, Seen::Started(members) if members.contains(provider))
    }
}
