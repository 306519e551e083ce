//! An epoch in straight lines, from what the test itself did: no code of the indexer, wide numbers, a tree
//! of its own.

use mira_core::hash::{Sha2, Sha256 as _};
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

type Hash = [u8; 32];

/// One lease, payment base units.
#[derive(Clone, Copy, Debug)]
pub struct Worked {
    pub lease: Pubkey,
    pub provider: Pubkey,
    pub settled: u64,
    pub reported: u64,
}

/// What a provider has by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Has {
    pub fees: u64,
    pub lifetime: u64,
}

/// What an epoch should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    pub has: BTreeMap<Pubkey, Has>,
    pub cumulative_fees: u64,
    pub cumulative_total: u64,
    pub to_treasury: u64,
    pub root: Hash,
}

/// 1.5 % of fees, 80 % of them rewards, all qualities neutral.
pub fn epoch(worked: &[Worked], swept: u64, before: &Expected) -> Expected {
    let mut earned: BTreeMap<Pubkey, u128> = BTreeMap::new();
    for lease in worked {
        let settled = u128::from(lease.settled);
        let fee = (settled * 150).div_ceil(10_000);
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
        let reward = fees * 8_000 / 10_000;
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

/// The report's hash, from the text of the bundle and the table of the encoding alone.
pub fn report_hash(bundle: &Value) -> Hash {
    let mut leases = Vec::new();
    for line in bundle["leases"].as_array().unwrap() {
        let mut bytes = b"mira:epoch-lease:v1:".to_vec();
        keys(&mut bytes, line, &["lease", "provider"]);
        numbers(&mut bytes, line, &["settled", "fee_paid", "matched", "eligible", "fees"]);
        leases.push(Sha2::hashv(&[&bytes]));
    }
    let mut providers = Vec::new();
    for line in bundle["providers"].as_array().unwrap() {
        let mut bytes = b"mira:epoch-provider:v1:".to_vec();
        keys(&mut bytes, line, &["provider"]);
        numbers(&mut bytes, line, &["fees_before", "reward_before"]);
        for rate in ["audits", "deadlines", "latency", "availability"] {
            assert!(line[rate].is_null(), "nothing observes a rate yet");
            bytes.extend([0; 17]);
        }
        numbers(&mut bytes, line, &["earned", "fees"]);
        bytes.extend(u16::try_from(line["quality_bps"].as_u64().unwrap()).unwrap().to_le_bytes());
        numbers(&mut bytes, line, &["reward", "lifetime"]);
        providers.push(Sha2::hashv(&[&bytes]));
    }
    let epoch = &bundle["epoch"];
    let mut bytes = b"mira:epoch-report:v1:".to_vec();
    keys(&mut bytes, epoch, &["program", "network", "cluster"]);
    numbers(&mut bytes, epoch, &["index", "slot", "time"]);
    bytes.extend(u16::try_from(epoch["reward_share_bps"].as_u64().unwrap()).unwrap().to_le_bytes());
    numbers(&mut bytes, epoch, &["swept"]);
    hashes(&mut bytes, epoch, &["previous_root"]);
    numbers(&mut bytes, epoch, &["previous_fees", "previous_total"]);
    hashes(&mut bytes, epoch, &["previous_report_hash"]);
    for lines in [&leases, &providers] {
        bytes.extend(u64::try_from(lines.len()).unwrap().to_le_bytes());
        lines.iter().for_each(|hash| bytes.extend(hash));
    }
    hashes(&mut bytes, epoch, &["root"]);
    numbers(&mut bytes, epoch, &["cumulative_fees", "cumulative_total"]);
    Sha2::hashv(&[&bytes])
}

fn keys(bytes: &mut Vec<u8>, line: &Value, names: &[&str]) {
    for name in names {
        bytes.extend(line[name].as_str().unwrap().parse::<Pubkey>().unwrap().to_bytes());
    }
}

fn numbers(bytes: &mut Vec<u8>, line: &Value, names: &[&str]) {
    for name in names {
        bytes.extend(line[name].as_str().unwrap().parse::<u64>().unwrap().to_le_bytes());
    }
}

fn hashes(bytes: &mut Vec<u8>, line: &Value, names: &[&str]) {
    for name in names {
        bytes.extend(unhex(line[name].as_str().unwrap()));
    }
}

/// 32 bytes from hex.
pub fn unhex(text: &str) -> Hash {
    assert_eq!(text.len(), 64);
    std::array::from_fn(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
}
