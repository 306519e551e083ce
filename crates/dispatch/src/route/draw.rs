//! Which targets a decision looks at: a SplitMix64 stream, entered anywhere, so that a decision's draw
//! follows from its seed and counter alone and anybody can compute it again.

use mira_core::hash::{Sha2, Sha256};
use mira_core::{Hash, Key};

const PREFIX: &[u8] = b"mira:route:v1:";

/// The most targets that one decision draws.
pub const MAX_DRAW: usize = 8;

/// Words of the stream that one round of a decision may use, and rounds that one decision may use.
const WORDS_A_ROUND: u64 = 4;
const ROUNDS: u64 = 16;

/// Set apart from the draws of first attempts.
const HEDGE: u64 = 0x68_65_64_67_65;

/// The seed of a job's draws in an epoch.
pub fn seed(job: &Key, epoch: &Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = Sha2::hashv(&[PREFIX, job, epoch]);
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The seed of a job's second draws.
pub fn hedge_seed(seed: u64) -> u64 {
    mix(seed ^ HEDGE)
}

/// What to draw, and from how many. Slots are drawn, not members: who splits into many small ones is drawn as
/// often as before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Urn {
    /// How many to draw: at most `MAX_DRAW`.
    pub draw: u8,
    /// Slots near the origin.
    pub near: u32,
    /// All slots.
    pub slots: u32,
    /// All members.
    pub members: u32,
}

/// What was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// Slots: the first `near` of them in the list of near slots, the others in that of all. The same member
    /// may come up twice. Places of members if they were taken whole.
    pub numbers: [u32; MAX_DRAW],
    /// How many of `numbers` count.
    pub len: usize,
    /// How many of them are in the list of near slots.
    pub near: usize,
    /// Whether all members were taken, so that no slot had to be drawn.
    pub whole: bool,
}

/// Draws for a round of a decision. A pool no larger than the draw is taken whole.
pub fn draws(seed: u64, counter: u64, round: u8, urn: Urn) -> Draws {
    let mut numbers = [0; MAX_DRAW];
    let want = usize::from(urn.draw).min(MAX_DRAW);
    if urn.members as usize <= want {
        numbers.iter_mut().zip(0..).for_each(|(number, index)| *number = index);
        return Draws { numbers, len: urn.members as usize, near: 0, whole: true };
    }
    if urn.slots == 0 {
        return Draws { numbers, len: 0, near: 0, whole: false };
    }
    let near = if urn.near == 0 || urn.near >= urn.slots { 0 } else { want / 2 };
    let first = (counter.wrapping_mul(ROUNDS).wrapping_add(u64::from(round) % ROUNDS)).wrapping_mul(WORDS_A_ROUND);
    for (index, pair) in numbers.chunks_exact_mut(2).enumerate() {
        let word = mix(seed.wrapping_add(first.wrapping_add(index as u64).wrapping_mul(GOLDEN)));
        for (offset, number) in pair.iter_mut().enumerate() {
            let of = if index * 2 + offset < near { urn.near } else { urn.slots };
            *number = scale((word >> (32 * offset)) & u64::from(u32::MAX), of);
        }
    }
    Draws { numbers, len: want, near, whole: false }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finalizer.
fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// 32 random bits to a number below `of`, without division; the bias is below `of` / 2^32.
fn scale(bits: u64, of: u32) -> u32 {
    ((bits * u64::from(of)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pools_are_taken_whole() {
        let draws = draws(1, 2, 0, Urn { draw: 8, near: 2, slots: 40, members: 5 });
        assert_eq!((&draws.numbers[..draws.len], draws.near, draws.whole), (&[0, 1, 2, 3, 4][..], 0, true));
    }

    #[test]
    fn where_nobody_has_a_slot_nobody_is_drawn() {
        assert_eq!(draws(1, 2, 0, Urn { draw: 8, near: 0, slots: 0, members: 9 }).len, 0);
    }

    #[test]
    fn in_range_and_about_uniform() {
        let urn = Urn { draw: 8, near: 40, slots: 1_000, members: 500 };
        let (mut near, mut any) = ([0u32; 40], [0u32; 10]);
        for counter in 0..20_000 {
            let draws = draws(7, counter, 0, urn);
            assert_eq!((draws.len, draws.near), (8, 4));
            draws.numbers[..4].iter().for_each(|slot| near[*slot as usize] += 1);
            draws.numbers[4..].iter().for_each(|slot| any[*slot as usize / 100] += 1);
        }
        // 80,000 draws each: five standard deviations are 221 of 2,000 and 424 of 8,000.
        assert!(near.iter().all(|count| count.abs_diff(2_000) < 225), "{near:?}");
        assert!(any.iter().all(|count| count.abs_diff(8_000) < 430), "{any:?}");
    }

    #[test]
    fn differ_by_seed_counter_and_round() {
        let urn = Urn { draw: 8, near: 0, slots: u32::MAX, members: 9 };
        let base = draws(1, 1, 0, urn);
        assert_eq!(base, draws(1, 1, 0, urn));
        assert_ne!(base, draws(2, 1, 0, urn));
        assert_ne!(base, draws(1, 2, 0, urn));
        assert_ne!(base, draws(1, 1, 1, urn));
        assert_ne!(seed(&[1; 32], &[2; 32]), seed(&[2; 32], &[2; 32]));
        assert_ne!(seed(&[1; 32], &[2; 32]), seed(&[1; 32], &[3; 32]));
    }

    #[test]
    fn the_stream_is_splitmix64() {
        // The reference generator (Vigna) from state 1234567 gives 6457827717110365317 first; its n-th
        // output is the finalizer of the state plus n times the golden gamma.
        assert_eq!(mix(1_234_567u64.wrapping_add(GOLDEN)), 6_457_827_717_110_365_317);
        assert_eq!(mix(1_234_567u64.wrapping_add(GOLDEN.wrapping_mul(2))), 3_203_168_211_198_807_973);
    }
}
