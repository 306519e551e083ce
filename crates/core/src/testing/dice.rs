//! Numbers drawn from a seed, for tests that improvise: the same seed draws the same.

/// A generator (splitmix64). Its state is its seed.
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`; 0 below 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.any() % bound.max(1)
    }

    /// From the first to the last, both possible; the ends more often than the rest.
    pub fn within(&mut self, first: u64, last: u64) -> u64 {
        match self.below(8) {
            0 => first,
            1 => last,
            _ => first + self.below((last - first).saturating_add(1)),
        }
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of them.
    pub fn of<T: Clone>(&mut self, items: &[T]) -> T {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap();
        items[index].clone()
    }

    /// An amount of at most so many bits: as often a small one as a large one.
    pub fn amount(&mut self, bits: u64) -> u64 {
        match self.below(bits + 1) {
            0 => 0,
            bits => (1 << (bits - 1)) | self.below(1 << (bits - 1)),
        }
    }
}
