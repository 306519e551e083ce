//! Claims of a final epoch, and whether each paid exactly what the bundle says.

use super::chain::{rewards, send};
use super::checks::Checks;
use anyhow::Context;
use mira_chain::account::Provider;
use mira_chain::{ix, pda};
use mira_cli::network::Network;
use mira_indexer::epoch::{Bundle, fold};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;

/// Claims for every provider that the bundle names; anyone may.
pub async fn claim(network: &Network, actor: &Keypair, bundle: &Bundle, checks: &mut Checks) -> anyhow::Result<()> {
    let report = fold(&bundle.inputs()?)?;
    let before = rewards(network).await?;
    let (mut claims, mut due_all, mut paid_all, mut wrong) = (0_u32, 0_u64, 0_u64, Vec::new());
    for line in report.providers.iter().filter(|line| line.leaf.is_some()) {
        let key = Pubkey::new_from_array(line.provider);
        let (lifetime, proof) = report.claim(&line.provider).context("a provider with a leaf has a proof")?;
        let account = provider(network, &key).await?;
        let due = lifetime.get().saturating_sub(account.claimed);
        if due == 0 {
            continue;
        }
        let held = balance(network, &account.payout).await?;
        let claim = ix::claim_reward(&actor.pubkey(), &key, &account.payout, lifetime, &proof);
        send(network, &[claim], &[actor]).await?;
        let got = balance(network, &account.payout).await?.saturating_sub(held);
        // The owner's commission; the rest stays in the vault for the shares.
        let commission = u128::from(due) * u128::from(account.commission_bps) / 10_000;
        let claimed = provider(network, &key).await?.claimed;
        if u128::from(got) != commission || claimed != lifetime.get() {
            wrong.push(format!("{key} got {got}, not {commission}, and has claimed {claimed}, not {lifetime}"));
        }
        claims += 1;
        due_all = due_all.saturating_add(due);
        paid_all = paid_all.saturating_add(got);
    }
    let detail = match wrong.is_empty() {
        true => format!("{claims} claims of {due_all}, of that {paid_all} commission"),
        false => wrong.join(", "),
    };
    checks.note("claims: each paid what the bundle says", wrong.is_empty() && claims > 0, detail);
    let after = rewards(network).await?;
    checks.same(
        "claims: books",
        &(after.claimed - before.claimed, after.paid_out - before.paid_out),
        &(due_all, paid_all),
    );
    let owed = after.swept.saturating_sub(after.paid_out).saturating_sub(after.to_treasury);
    checks.same("claims: the vault holds the rest", &balance(network, &pda::reward_vault()).await?, &owed);
    Ok(())
}

async fn provider(network: &Network, key: &Pubkey) -> anyhow::Result<Provider> {
    network.rpc.state(key, Confirmed).await?.with_context(|| format!("there is no provider at {key}"))
}

async fn balance(network: &Network, account: &Pubkey) -> anyhow::Result<u64> {
    Ok(network.rpc.token_account(account, Confirmed).await?.map_or(0, |account| account.amount))
}
