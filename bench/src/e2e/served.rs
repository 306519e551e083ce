//! What the API says in the end, held against an index of our own and against the chain.

use super::checks::Checks;
use super::indexes::reconciled;
use anyhow::Context;
use mira_chain::account::Provider;
use mira_cli::network::Network;
use mira_indexer::check::Books;
use mira_indexer::epoch::Bundle;
use mira_store::Store;
use mira_wire::PageQuery;
use mira_wire::client::ApiClient;
use mira_wire::event::Event;
use mira_wire::reconciliation::ReconciliationQuery;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;

/// The most that one page holds.
const LIMIT: u32 = 100;

/// Reads the network, the ledger, the providers and the reconciliation back.
pub async fn judge(network: &Network, store: &dyn Store, bundle: &Bundle, checks: &mut Checks) -> anyhow::Result<()> {
    let api = ApiClient::new(&network.file.api_url)?;
    let ready = api.readyz().await?;
    let failing: Vec<&str> = ready.checks.iter().filter(|check| !check.ok).map(|check| check.name.as_str()).collect();
    checks.note("api: ready", failing.is_empty(), format!("{} checks, failing: {failing:?}", ready.checks.len()));

    let events = events(&api).await?;
    let count = u64::try_from(events.len())?;
    checks.same("api: events", &count, &store.event_count().await?);
    let named = |name: &str| events.iter().filter(|event| event.name == name).count();
    let index = usize::try_from(bundle.epoch.index.0)?;
    checks.same("api: epochs that are final", &named("EpochFinalized"), &index);
    let claims = bundle.providers.iter().filter(|line| line.leaf.is_some()).count();
    checks.note("api: claims", named("RewardClaimed") >= claims, format!("{} events", named("RewardClaimed")));

    let books = Books::load(store).await?;
    let served = api.network().await?.data;
    let rewards = books.rewards.as_ref().context("the index has no reward vault")?;
    checks.same("api: swept", &served.fees.swept.get(), &rewards.swept.get());
    let open = books.leases.iter().filter(|lease| !lease.released).count();
    checks.same("api: leases still open", &served.demand.open_leases.get(), &u64::try_from(open)?);
    for line in bundle.providers.iter().filter(|line| line.leaf.is_some()) {
        let key = Pubkey::new_from_array(line.provider.0);
        let account: Option<Provider> = network.rpc.state(&key, CommitmentLevel::Finalized).await?;
        let account = account.with_context(|| format!("there is no provider at {key}"))?;
        let served = api.provider(line.provider.0.into()).await?.data;
        checks.same(format!("api: provider {key}"), &served.seq.get(), &account.seq);
    }

    // The network's own database has the reports of its own round.
    let since = network.since.unix_timestamp;
    reconciled(&*network.store, "api: reconciled".to_owned(), since, checks).await?;
    let listed =
        api.reconciliation(&ReconciliationQuery { limit: Some(LIMIT), ..ReconciliationQuery::default() }).await?;
    let mut ours = 0;
    for item in &listed.data {
        ours += usize::from(store.lease(&item.lease.get()).await?.is_some_and(|row| row.opened_at >= since));
    }
    checks.same("api: differences of its round", &ours, &0);
    Ok(())
}

/// The whole ledger, page by page.
async fn events(api: &ApiClient) -> anyhow::Result<Vec<Event>> {
    let (mut events, mut query) = (Vec::new(), PageQuery { limit: Some(LIMIT), cursor: None });
    loop {
        let page = api.events(&query).await?;
        events.extend(page.data);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return Ok(events),
        }
    }
}
