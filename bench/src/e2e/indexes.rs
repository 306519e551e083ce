//! Two indexes from nothing over the same chain, one for each source, and what each must say.

use super::checks::Checks;
use super::rounds::name;
use mira_cli::network::Network;
use mira_indexer::{Config, Handle, Indexer, STREAM, SourceKind, check, prove, rebuild, reconcile};
use mira_store::Store;
use mira_store::model::{RawEvent, Set};
use mira_wire::{Time, clock};
use solana_commitment_config::CommitmentLevel;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long an index may take for the whole chain, besides the time that finality takes.
const CATCH_UP: Duration = Duration::from_secs(120);
/// Events compared at once.
const PAGE: u32 = 1_000;

/// One index.
pub struct Index {
    /// Its database.
    pub store: Arc<dyn Store>,
    kind: SourceKind,
    handle: Handle,
    shutdown: CancellationToken,
}

/// One of each source.
pub struct Indexes {
    /// Over blocks.
    pub blocks: Index,
    /// Over single transactions.
    pub signatures: Index,
}

/// Starts both where the network's own index began.
pub async fn start(network: &Network, folder: &Path) -> anyhow::Result<Indexes> {
    Ok(Indexes {
        blocks: Index::start(network, folder, SourceKind::Blocks).await?,
        signatures: Index::start(network, folder, SourceKind::Signatures).await?,
    })
}

impl Index {
    async fn start(network: &Network, folder: &Path, kind: SourceKind) -> anyhow::Result<Self> {
        let path = folder.join(format!("{}.sqlite", name(kind)));
        let store = mira_store::open(&format!("sqlite:{}", path.display())).await?;
        let config =
            Config { start_slot: network.start_slot, poll: network.pace.slot(), source: kind, ..Config::default() };
        let shutdown = CancellationToken::new();
        let handle = Indexer::spawn(config, store.clone(), network.rpc.clone(), shutdown.clone());
        Ok(Self { store, kind, handle, shutdown })
    }

    async fn reached(&self, slot: u64, within: Duration) -> anyhow::Result<()> {
        let kind = name(self.kind);
        match tokio::time::timeout(within, self.handle.reached(slot)).await {
            Ok(reached) => reached.map_err(|error| anyhow::anyhow!("the index over {kind}: {error}")),
            Err(_) => anyhow::bail!("the index over {kind} did not reach slot {slot} in {within:?}"),
        }
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.shutdown.cancel();
        self.handle.task.await?;
        self.store.close().await;
        Ok(())
    }

    /// Rebuilt, proved, held against the chain's accounts and vaults, and reconciled. What was reported and
    /// vouchered before `since` is not here.
    async fn judge(&self, network: &Network, since: i64, checks: &mut Checks) -> anyhow::Result<()> {
        let (store, kind) = (&*self.store, name(self.kind));
        let rebuilt = rebuild::verify(store).await?;
        let detail = format!("{} events, {}", rebuilt.events, hex::encode(rebuilt.rebuilt));
        checks.note(format!("{kind}: rebuilt"), rebuilt.matches(), detail);
        let proof = prove::prove(store).await?;
        let linked = proof.linked == (self.kind == SourceKind::Blocks);
        let detail = format!(
            "{} slots, {} skipped, {} events of {} aggregates, {} holes",
            proof.slots, proof.skipped, proof.events, proof.aggregates, proof.holes
        );
        checks.note(format!("{kind}: ledger whole"), proof.is_whole() && linked, detail);
        let options = check::Options { reports_from: since, ..check::Options::default() };
        for result in check::run(store, &network.rpc, options).await? {
            checks.note(format!("{kind}: {}", result.name), result.ok, result.detail);
        }
        reconciled(store, format!("{kind}: reconciled"), since, checks).await?;
        let health = self.handle.health.borrow().clone();
        checks.note(format!("{kind}: forged events"), health.forged == 0, health.forged);
        Ok(())
    }
}

impl Indexes {
    /// Waits until both, and the network's own, hold everything that is confirmed now.
    pub async fn catch_up(&self, network: &Network) -> anyhow::Result<()> {
        let slot = network.rpc.slot(CommitmentLevel::Confirmed).await?;
        let within = network.pace.patience(CATCH_UP, 4);
        tokio::try_join!(self.blocks.reached(slot, within), self.signatures.reached(slot, within))?;
        network.settle_index().await.map_err(|error| anyhow::anyhow!(error.told()))?;
        Ok(())
    }

    /// They agree to the byte, with each other and with the network's own, and each holds by itself.
    pub async fn judge(&self, network: &Network, since: i64, checks: &mut Checks) -> anyhow::Result<()> {
        let [blocks, signatures, own] = [&self.blocks.store, &self.signatures.store, &network.store];
        let wanted = digest(&**blocks).await?;
        checks.same("state hash: blocks and signatures", &wanted, &digest(&**signatures).await?);
        checks.same("state hash: blocks and the network's own", &wanted, &digest(&**own).await?);
        checks.note("ledger: blocks and signatures", same_ledger(&**blocks, &**signatures).await?, "event by event");
        self.blocks.judge(network, since, checks).await?;
        self.signatures.judge(network, since, checks).await
    }

    /// Stops both.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.blocks.stop().await?;
        self.signatures.stop().await
    }
}

async fn digest(store: &dyn Store) -> anyhow::Result<String> {
    Ok(hex::encode(store.state_digest(Set::Live, STREAM).await?.hash))
}

/// Whether two ledgers have the same events in the same order.
async fn same_ledger(left: &dyn Store, right: &dyn Store) -> anyhow::Result<bool> {
    let mut after = None;
    loop {
        let page: Vec<RawEvent> = left.events_after(after, None, PAGE).await?;
        if page != right.events_after(after, None, PAGE).await? {
            return Ok(false);
        }
        match page.last() {
            Some(last) => after = Some(last.ord),
            None => return Ok(true),
        }
    }
}

/// Keeps a run of the three books; leases opened since then must agree in all of them.
pub async fn reconciled(store: &dyn Store, what: String, since: i64, checks: &mut Checks) -> anyhow::Result<()> {
    let now_ms = Time::from_unsigned_ms(clock::now_ms()).ms();
    let report = reconcile::run(store, now_ms).await?;
    let mut ours = Vec::new();
    for item in &report.items {
        if store.lease(&item.lease).await?.is_some_and(|row| row.opened_at >= since) {
            ours.push(format!("{} {}", hex::encode(item.lease), item.class.as_str()));
        }
    }
    let detail = match ours.is_empty() {
        true => format!("{} leases, {} of them older: no difference", report.run.leases, older(store, since).await?),
        false => ours.join(", "),
    };
    checks.note(what, ours.is_empty() && report.run.leases > 0, detail);
    Ok(())
}

/// Leases of earlier runs.
async fn older(store: &dyn Store, since: i64) -> anyhow::Result<usize> {
    Ok(check::Books::load(store).await?.leases.iter().filter(|lease| lease.opened_at < since).count())
}
