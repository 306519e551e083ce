//! Leases by provider and requester: a pull finds the requester whose turn it is by looking at one turn for each, and
//! at the leases of that one only.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

/// Leases that are on their providers' books.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub(crate) struct Lines(BTreeMap<(Key, Key), BTreeSet<Key>>);

impl Lines {
    /// A lease of a requester's job with a provider.
    pub(crate) fn open(&mut self, provider: &Key, requester: &Key, lease: &Key) {
        self.0.entry((*provider, *requester)).or_default().insert(*lease);
    }

    /// It is off the books.
    pub(crate) fn close(&mut self, provider: &Key, requester: &Key, lease: &Key) {
        let line = (*provider, *requester);
        let Some(leases) = self.0.get_mut(&line) else { return };
        leases.remove(lease);
        if leases.is_empty() {
            self.0.remove(&line);
        }
    }

    /// Requesters with leases at a provider, and those.
    pub(crate) fn at<'a>(&'a self, provider: &Key) -> impl Iterator<Item = (&'a Key, &'a BTreeSet<Key>)> {
        let lines = self.0.range((*provider, [0; 32])..=(*provider, [u8::MAX; 32]));
        lines.map(|((_, requester), leases)| (requester, leases))
    }
}

/// They are the leases on the books, each in its requester's line.
#[cfg(test)]
pub(crate) fn check(engine: &crate::engine::Engine) {
    let mut lines = Lines::default();
    for (key, provider) in &engine.providers {
        for lease in &provider.leases {
            lines.open(key, &engine.jobs[&engine.leases[lease].job].terms.requester, lease);
        }
    }
    assert_eq!(engine.fair.lines, lines);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_has_its_own_lines() {
        let mut lines = Lines::default();
        let key = |id: u8| [id; 32];
        for (provider, requester, lease) in [(1, 0, 10), (1, 255, 11), (1, 0, 12), (2, 0, 13), (0, 255, 14)] {
            lines.open(&key(provider), &key(requester), &key(lease));
        }
        let at = |lines: &Lines, provider| -> Vec<(u8, Vec<u8>)> {
            let provider = key(provider);
            let all = lines.at(&provider);
            all.map(|(requester, leases)| (requester[0], leases.iter().map(|lease| lease[0]).collect())).collect()
        };
        assert_eq!(at(&lines, 1), [(0, vec![10, 12]), (255, vec![11])]);
        lines.close(&key(1), &key(0), &key(10));
        lines.close(&key(1), &key(255), &key(11));
        lines.close(&key(1), &key(255), &key(11));
        assert_eq!((at(&lines, 1), at(&lines, 3)), (vec![(0, vec![12])], vec![]));
    }
}
