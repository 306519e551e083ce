//! Invariants 5 and 6. Collected = in shards + swept; swept = in the reward vault + paid out + sent to the
//! treasury. Each shard's collected is the sum of the fees that the protocol's arithmetic gives for its
//! leases; what is claimed is what providers claimed, and no more than the final epochs gave.

use std::collections::HashMap;

use mira_chain::pda;
use mira_core::amount::Payment;
use mira_core::fee::fee_ceil;
use mira_core::fee_shard::shard_of;
use mira_store::model::RewardsRow;

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
    let out = rewards(books, vaults, gifts, swept, &mut findings);
    let left = collected.saturating_sub(swept);
    let figures =
        format!("collected {collected} = in shards {left} + swept {swept}, of that {out} left the reward vault");
    findings.result("fees_conserved", figures)
}

/// The reward vault and the treasury. Gives what has left the reward vault.
fn rewards(books: &Books, vaults: &Vaults, gifts: bool, swept: u128, findings: &mut Findings) -> u128 {
    let sums = books.rewards.as_ref();
    let sum = |amount: fn(&RewardsRow) -> Payment| sums.map_or(0, |rewards| u128::from(amount(rewards).get()));
    let (into, claimed) = (sum(|rewards| rewards.swept), sum(|rewards| rewards.claimed));
    let (paid, sent, withdrawn) =
        (sum(|rewards| rewards.paid_out), sum(|rewards| rewards.to_treasury), sum(|rewards| rewards.withdrawn));
    findings.equal("swept by shards and into rewards", &swept, &into);
    let by_providers = books.providers.iter().map(|provider| u128::from(provider.claimed.get()));
    findings.equal("claimed for providers and of rewards", &by_providers.sum::<u128>(), &claimed);
    let total = sum(|rewards| rewards.cumulative_total);
    if paid > claimed || claimed > total {
        findings.wrong(format!("{paid} paid out of {claimed} claimed, and {total} by the final epochs"));
    }
    let out = paid.saturating_add(sent);
    for (name, vault, all, gone) in
        [("rewards", pda::reward_vault(), into, out), ("treasury", pda::treasury(), sent, withdrawn)]
    {
        let vault = vault.to_bytes();
        match all.checked_sub(gone) {
            None => findings.wrong(format!("{name}: {gone} of {all} are gone")),
            Some(owed) if books.network.is_some() => {
                findings.vault(name, &vault, owed, vaults.balance(&vault), gifts);
            }
            Some(_) => {}
        }
    }
    out
}
