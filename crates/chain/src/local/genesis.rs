//! The state that the chain starts from.

use super::LocalChainConfig;
use mira_core::hash::{Sha2, Sha256};
use solana_sdk::hash::Hash;
use surfpool_core::surfnet::BlockIdentifier;
use surfpool_core::surfnet::locker::SurfnetSvmLocker;
use surfpool_core::surfnet::svm::SurfnetSvm;
use surfpool_core::types::SyntheticBlockhash;

/// The chain's identity, from the seed.
pub(super) fn genesis_hash(seed: u64) -> Hash {
    Hash::new_from_array(Sha2::hashv(&[b"mira:local-chain:v1:", &seed.to_le_bytes()]))
}

/// Gives a fresh chain its identity and makes its block hashes one sequence.
///
/// Blocks without transactions are not stored but derived from their slot, while the others take
/// their hash from a counter that starts at 0. Starting the counter at the first slot makes both
/// agree, so that every block's parent hash is the hash of the block before, as on a cluster.
pub(super) fn prepare(svm: &mut SurfnetSvm, seed: u64) {
    svm.cached_genesis_hash = Some(genesis_hash(seed));
    let first = svm.genesis_slot;
    let before = SyntheticBlockhash::new(first.saturating_sub(1)).to_string();
    svm.chain_tip = BlockIdentifier::new(first, &before);
    svm.reconstruct_sysvars();
}

/// Loads the program with its upgrade authority, as a deployment would leave it.
pub(super) async fn deploy(locker: &SurfnetSvmLocker, config: &LocalChainConfig) -> Result<(), String> {
    locker
        .write_program(config.program_id, Some(config.upgrade_authority), 0, &config.elf, &None)
        .await
        .map_err(|error| format!("cannot load the program: {error}"))?;
    // Writing only logs bytecode that does not load; setting the account again says so.
    let id = config.program_id;
    locker.with_svm_writer(move |svm| {
        let account = svm.inner.get_account(&id).map_err(|error| error.to_string())?;
        let account = account.ok_or("the program's account is missing")?;
        svm.set_account(&id, account).map_err(|error| format!("the program does not load: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_the_identity() {
        assert_eq!(genesis_hash(1), genesis_hash(1));
        assert_ne!(genesis_hash(1), genesis_hash(2));
    }
}
