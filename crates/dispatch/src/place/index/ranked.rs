//! A sorted set whose members can be found by their place: chunks of a bounded size, so that neither finding nor
//! changing one moves more than a chunk.

/// Members of a chunk at most; a full one is cut in two.
const CHUNK: usize = 512;

/// A sorted set with places from 0.
#[derive(Clone, Debug)]
pub(crate) struct Ranked<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Ranked { chunks: Vec::new() }
    }
}

impl<T: Ord> Ranked<T> {
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// The member at a place.
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        let mut left = place;
        for chunk in &self.chunks {
            if let Some(found) = chunk.get(left) {
                return Some(found);
            }
            left -= chunk.len();
        }
        None
    }

    /// How many members come before the first that `before` does not hold for; it must hold for a prefix.
    pub(crate) fn rank(&self, before: impl Fn(&T) -> bool) -> usize {
        let whole = self.chunks.partition_point(|chunk| chunk.last().is_some_and(&before));
        let passed: usize = self.chunks[..whole].iter().map(Vec::len).sum();
        passed + self.chunks.get(whole).map_or(0, |chunk| chunk.partition_point(&before))
    }

    /// Adds a member, unless it is there.
    pub(crate) fn insert(&mut self, value: T) {
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| *last < value));
        // Larger than all: into the last chunk.
        let at = at.min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(at) else {
            self.chunks.push(vec![value]);
            return;
        };
        let Err(place) = chunk.binary_search(&value) else { return };
        chunk.insert(place, value);
        if chunk.len() >= CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            self.chunks.insert(at + 1, upper);
        }
    }

    /// Takes a member out, if it is there.
    pub(crate) fn remove(&mut self, value: &T) {
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| last < value));
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let Ok(place) = chunk.binary_search(value) else { return };
        chunk.remove(place);
        if chunk.is_empty() {
            self.chunks.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(7), failure_persistence: None, cases: 40, ..ProptestConfig::default()
        })]
        #[test]
        fn is_a_sorted_set(changes in prop::collection::vec((any::<bool>(), 0u16..3_000), 0..6_000)) {
            let (mut ranked, mut set) = (Ranked::default(), BTreeSet::new());
            for (insert, value) in changes {
                if insert || value % 3 != 0 {
                    ranked.insert(value);
                    set.insert(value);
                } else {
                    ranked.remove(&value);
                    set.remove(&value);
                }
            }
            prop_assert!(ranked.iter().eq(set.iter()));
            for (place, value) in set.iter().enumerate() {
                prop_assert_eq!(ranked.get(place), Some(value));
                prop_assert_eq!(ranked.rank(|other| other < value), place);
            }
            prop_assert_eq!(ranked.get(set.len()), None);
            prop_assert_eq!(ranked.rank(|_| true), set.len());
        }
    }
}
