//! Which results are audited: a function of a seed, the shard and the provider's record.
//!
//! The draw of a shard does not depend on the record, only the line that it is held against does. So of the
//! same results, a worse record has all audited that a better one has, and more.

use mira_core::Key;
use mira_core::amount::Bps;
use mira_core::hash::{Sha2, Sha256 as _};
use mira_store::model::AuditCount;

/// The least part that is audited, whatever the record: one result in a hundred. Who falsifies 300 results
/// is found with 95 %, and work that is right costs its requesters' network one percent more at most.
pub const LEAST_BPS: u16 = 100;
/// How many passes it takes to outweigh one failure. A failure among a hundred results is no accident where
/// equal input gives equal output: it puts the provider back to where half of its results are audited.
pub const FAILURE_WEIGHT: u64 = 100;

/// Starts what a draw hashes.
const TAG: &[u8] = b"mira:audit-draw:v1:";

/// What audits said of a provider so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its sampled results that others confirmed.
    pub passed: u64,
    /// Its results that are wrong.
    pub failed: u64,
}

impl From<&AuditCount> for Record {
    fn from(count: &AuditCount) -> Self {
        Self { passed: count.passed, failed: count.failed }
    }
}

/// The part of a provider's results that is audited: what Laplace's rule of succession expects of the next
/// result, failures weighted, and never less than [`LEAST_BPS`]. Half for whom nothing is known of.
pub fn rate_ceil(record: Record) -> Bps {
    let whole = u128::from(Bps::DENOMINATOR);
    let failed = u128::from(record.failed) * u128::from(FAILURE_WEIGHT);
    let (bad, all) = (failed.saturating_add(1), failed.saturating_add(2).saturating_add(record.passed.into()));
    let bps = bad.saturating_mul(whole).div_ceil(all).max(LEAST_BPS.into());
    u16::try_from(bps).ok().and_then(Bps::new).unwrap_or(Bps::ONE)
}

/// A shard's draw, from 0 to 9,999. Whoever knows the seed knows it, so a seed is made when results are in.
pub fn draw(seed: u64, job: &Key, shard: u32) -> u16 {
    let hash = Sha2::hashv(&[TAG, &seed.to_le_bytes(), job, &shard.to_le_bytes()]);
    let high = hash.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
    // The high half of the product: as even as 64 bits are, without a division's remainder.
    let scaled = (u128::from(high) * u128::from(Bps::DENOMINATOR)) >> 64;
    u16::try_from(scaled).unwrap_or(u16::MAX)
}

/// Whether a result is audited at this rate.
pub fn takes(seed: u64, job: &Key, shard: u32, rate: Bps) -> bool {
    draw(seed, job, shard) < rate.get()
}

#[cfg(test)]
mod tests;
