//! An epoch in straight lines, from what was worked alone: no code of the indexer, wide numbers, a tree of its
//! own. What the indexer folds has to be the same.

use mira_core::hash::{Sha2, Sha256 as _};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

type Hash = [u8; 32];

/// One lease, payment base units.
#[derive(Clone, Copy, Debug)]
pub struct Worked {
    /// The lease.
    pub lease: Pubkey,
    /// Who worked.
    pub provider: Pubkey,
    /// What was settled.
    pub settled: u64,
    /// What was reported.
    pub reported: u64,
}

/// What a provider has by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Has {
    /// Fees that epochs counted.
    pub fees: u64,
    /// Its reward.
    pub lifetime: u64,
}

/// What an epoch should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Each provider that has a lease.
    pub has: BTreeMap<Pubkey, Has>,
    /// The sum of their fees.
    pub cumulative_fees: u64,
    /// The sum of their rewards.
    pub cumulative_total: u64,
    /// What this epoch's rewards leave of its fees.
    pub to_treasury: u64,
    /// The root of the tree.
    pub root: Hash,
}

/// The network's parameters that epochs depend on, in hundredths of a percent.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Of every payment.
    pub fee_bps: u16,
    /// Of the fees.
    pub share_bps: u16,
}

/// The epoch after `before`, all qualities neutral. `swept`: all fees that ever reached the reward vault.
pub fn epoch(worked: &[Worked], swept: u64, before: &Expected, rates: Rates) -> Expected {
    let mut earned: BTreeMap<Pubkey, u128> = BTreeMap::new();
    for lease in worked {
        let settled = u128::from(lease.settled);
        let fee = (settled * u128::from(rates.fee_bps)).div_ceil(10_000);
        let eligible = settled.min(u128::from(lease.reported));
        *earned.entry(lease.provider).or_default() += fee * eligible / settled;
    }
    let had = |key: &Pubkey| before.has.get(key).copied().unwrap_or_default();
    let due = |key: &Pubkey, earned: u128| earned.saturating_sub(u128::from(had(key).fees));
    let all: u128 = earned.iter().map(|(key, earned)| due(key, *earned)).sum();
    let there = u128::from(swept - before.cumulative_fees);
    let mut expected = Expected::default();
    for (key, earned) in &earned {
        let due = due(key, *earned);
        let fees = if all > there { due * there / all } else { due };
        let reward = fees * u128::from(rates.share_bps) / 10_000;
        let Has { fees: old_fees, lifetime } = had(key);
        let has = Has { fees: old_fees + narrow(fees), lifetime: lifetime + narrow(reward) };
        expected.has.insert(*key, has);
        expected.cumulative_fees += has.fees;
        expected.cumulative_total += has.lifetime;
    }
    let (fees, total) = (expected.cumulative_fees - before.cumulative_fees, before.cumulative_total);
    expected.to_treasury = fees - (expected.cumulative_total - total);
    let paid = expected.has.iter().filter(|(_, has)| has.lifetime > 0);
    let leaves: Vec<Hash> = paid.map(|(key, has)| leaf(key, has.lifetime)).collect();
    expected.root = root(&leaves);
    expected
}

fn narrow(wide: u128) -> u64 {
    u64::try_from(wide).unwrap()
}

fn leaf(provider: &Pubkey, lifetime: u64) -> Hash {
    Sha2::hashv(&[b"mira:reward-leaf:v1:", provider.as_ref(), &lifetime.to_le_bytes()])
}

/// From the top: the largest power of two of leaves to the left, the rest to the right.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => [0; 32],
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            let mut children = [root(left), root(right)];
            children.sort_unstable();
            Sha2::hashv(&[b"mira:reward-node:v1:", &children[0], &children[1]])
        }
    }
}
