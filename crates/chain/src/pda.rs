//! Every address that the program derives, from the seeds in `mira::seeds`.
//!
//! All functions are pure: the program id is the one compiled into the program. Canonical bumps are
//! found here as the program finds them, so an address that differs is a bug, never a choice.

use mira::seeds;
pub use mira_core::fee_shard::FEE_SHARDS;
use solana_sdk::pubkey::Pubkey;

/// The program's id.
pub const PROGRAM_ID: Pubkey = mira::ID;

/// The seed that Anchor fixes for the signer of event self-calls.
const EVENT_AUTHORITY: &[u8] = b"__event_authority";

fn find(seeds: &[&[u8]]) -> Pubkey {
    Pubkey::find_program_address(seeds, &PROGRAM_ID).0
}

/// The signer of the program's event self-calls.
pub fn event_authority() -> Pubkey {
    find(&[EVENT_AUTHORITY])
}

/// The loader's account that holds the program's bytes and its upgrade authority.
pub fn program_data() -> Pubkey {
    Pubkey::find_program_address(&[PROGRAM_ID.as_ref()], &solana_sdk_ids::bpf_loader_upgradeable::ID).0
}

/// `Config`, the only one.
pub fn config() -> Pubkey {
    find(&[seeds::CONFIG])
}

/// The token account that holds all stake.
pub fn stake_vault() -> Pubkey {
    find(&[seeds::STAKE_VAULT])
}

/// The `Provider` of an owner.
pub fn provider(owner: &Pubkey) -> Pubkey {
    find(&[seeds::PROVIDER, owner.as_ref()])
}

/// A staker's `StakePosition` with a provider. The owner's own stake is `staker = owner`.
pub fn stake_position(provider: &Pubkey, staker: &Pubkey) -> Pubkey {
    find(&[seeds::STAKE, provider.as_ref(), staker.as_ref()])
}

/// A requester's `Job`.
pub fn job(requester: &Pubkey, job_id: u64) -> Pubkey {
    find(&[seeds::JOB, requester.as_ref(), &job_id.to_le_bytes()])
}

/// A job's token account.
pub fn escrow(job: &Pubkey) -> Pubkey {
    find(&[seeds::ESCROW, job.as_ref()])
}

/// A `Lease`; `nonce` is the job's `leases_total` at its opening.
pub fn lease(job: &Pubkey, provider: &Pubkey, nonce: u32) -> Pubkey {
    find(&[seeds::LEASE, job.as_ref(), provider.as_ref(), &nonce.to_le_bytes()])
}

/// The number of the fee shard that a lease's fees go to.
pub fn fee_shard_of(lease: &Pubkey) -> u8 {
    mira_core::fee_shard::shard_of(&lease.to_bytes())
}

/// One of the [`FEE_SHARDS`] `FeeShard` accounts.
pub fn fee_shard(shard: u8) -> Pubkey {
    find(&[seeds::FEES, &[shard]])
}

/// A fee shard's token account.
pub fn fee_vault(shard: u8) -> Pubkey {
    find(&[seeds::FEE_VAULT, &[shard]])
}

/// `RewardState`, the only one.
pub fn rewards() -> Pubkey {
    find(&[seeds::REWARDS])
}

/// The token account that holds swept fees.
pub fn reward_vault() -> Pubkey {
    find(&[seeds::REWARD_VAULT])
}

/// The token account that holds the treasury.
pub fn treasury() -> Pubkey {
    find(&[seeds::TREASURY])
}

/// A lease's `Dispute`.
pub fn dispute(lease: &Pubkey) -> Pubkey {
    find(&[seeds::DISPUTE, lease.as_ref()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_address_is_distinct_and_off_the_curve() {
        let key = Pubkey::new_from_array([7; 32]);
        let mut all = vec![
            event_authority(),
            config(),
            stake_vault(),
            provider(&key),
            stake_position(&key, &key),
            job(&key, 1),
            job(&key, 2),
            escrow(&key),
            lease(&key, &key, 0),
            lease(&key, &key, 1),
            rewards(),
            reward_vault(),
            treasury(),
            dispute(&key),
        ];
        for shard in 0..FEE_SHARDS {
            all.push(fee_shard(shard));
            all.push(fee_vault(shard));
        }
        assert!(all.iter().all(|address| !address.is_on_curve()));
        let distinct: BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn a_lease_key_names_its_fee_shard() {
        let mut key = [0; 32];
        key[0] = 0x2f;
        assert_eq!(fee_shard_of(&Pubkey::new_from_array(key)), 15);
    }
}
