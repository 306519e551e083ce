//! Round trips between regions, simulated: each region is a point on a square that derives from the
//! seed, so that distances are symmetric and obey the triangle inequality, as real ones mostly do.
//!
//! Measured round trips replace this when nodes report them.

use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};
use mira_core::label::Label;

const PREFIX: &[u8] = b"mira:region:v1:";

/// Inside one region. Milliseconds.
pub const LOCAL_MS: u32 = 2;

/// Across the whole square, corner to corner. Milliseconds: about half the Earth and back in fibre.
pub const FARTHEST_MS: u32 = 250;

/// The simulated round trip between two regions in milliseconds.
pub fn rtt_ms(seed: &Hash, from: &Label, to: &Label) -> u32 {
    between_ms(point(seed, from), point(seed, to))
}

/// The simulated round trip between two places in milliseconds.
pub(crate) fn between_ms((ax, ay): Point, (bx, by): Point) -> u32 {
    let (dx, dy) = (u64::from(ax.abs_diff(bx)), u64::from(ay.abs_diff(by)));
    // isqrt(2) × 65,535: the diagonal of the square.
    let distance = (dx * dx + dy * dy).isqrt();
    let far = u64::from(FARTHEST_MS - LOCAL_MS) * distance / 92_681;
    LOCAL_MS.saturating_add(u32::try_from(far).unwrap_or(FARTHEST_MS))
}

/// Where a region is on the square.
pub(crate) type Point = (u16, u16);

/// A region's place, the same for the same seed.
pub(crate) fn point(seed: &Hash, region: &Label) -> Point {
    let hash = Sha2::hashv(&[PREFIX, seed, region.bytes()]);
    (u16::from_le_bytes([hash[0], hash[1]]), u16::from_le_bytes([hash[2], hash[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str) -> Label {
        Label::parse(name).expect("label")
    }

    #[test]
    fn symmetric_local_and_seeded() {
        let (a, b) = (label("eu-west"), label("us-east"));
        assert_eq!(rtt_ms(&[1; 32], &a, &a), LOCAL_MS);
        assert_eq!(rtt_ms(&[1; 32], &a, &b), rtt_ms(&[1; 32], &b, &a));
        assert!((0..20u8).any(|seed| rtt_ms(&[seed; 32], &a, &b) != rtt_ms(&[1; 32], &a, &b)));
    }

    #[test]
    fn bounded_and_triangular() {
        let names = ["a", "b", "c", "d", "e", "f"].map(label);
        for seed in 0..50u8 {
            for a in &names {
                for b in &names {
                    let direct = rtt_ms(&[seed; 32], a, b);
                    assert!((LOCAL_MS..=FARTHEST_MS).contains(&direct));
                    for c in &names {
                        // Two roundings down may cost 2 ms.
                        assert!(direct <= rtt_ms(&[seed; 32], a, c) + rtt_ms(&[seed; 32], c, b) + 2);
                    }
                }
            }
        }
    }
}
