//! Invariant 5. Collected = in shards + swept; swept = in the reward vault. Each shard's collected is the
//! sum of the fees that the protocol's arithmetic gives for its leases.

use std::collections::HashMap;

use mira_chain::pda;
use mira_core::fee::fee_ceil;
use mira_core::fee_shard::shard_of;

use super::finding::Findings;
use super::{Books, CheckResult, Vaults};
use crate::convert::base58;

pub(super) fn check(books: &Books, vaults: &Vaults, gifts: bool) -> CheckResult {
    let mut findings = Findings::default();
    let mut due: HashMap<u8, u128> = HashMap::new();
    for lease in &books.leases {
        // Fees telescope: all settlements of a lease together cost what one would have.
        match fee_ceil(lease.settled, lease.fee) {
            Ok(fee) => {
                findings.equal(format!("lease {}: fees", base58(&lease.lease)), &lease.fee_paid, &fee);
                let sum = due.entry(shard_of(&lease.lease)).or_default();
                *sum = sum.saturating_add(u128::from(fee.get()));
            }
            Err(error) => findings.wrong(format!("lease {}: {error}", base58(&lease.lease))),
        }
    }
    let (mut collected, mut swept) = (0_u128, 0_u128);
    for shard in &books.shards {
        let name = format!("fee shard {}", shard.shard);
        let (all, gone) = (u128::from(shard.collected.get()), u128::from(shard.swept.get()));
        findings.equal(format!("{name}: collected"), &all, &due.remove(&shard.shard).unwrap_or(0));
        let vault = pda::fee_vault(shard.shard).to_bytes();
        match all.checked_sub(gone) {
            Some(left) => findings.vault(name, &vault, left, vaults.balance(&vault), gifts),
            None => findings.wrong(format!("{name}: {gone} swept of {all} collected")),
        }
        collected = collected.saturating_add(all);
        swept = swept.saturating_add(gone);
    }
    for (shard, fees) in due.iter().filter(|(_, fees)| **fees > 0) {
        findings.wrong(format!("fee shard {shard}: has {fees} in fees and no row"));
    }
    let rewards = books.rewards.as_ref().map_or(0, |rewards| u128::from(rewards.swept.get()));
    findings.equal("swept by shards and into rewards", &swept, &rewards);
    if books.network.is_some() {
        let vault = pda::reward_vault().to_bytes();
        findings.vault("rewards", &vault, rewards, vaults.balance(&vault), gifts);
    }
    let left = collected.saturating_sub(swept);
    findings.result("fees_conserved", format!("collected {collected} = in shards {left} + swept {swept}"))
}
