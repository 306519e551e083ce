//! Which accounts a settlement writes, and whether unrelated settlements write one in common: what
//! they share they wait for.

use super::stage::Stage;
use mira_chain::pda;
use serde::Serialize;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// An account that a settlement writes.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// Its name in the instruction.
    pub account: &'static str,
    /// Whether the settlement of another job by another provider writes the same one.
    pub shared: bool,
}

/// The accounts of `settle`, in their order.
const NAMES: [&str; 13] = [
    "submitter",
    "config",
    "job",
    "vault",
    "lease",
    "provider",
    "payout",
    "fee_shard",
    "fee_vault",
    "instructions",
    "token_program",
    "event_authority",
    "program",
];

/// Compares two settlements that have nothing to do with each other but the network.
pub fn measure(seed: u64) -> Vec<Written> {
    let one = settlement(seed, None);
    // Of sixteen shards two leases may have drawn the same by chance; that is no rule, so draw again.
    let other = settlement(seed.wrapping_add(1_000_000), Some(&one));
    let written = |instruction: &Instruction| -> Vec<(usize, Pubkey)> {
        let metas = instruction.accounts.iter().enumerate();
        metas.filter(|(_, meta)| meta.is_writable).map(|(at, meta)| (at, meta.pubkey)).collect()
    };
    let others: Vec<Pubkey> = written(&other).into_iter().map(|(_, key)| key).collect();
    let of = |(at, key): (usize, Pubkey)| Written { account: NAMES[at], shared: others.contains(&key) };
    written(&one).into_iter().map(of).collect()
}

/// What every settlement would wait for.
pub fn contended(written: &[Written]) -> Vec<String> {
    let shared = written.iter().filter(|account| account.shared);
    shared.map(|account| format!("unrelated settlements both write {}", account.account)).collect()
}

fn settlement(seed: u64, unlike: Option<&Instruction>) -> Instruction {
    let mut stage = Stage::provider(seed);
    let job = stage.job(0);
    loop {
        let lease = stage.open(&job);
        let settle = stage.world.settle(&stage.operator, &stage.signer, &lease, 1, 1).instructions[1].clone();
        let shard = pda::fee_shard(pda::fee_shard_of(&lease));
        if unlike.is_none_or(|other| other.accounts.iter().all(|meta| meta.pubkey != shard)) {
            return settle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_is_found() {
        let written = |shared| Written { account: "vault", shared };
        assert!(contended(&[written(false)]).is_empty());
        assert_eq!(contended(&[written(false), written(true)]).len(), 1);
    }
}
