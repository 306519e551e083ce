//! Invariant 1. Per job: vault = funded − paid − refunded. A closed job owes nothing and has no vault.

use mira_chain::pda;
use mira_store::model::JobState;
use solana_sdk::pubkey::Pubkey;

use super::finding::Findings;
use super::{Books, CheckResult, Vaults};
use crate::convert::base58;

pub(super) fn check(books: &Books, vaults: &Vaults, gifts: bool) -> CheckResult {
    let mut findings = Findings::default();
    let (mut funded, mut paid, mut refunded, mut escrow) = (0_u128, 0_u128, 0_u128, 0_u128);
    for job in &books.jobs {
        let name = format!("job {}", base58(&job.job));
        let [has, spent, returned] = [job.funded, job.paid, job.refunded].map(|amount| u128::from(amount.get()));
        let Some(owed) = has.checked_sub(spent).and_then(|left| left.checked_sub(returned)) else {
            findings.wrong(format!("{name}: paid {spent} and refunded {returned} of {has} funded"));
            continue;
        };
        let vault = pda::escrow(&Pubkey::new_from_array(job.job)).to_bytes();
        let held = vaults.balance(&vault);
        if job.status == JobState::Closed {
            findings.equal(format!("{name}, closed: escrow left"), &owed, &0);
            findings.equal(format!("{name}, closed: vault"), &None, &held);
        } else {
            findings.vault(name, &vault, owed, held, gifts);
        }
        funded = funded.saturating_add(has);
        paid = paid.saturating_add(spent);
        refunded = refunded.saturating_add(returned);
        escrow = escrow.saturating_add(owed);
    }
    let jobs = books.jobs.len();
    findings.result(
        "escrow_conserved",
        format!("{jobs} jobs: funded {funded} = paid {paid} + refunded {refunded} + in vaults {escrow}"),
    )
}
