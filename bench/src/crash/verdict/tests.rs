//! The verdict can fail: an index that lacks something, or holds too much, is told from one that was never killed.

use super::*;
use async_trait::async_trait;
use mira_chain::source::{BlockFetch, BlockSource, ClusterSource, SourceError};
use mira_core::Hash;
use mira_core::amount::Payment;
use mira_indexer::Source;
use mira_store::model::{Claim, JobRow, Ordinal};
use mira_testkit::rows;
use solana_sdk::signature::Signature;

/// An endpoint as it should be, but for one transaction that it forgets.
struct Forgetful {
    inner: RpcSource,
    forgets: Option<Signature>,
}

#[async_trait]
impl ClusterSource for Forgetful {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        self.inner.genesis_hash().await
    }

    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        self.inner.finalized_slot().await
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        self.inner.first_available_slot().await
    }
}

#[async_trait]
impl BlockSource for Forgetful {
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.inner.produced_slots(from, to).await
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        let mut found = self.inner.block(slot).await?;
        if let (BlockFetch::Present(block), Some(forgets)) = (&mut found, &self.forgets) {
            block.events.retain(|event| event.id.signature != *forgets.as_array());
        }
        Ok(found)
    }
}

/// A network on which one lease has settled, and nothing happens any more.
struct Quiet {
    network: Network,
    job: [u8; 32],
    slot: u64,
}

impl Quiet {
    async fn start() -> Self {
        let network = Network::start(7).await;
        network.furnish().await;
        let job = network.job(1).await;
        let lease = network.lease(job, 0, 10_000).await;
        network.settle(job, lease, 1_000).await;
        let slot = network.slot().await;
        Self { network, job: job.to_bytes(), slot }
    }

    /// What is said of an index that forgot a transaction, or to which `harm` was done afterwards.
    async fn findings(&self, forgets: Option<Signature>, harm: impl AsyncFnOnce(&dyn Store)) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("killed.sqlite").display());
        let store = mira_store::open(&url).await.expect("a database");
        let shutdown = CancellationToken::new();
        let source = Forgetful { inner: RpcSource::new(self.network.rpc.clone()), forgets };
        let source = Source::Blocks(Arc::new(source));
        let config = Config { poll: Duration::from_millis(20), ..Config::default() };
        let running = Indexer::spawn_from(config, store.clone(), source, shutdown.clone());
        running.reached(self.slot).await.expect("it reaches the end");
        shutdown.cancel();
        running.task.await.expect("it ends");
        harm(&*store).await;
        let compared = compare(&*store, &self.network, self.slot, folder.path()).await;
        store.close().await;
        // As the command has it: what cannot be compared at all is a finding too.
        compared.map_or_else(|error| vec![format!("{error:#}")], |compared| compared.findings)
    }

    async fn job(&self, store: &dyn Store) -> JobRow {
        store.job(&self.job).await.expect("rows are read").expect("it is indexed")
    }
}

async fn nothing(_: &dyn Store) {}

const FRESH: &str = "the rows differ from those of an index that was never killed";
const AGAIN: &str = "the rows differ from those of the ledger folded again";

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_index_is_told_from_a_whole_one() {
    let quiet = Quiet::start().await;
    assert_eq!(quiet.findings(None, nothing).await, Vec::<String>::new());

    let settled = quiet.network.sent().last().copied();
    let findings = quiet.findings(settled, nothing).await.join("; ");
    assert!(findings.contains(" 1 are lost, and 0 are not its own"), "{findings}");
    assert!(findings.contains("the ledger differs") && findings.contains(FRESH), "{findings}");
    assert!(!findings.contains(AGAIN), "what it holds fits together: {findings}");

    let wrong_row = async |store: &dyn Store| {
        let job = quiet.job(store).await;
        let wrong = JobRow { paid: Payment::new(job.paid.get() + 1), seq: job.seq + 1, ..job };
        rows::write(store, vec![wrong.into()], Vec::new()).await;
    };
    assert_eq!(quiet.findings(None, wrong_row).await, [FRESH, AGAIN]);

    let event_too_much = async |store: &dyn Store| {
        let event = store.events_before(None, 1).await.expect("the ledger is read").remove(0);
        let next = store.cursor(STREAM).await.expect("a cursor").and_then(|cursor| cursor.slot).expect("a slot") + 1;
        let ord = Ordinal { slot: next, signature: [9; 64], ..event.ord };
        rows::write(store, Vec::new(), vec![RawEvent { ord, ..event }]).await;
    };
    let findings = quiet.findings(None, event_too_much).await.join("; ");
    assert!(findings.starts_with("folding the ledger again: "), "{findings}");

    let confirmed_left = async |store: &dyn Store| {
        let cursor = store.claim(STREAM).await.expect("a claim");
        let claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
        let job = quiet.job(store).await;
        store.replace_confirmed(&claim, &[job.into()]).await.expect("it is written");
    };
    assert_eq!(quiet.findings(None, confirmed_left).await, ["1 confirmed rows are left over"]);
    quiet.network.chain.shutdown().await;
}
