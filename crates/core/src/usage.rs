//! The usage report: what a provider's operator key says it has served on a lease so far.
//!
//! It moves no money. The requester compares it with what it received before signing a voucher, and
//! the indexer compares all three.

use crate::amount::Units;
use crate::hash::Sha256;
use crate::{Hash, Key};

/// Starts every usage message, so that no other signed message of Mira can be one.
pub const PREFIX: &[u8; 14] = b"mira:usage:v1:";
/// Length of the signed message.
pub const MESSAGE_LEN: usize = 46;

/// One cumulative report of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The program the lease belongs to.
    pub program_id: Key,
    /// The genesis hash of the cluster it runs on.
    pub cluster_id: Hash,
    /// The lease that was served.
    pub lease: Key,
    /// The report's number on this lease, from 1.
    pub seq: u64,
    /// All units served so far.
    pub cumulative_units: Units,
    /// All items (shards, requests) served so far.
    pub items: u32,
    /// Running hash over the hashes of all outputs.
    pub outputs_hash: Hash,
}

/// The 46 bytes to sign: the prefix, then the hash of all fields, numbers little-endian.
pub fn message<H: Sha256>(report: &Report) -> [u8; MESSAGE_LEN] {
    let digest = H::hashv(&[
        &report.program_id,
        &report.cluster_id,
        &report.lease,
        &report.seq.to_le_bytes(),
        &report.cumulative_units.get().to_le_bytes(),
        &report.items.to_le_bytes(),
        &report.outputs_hash,
    ]);
    let mut message = [0u8; MESSAGE_LEN];
    let (prefix, rest) = message.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    rest.copy_from_slice(&digest);
    message
}

/// The running hash after one more output: `sha256(before ‖ output)`. It starts at 32 zero bytes.
pub fn chain_output<H: Sha256>(before: &Hash, output: &Hash) -> Hash {
    H::hashv(&[before, output])
}

#[cfg(all(test, feature = "sha2"))]
mod tests {
    use super::*;
    use crate::hash::Sha2;

    #[test]
    fn every_field_is_bound() {
        let base = Report {
            program_id: [1; 32],
            cluster_id: [2; 32],
            lease: [3; 32],
            seq: 4,
            cumulative_units: Units::new(5),
            items: 6,
            outputs_hash: [7; 32],
        };
        let others = [
            Report { program_id: [9; 32], ..base },
            Report { cluster_id: [9; 32], ..base },
            Report { lease: [9; 32], ..base },
            Report { seq: 9, ..base },
            Report { cumulative_units: Units::new(9), ..base },
            Report { items: 9, ..base },
            Report { outputs_hash: [9; 32], ..base },
        ];
        let message = message::<Sha2>(&base);
        assert!(message.starts_with(PREFIX));
        for other in others {
            assert_ne!(super::message::<Sha2>(&other), message);
        }
    }

    #[test]
    fn order_of_outputs_matters() {
        let (a, b) = ([1; 32], [2; 32]);
        let ab = chain_output::<Sha2>(&chain_output::<Sha2>(&[0; 32], &a), &b);
        let ba = chain_output::<Sha2>(&chain_output::<Sha2>(&[0; 32], &b), &a);
        assert_ne!(ab, ba);
    }
}
