//! What has to hold in the end: the tables of the index that was killed are those of one that never was, and
//! its ledger is what the chain itself says of the transactions that were sent.

use anyhow::{Context, ensure};
use mira_chain::source::{RpcSource, SignatureSource as _, TransactionFetch};
use mira_indexer::rebuild::verify;
use mira_indexer::{Config, Indexer, STREAM};
use mira_store::Store;
use mira_store::model::{ChainSlot, EventId, RawEvent, Set};
use mira_testkit::network::Network;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PAGE: u32 = 1_000;
/// How long the index made once may take.
const LONG: Duration = Duration::from_secs(600);

/// What was compared.
pub struct Compared {
    /// Events of the chain.
    pub events: usize,
    /// Slots, those without a block included.
    pub slots: usize,
    /// The hash of the rows, in hex.
    pub state_hash: String,
    /// What differs.
    pub findings: Vec<String>,
}

/// Compares the index that was killed, up to a slot after which nothing happened.
pub async fn compare(killed: &dyn Store, network: &Network, slot: u64, folder: &Path) -> anyhow::Result<Compared> {
    let fresh = fresh(network, slot, folder).await?;
    let (events, slots) = (events(killed, slot).await?, slots(killed, slot).await?);
    let mut findings = Vec::new();
    let mut check = |holds: bool, finding: String| {
        if !holds {
            findings.push(finding)
        }
    };

    let expected = self::events(fresh.as_ref(), slot).await?;
    check(events == expected, differ("the ledger", &events, &expected));
    let expected = self::slots(fresh.as_ref(), slot).await?;
    check(slots == expected, differ("the slots", &slots, &expected));
    let beyond = killed.event_count().await?;
    let known = u64::try_from(events.len()).unwrap_or(u64::MAX);
    check(beyond == known, format!("{beyond} events are stored, {known} of them up to the last slot"));
    let chain = of_chain(network).await?;
    let stored: BTreeMap<_, _> = events.iter().map(|event| (event.ord.id(), body(event))).collect();
    let lost = chain.keys().filter(|id| !stored.contains_key(id)).count();
    let foreign = stored.keys().filter(|id| !chain.contains_key(id)).count();
    check(
        stored == chain,
        format!("of the chain's {} events {lost} are lost, and {foreign} are not its own", chain.len()),
    );
    check(stored.len() == events.len(), format!("{} events are stored twice", events.len() - stored.len()));

    let live = killed.state_digest(Set::Live, STREAM).await?;
    let once = fresh.state_digest(Set::Live, STREAM).await?;
    let again = verify(killed).await.context("folding the ledger again")?;
    check(live.hash == once.hash, "the rows differ from those of an index that was never killed".to_owned());
    check(again.matches(), "the rows differ from those of the ledger folded again".to_owned());
    let confirmed = killed.state_digest(Set::Confirmed, STREAM).await?.rows;
    check(confirmed == 0, format!("{confirmed} confirmed rows are left over"));
    let state_hash = live.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    fresh.close().await;
    Ok(Compared { events: events.len(), slots: slots.len(), state_hash, findings })
}

fn differ<T>(what: &str, found: &[T], expected: &[T]) -> String {
    format!("{what} differs from that of an index that was never killed: {} rows, not {}", found.len(), expected.len())
}

/// An index made once, without a kill, in SQLite.
async fn fresh(network: &Network, slot: u64, folder: &Path) -> anyhow::Result<Arc<dyn Store>> {
    let store = mira_store::open(&format!("sqlite:{}", folder.join("once.sqlite").display())).await?;
    let shutdown = CancellationToken::new();
    let config = Config { poll: Duration::from_millis(20), ..Config::default() };
    let running = Indexer::spawn(config, store.clone(), network.rpc.clone(), shutdown.clone());
    tokio::time::timeout(LONG, running.reached(slot)).await.context("the index made once takes too long")??;
    shutdown.cancel();
    running.task.await?;
    Ok(store)
}

async fn events(store: &dyn Store, slot: u64) -> anyhow::Result<Vec<RawEvent>> {
    let mut all: Vec<RawEvent> = Vec::new();
    loop {
        let page = store.events_after(all.last().map(|event| event.ord), Some(slot), PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

async fn slots(store: &dyn Store, slot: u64) -> anyhow::Result<Vec<ChainSlot>> {
    let mut all: Vec<ChainSlot> = Vec::new();
    loop {
        let page = store.chain_slots(all.last().map(|last| last.slot), PAGE).await?;
        let ended = page.last().is_none_or(|last| last.slot >= slot);
        all.extend(page.into_iter().filter(|row| row.slot <= slot));
        if ended {
            return Ok(all);
        }
    }
}

type Body = ([u8; 8], Vec<u8>);

fn body(event: &RawEvent) -> Body {
    (event.discriminator, event.payload.clone())
}

/// The events of every transaction that was sent, as the chain tells of each by its signature.
async fn of_chain(network: &Network) -> anyhow::Result<BTreeMap<EventId, Body>> {
    let chain = RpcSource::new(network.rpc.clone());
    let mut all = BTreeMap::new();
    for signature in network.sent() {
        let found = match chain.transaction(signature.into(), 0).await? {
            TransactionFetch::Present(found) => found,
            TransactionFetch::Unavailable { reason } => {
                anyhow::bail!("{signature} was sent and is not there: {reason}")
            }
        };
        for event in found.events {
            let id = EventId { signature: event.id.signature, ix: event.id.ix, inner_ix: event.id.inner_ix };
            ensure!(all.insert(id, (event.discriminator, event.payload)).is_none(), "{signature} has an event twice");
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
