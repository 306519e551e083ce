//! Numbers that look random and come from a seed, the same on every machine.

use mira_core::hash::{Sha2, Sha256};

/// A sequence of numbers.
pub struct Dice {
    seed: u64,
    rolled: u64,
}

impl Dice {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, rolled: 0 }
    }

    /// A number below `sides`, which is at least 1.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.rolled += 1;
        let hash = Sha2::hashv(&[b"dice", &self.seed.to_le_bytes(), &self.rolled.to_le_bytes()]);
        let [a, b, c, d, e, f, g, h, ..] = hash;
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) % sides
    }

    /// True once in `sides` times.
    pub fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let sides = u64::try_from(from.len()).unwrap();
        &from[usize::try_from(self.roll(sides)).unwrap()]
    }
}
