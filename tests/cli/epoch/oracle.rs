//! An epoch from what the test itself did, in straight lines (`mira_testkit::epochs`), and a report's hash from
//! its text alone.

use mira_core::hash::{Sha2, Sha256 as _};
use mira_testkit::epochs::{self, Rates};
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;

pub use mira_testkit::epochs::{Expected, Has, Worked};

type Hash = [u8; 32];

/// The rates of `indexer::network::params`.
const RATES: Rates = Rates { fee_bps: 150, share_bps: 8_000 };

/// 1.5 % of fees, 80 % of them rewards, all qualities neutral.
pub fn epoch(worked: &[Worked], swept: u64, before: &Expected) -> Expected {
    epochs::epoch(worked, swept, before, RATES)
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
