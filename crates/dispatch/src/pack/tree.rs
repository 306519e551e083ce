//! The first of the best of a row of scores, which change one at a time.

/// The score of one that is no candidate.
pub(crate) const NONE: i16 = i16::MIN;

/// A tournament: each pair's better score, up to the root.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// The root at 1; the children of `i` at `2i` and `2i + 1`; the row from `leaves` on.
    scores: Vec<i16>,
    leaves: usize,
}

impl Tree {
    /// A row of so many, none of them a candidate.
    pub(crate) fn new(len: usize) -> Self {
        let leaves = len.next_power_of_two();
        Tree { scores: vec![NONE; 2 * leaves], leaves }
    }

    /// Sets the score of one.
    pub(crate) fn set(&mut self, index: usize, score: i16) {
        let mut at = self.leaves + index;
        self.scores[at] = score;
        while at > 1 {
            at /= 2;
            let better = self.scores[2 * at].max(self.scores[2 * at + 1]);
            if self.scores[at] == better {
                break;
            }
            self.scores[at] = better;
        }
    }

    /// The first of those with the best score, if there is a candidate.
    pub(crate) fn best(&self) -> Option<usize> {
        let best = self.scores[1];
        if best == NONE {
            return None;
        }
        let mut at = 1;
        while at < self.leaves {
            at = if self.scores[2 * at] == best { 2 * at } else { 2 * at + 1 };
        }
        Some(at - self.leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(2), failure_persistence: None, ..ProptestConfig::default()
        })]
        #[test]
        fn the_best_is_the_first_of_the_highest(len in 1usize..40, sets in prop::collection::vec((0usize..40, -3i16..3), 0..80)) {
            let (mut tree, mut row) = (Tree::new(len), vec![NONE; len]);
            for (index, score) in sets {
                let score = if score == -3 { NONE } else { score };
                tree.set(index % len, score);
                row[index % len] = score;
                let highest = row.iter().copied().max().filter(|score| *score > NONE);
                prop_assert_eq!(tree.best(), highest.and_then(|best| row.iter().position(|score| *score == best)));
            }
        }
    }
}
