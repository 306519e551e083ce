//! The demo, once per source, on the same chain. The network of the last one stays up.

use super::checks::Checks;
use mira_cli::demo::{self, Options, Played};
use mira_cli::network::{self, Running};
use mira_cli::output::Output;
use mira_core::Key;
use mira_core::params::{Params, RewardParams};
use mira_indexer::SourceKind;
use mira_store::Store;
use mira_store::model::{LeaseFilter, Order, PageRequest};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// How many shards a demo cuts.
const SHARDS: usize = 12;
/// More than any demo has leases, and reports of one lease.
const ALL: u32 = 1_000;
/// Seconds between two epochs of a network that is made here: none has to be waited for long.
const EPOCH_SECS: u32 = 5;

/// What all demos left.
pub struct Rounds {
    /// The last one, with its network.
    pub last: Played,
    /// The chain's time before the first, unix seconds.
    pub since: i64,
    /// What each said.
    pub documents: Vec<Value>,
    /// Where the reports and vouchers of each job are.
    books: Vec<(Key, Arc<dyn Store>)>,
}

/// The name of a source.
pub fn name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Blocks => "blocks",
        SourceKind::Signatures => "signatures",
    }
}

/// Plays the demo for each source, with another seed each.
pub async fn play(
    chain: &Running,
    kinds: &[SourceKind],
    seed: u64,
    folder: &Path,
    checks: &mut Checks,
) -> anyhow::Result<Rounds> {
    let (mut documents, mut books, mut since) = (Vec::new(), Vec::new(), None);
    let mut last: Option<Played> = None;
    for (round, kind) in (0..).zip(kinds) {
        if let Some(before) = last.take() {
            before.network.stop().await.map_err(|error| anyhow::anyhow!(error.told()))?;
        }
        let seed = seed.wrapping_add(round);
        let options = Options {
            seed,
            input: demo::bundled_input(),
            shards: SHARDS,
            chain: Some(chain.clone()),
            source: *kind,
            params: Some(params(chain)),
        };
        let played = demo::play(options, folder.join(format!("round-{round}")), Output::silent()).await;
        let played = played.map_err(|error| anyhow::anyhow!(error.told()))?;
        for check in &played.document.checks {
            checks.note(format!("demo {}: {}", name(*kind), check.name), check.ok, &check.detail);
        }
        documents.push(json!(played.document));
        books.push((played.job.to_bytes(), played.network.store.clone()));
        since.get_or_insert(played.network.since.unix_timestamp);
        last = Some(played);
    }
    let last = last.ok_or_else(|| anyhow::anyhow!("there is no source"))?;
    Ok(Rounds { last, since: since.unwrap_or(i64::MIN), documents, books })
}

/// Those of the demo, with short epochs.
fn params(chain: &Running) -> Params {
    let params = network::params_at(chain.pace());
    Params { reward: RewardParams { epoch_secs: EPOCH_SECS, ..params.reward }, ..params }
}

impl Rounds {
    /// Gives an index the reports and vouchers of all rounds: they are on no chain.
    pub async fn copy_books(&self, into: &dyn Store) -> anyhow::Result<()> {
        for (job, store) in &self.books {
            let filter = LeaseFilter { job: Some(*job), ..LeaseFilter::default() };
            let page = PageRequest { order: Order::Key { after: None }, limit: ALL };
            for lease in store.leases(&filter, page).await?.rows {
                for report in store.usage(&lease.lease, 0, ALL).await? {
                    into.put_usage(report).await?;
                }
                if let Some(voucher) = store.voucher(&lease.lease).await? {
                    into.put_voucher(voucher).await?;
                }
            }
        }
        Ok(())
    }
}
