//! The chain's own SHA-256, as the hasher that `mira_core` takes.

use mira_core::hash::Sha256;
use mira_core::Hash;

/// The `sol_sha256` syscall.
pub struct Syscall;

impl Sha256 for Syscall {
    fn hashv(parts: &[&[u8]]) -> Hash {
        solana_sha256_hasher::hashv(parts).to_bytes()
    }
}
