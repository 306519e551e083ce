//! A reward epoch from an index: built, recomputed in every way there is, held against straight lines, approved
//! by two of three authorities, finalized by a stranger, and paid.

use super::chain::{config, rewards, send, until};
use super::checks::Checks;
use super::pay;
use anyhow::Context;
use mira_chain::account::RewardState;
use mira_chain::rpc::Rpc;
use mira_chain::{ix, pda};
use mira_cli::network::{Network, Role, derive};
use mira_indexer::check::Books;
use mira_indexer::epoch::{self, Bundle, Difference};
use mira_store::Store;
use mira_testkit::epochs::{self, Expected, Has, Rates, Worked};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::path::Path;

/// What an authority needs for its fees.
const LAMPORTS: u64 = 100_000_000;

/// Reads a bundle that an earlier run left; `None` if there is none.
pub fn load(path: &Path) -> anyhow::Result<Option<Bundle>> {
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Bundle::from_json(&text).map(Some).with_context(|| format!("{} is no bundle", path.display()))
}

/// Makes sure that the next epoch can be built: a network's epochs continue each other.
pub async fn require_previous(rpc: &Rpc, previous: Option<&Bundle>) -> anyhow::Result<()> {
    let state: Option<RewardState> = rpc.state(&pda::rewards(), Confirmed).await?;
    let last = state.map(|state| state.last.to_core()).unwrap_or_default();
    if previous.map(Bundle::epoch).unwrap_or_default() == last {
        return Ok(());
    }
    match last.index {
        0 => anyhow::bail!(
            "the network on this chain has no final epoch: leave --bundle out, or name a file that is not there"
        ),
        index => anyhow::bail!(
            "epoch {index} of the network on this chain is final, and the next one continues it: give its bundle with \
             --bundle, as the run that made it kept it, or use a new ledger"
        ),
    }
}

/// The next epoch of the network from its beginning to its end.
pub async fn play(
    network: &Network,
    seed: u64,
    store: &dyn Store,
    previous: Option<&Bundle>,
    checks: &mut Checks,
) -> anyhow::Result<Bundle> {
    let authorities = [0, 1, 2].map(|index| derive(seed, Role::Authority(index)));
    appoint(network, &authorities).await?;
    let bundle = epoch::build(store, None, previous).await.context("an epoch cannot be built")?;
    verify(&bundle, store, previous, checks).await?;
    expect(network, &bundle, store, previous, checks).await?;

    let proposed = bundle.epoch();
    let epoch_secs = config(network).await?.params.epoch_secs;
    until(network, rewards(network).await?.last_at.saturating_add(i64::from(epoch_secs))).await?;
    for authority in authorities.iter().take(2) {
        send(network, &[ix::approve_epoch(&authority.pubkey(), &proposed)], &[authority]).await?;
    }
    let pending = rewards(network).await?.pending.context("two of three authorities are a majority")?;
    until(network, pending.final_from).await?;
    let stranger = network.key(Role::Requester);
    send(network, &[ix::finalize_epoch(&stranger.pubkey())], &[&stranger]).await?;
    let last = rewards(network).await?.last;
    checks.note("epoch: final", last.to_core() == proposed, format!("epoch {} with the bundle's root", last.index));
    pay::claim(network, &stranger, &bundle, checks).await?;
    Ok(bundle)
}

/// Makes the three the network's reward authorities, with something for their fees.
async fn appoint(network: &Network, authorities: &[Keypair; 3]) -> anyhow::Result<()> {
    let (admin, keys) = (network.admin.pubkey(), authorities.each_ref().map(Keypair::pubkey));
    let fund = |key: &Pubkey| solana_system_interface::instruction::transfer(&admin, key, LAMPORTS);
    let mut instructions: Vec<Instruction> = keys.iter().map(fund).collect();
    if config(network).await?.reward_authorities != keys {
        instructions.push(ix::set_reward_authorities(&admin, &keys));
    }
    send(network, &instructions, &[&network.admin]).await
}

/// The bundle follows from itself, from the ledger, and from the one before.
async fn verify(
    bundle: &Bundle,
    store: &dyn Store,
    previous: Option<&Bundle>,
    checks: &mut Checks,
) -> anyhow::Result<()> {
    let mut note = |by: &str, found: &[Difference]| {
        let detail = found.first().map_or_else(|| "no line differs".to_owned(), Difference::to_string);
        checks.note(format!("epoch: recomputed from {by}"), found.is_empty(), detail);
    };
    note("itself", &epoch::alone(bundle)?);
    note("the ledger", &epoch::against_ledger(bundle, store).await?);
    if let Some(previous) = previous {
        note("the one before", &epoch::against_previous(bundle, previous)?);
    }
    Ok(())
}

/// The bundle says what straight lines over the leases give.
async fn expect(
    network: &Network,
    bundle: &Bundle,
    store: &dyn Store,
    previous: Option<&Bundle>,
    checks: &mut Checks,
) -> anyhow::Result<()> {
    let params = config(network).await?.params;
    let rates = Rates { fee_bps: params.fee_bps, share_bps: params.reward_share_bps };
    let worked = worked(store).await?;
    let before = previous.map(carried).unwrap_or_default();
    let expected = epochs::epoch(&worked, rewards(network).await?.swept, &before, rates);
    let said = bundle.epoch();
    checks.same("epoch: root", &hex::encode(said.root), &hex::encode(expected.root));
    checks.same("epoch: fees", &said.cumulative_fees.get(), &expected.cumulative_fees);
    checks.same("epoch: rewards", &said.cumulative_total.get(), &expected.cumulative_total);
    let paid = expected.cumulative_total.saturating_sub(before.cumulative_total);
    checks.note("epoch: pays something", paid > 0, format!("{paid} base units over {} leases", worked.len()));
    Ok(())
}

/// What every lease settled and what was reported of it.
async fn worked(store: &dyn Store) -> anyhow::Result<Vec<Worked>> {
    let mut worked = Vec::new();
    for row in Books::load(store).await?.leases.iter().filter(|row| !row.settled.is_zero()) {
        let units = store.newest_usage(&[row.lease]).await?.first().map_or(0, |report| report.cumulative_units.get());
        let reported = (u128::from(units) * u128::from(row.unit_price.get())).div_ceil(1_000_000);
        worked.push(Worked {
            lease: Pubkey::new_from_array(row.lease),
            provider: Pubkey::new_from_array(row.provider),
            settled: row.settled.get(),
            reported: u64::try_from(reported)?,
        });
    }
    Ok(worked)
}

/// What the epochs before gave, from the last one's bundle.
fn carried(bundle: &Bundle) -> Expected {
    let has = bundle
        .providers
        .iter()
        .map(|line| (Pubkey::new_from_array(line.provider.0), Has { fees: line.fees.0, lifetime: line.lifetime.0 }));
    let epoch = bundle.epoch();
    Expected {
        has: has.collect(),
        cumulative_fees: epoch.cumulative_fees.get(),
        cumulative_total: epoch.cumulative_total.get(),
        ..Expected::default()
    }
}
