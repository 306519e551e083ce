//! In which order candidates are looked at: by a hash of (seed, epoch, spec, counter, provider).
//!
//! The order does not depend on when a provider came or on who else is there, so the same seed
//! gives the same draws. The hash of the epoch derives from all decisions before it, so nobody can
//! grind a key or a spec for a good place in an epoch that has not begun.

use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, Key};

const PREFIX: &[u8] = b"mira:draw:v2:";

/// The source of one decision's draws.
#[derive(Clone, Copy, Debug)]
pub struct Draw(Hash);

impl Draw {
    /// The draws of one decision, in the epoch with that hash.
    pub fn new(seed: &Hash, epoch_hash: &Hash, spec_hash: &Hash, counter: u64) -> Self {
        Draw(Sha2::hashv(&[PREFIX, seed, epoch_hash, spec_hash, &counter.to_le_bytes()]))
    }

    /// A provider's place: the smallest is looked at first. The key breaks ties.
    pub fn rank(&self, provider: &Key) -> (u64, Key) {
        let hash = Sha2::hashv(&[&self.0, provider]);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        (u64::from_le_bytes(first), *provider)
    }

    /// The `index`-th four numbers of this decision in a lane of its own: a hash is most of what a draw costs, and has
    /// room for four.
    pub fn numbers(&self, lane: u8, index: u64) -> [u64; 4] {
        let hash = Sha2::hashv(&[&self.0, &[lane], &index.to_le_bytes()]);
        let (words, _) = hash.as_chunks::<8>();
        std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
    }
}

/// A drawn number brought below `limit`; 0 for a limit of 0. Even to one in 2^64.
pub fn below(number: u64, limit: u64) -> u64 {
    u64::try_from((u128::from(number) * u128::from(limit)) >> 64).unwrap_or(0)
}

/// Keeps the first few of what it is shown, in order.
#[derive(Clone, Debug)]
pub struct Few<T> {
    limit: usize,
    kept: Vec<((u64, Key), T)>,
}

impl<T> Few<T> {
    /// Keeps at most `limit`.
    pub fn new(limit: usize) -> Self {
        Few { limit, kept: Vec::with_capacity(limit) }
    }

    /// Shows it one; `make` runs only if it is kept for now.
    pub fn show(&mut self, rank: (u64, Key), make: impl FnOnce() -> T) {
        let place = self.kept.partition_point(|(other, _)| *other < rank);
        if place < self.limit {
            self.kept.insert(place, (rank, make()));
            self.kept.truncate(self.limit);
        }
    }

    /// What was kept, in order.
    pub fn into_vec(self) -> Vec<T> {
        self.kept.into_iter().map(|(_, value)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded() {
        let rank = |seed: u8, epoch: u8, spec: u8, counter| {
            Draw::new(&[seed; 32], &[epoch; 32], &[spec; 32], counter).rank(&[7; 32])
        };
        assert_eq!(rank(1, 2, 3, 4), rank(1, 2, 3, 4));
        assert_ne!(rank(1, 2, 3, 4), rank(9, 2, 3, 4));
        assert_ne!(rank(1, 2, 3, 4), rank(1, 9, 3, 4));
        assert_ne!(rank(1, 2, 3, 4), rank(1, 2, 9, 4));
        assert_ne!(rank(1, 2, 3, 4), rank(1, 2, 3, 9));
    }

    #[test]
    fn keeps_the_smallest_in_any_order() {
        let draw = Draw::new(&[1; 32], &[5; 32], &[2; 32], 0);
        let pick = |order: &mut dyn Iterator<Item = u8>| {
            let mut few = Few::new(3);
            for id in order {
                few.show(draw.rank(&[id; 32]), || id);
            }
            few.into_vec()
        };
        let forward = pick(&mut (0..50));
        assert_eq!(forward.len(), 3);
        assert_eq!(forward, pick(&mut (0..50).rev()));
        let mut all: Vec<u8> = (0..50).collect();
        all.sort_by_key(|id| draw.rank(&[*id; 32]));
        assert_eq!(forward, all[..3]);
    }

    #[test]
    fn numbers_are_below_their_limit_and_even() {
        let draw = Draw::new(&[1; 32], &[0; 32], &[2; 32], 0);
        for at in 0..4 {
            let mut hits = [0u32; 7];
            for index in 0..7_000 {
                hits[usize::try_from(below(draw.numbers(0, index)[at], 7)).expect("small")] += 1;
            }
            assert!(hits.iter().all(|count| (850..1_150).contains(count)), "{at}: {hits:?}");
        }
        assert_eq!((below(u64::MAX, 0), below(u64::MAX, 7), below(0, 7)), (0, 6, 0));
        assert_ne!(draw.numbers(0, 5), draw.numbers(1, 5));
        let all: std::collections::BTreeSet<u64> = (0..100).flat_map(|index| draw.numbers(0, index)).collect();
        assert_eq!(all.len(), 400, "no number is another one");
    }

    #[test]
    fn roughly_fair() {
        let mut wins = [0u32; 4];
        for counter in 0..4_000 {
            let draw = Draw::new(&[3; 32], &[5; 32], &[4; 32], counter);
            let first = (0..4u8).min_by_key(|id| draw.rank(&[*id; 32])).unwrap_or(0);
            wins[usize::from(first)] += 1;
        }
        assert!(wins.iter().all(|count| (850..1_150).contains(count)), "{wins:?}");
    }
}
