//! Finalized rows of the index as inputs: whenever the index moves, and at least every so often, what
//! changed since the last time is read and fed.

use std::collections::BTreeSet;
use std::time::Duration;

use mira_core::Key;
use mira_core::amount::Stake;
use mira_dispatch::input::Event;
use mira_store::Store;
use mira_store::model::{
    JobFilter, JobRow, LeaseFilter, LeaseRow, NetworkRow, Order, Ordinal, Page, PageRequest, ProviderFilter,
    ProviderRow,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::error::Error;
use super::facts;
use super::handle::Handle;
use super::verdicts::Verdicts;
use crate::health::IndexHealth;

/// Rows read at a time, at most.
const PAGE: u32 = 500;
/// By how much the next page is longer: what changed is read with few queries, and little that did not.
const GROWTH: u32 = 8;
/// How often a job is read again if the index moved between reading it and its leases.
const RETRIES: usize = 3;

/// The task that follows the index.
pub(super) struct Follower {
    handle: Handle,
    health: watch::Receiver<IndexHealth>,
    poll: Duration,
    /// How often this dispatcher had taken the log when it last looked.
    term: u64,
    /// Up to which row of each table everything was fed.
    seen: Seen,
    verdicts: Verdicts,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The number of the network's last event.
    network: Option<u64>,
    providers: Option<Ordinal>,
    jobs: Option<Ordinal>,
    leases: Option<Ordinal>,
}

impl Follower {
    pub(super) fn new(handle: Handle, health: watch::Receiver<IndexHealth>, poll: Duration) -> Self {
        Follower { handle, health, poll, term: 0, seen: Seen::default(), verdicts: Verdicts::default() }
    }

    /// Follows the index until cancelled.
    pub(super) async fn run(mut self, cancel: CancellationToken) {
        let mut follows = true;
        loop {
            let term = self.handle.shared.post.term();
            if std::mem::replace(&mut self.term, term) != term {
                // What another dispatcher was fed meanwhile is not known here: everything is compared.
                self.seen = Seen::default();
            }
            if self.handle.refuse_standby().is_ok()
                && let Err(error) = self.once().await
            {
                tracing::debug!(%error, "the dispatcher could not follow the index; trying again");
            }
            tokio::select! {
                () = cancel.cancelled() => return,
                moved = self.health.changed(), if follows => follows = moved.is_ok(),
                () = tokio::time::sleep(self.poll) => {}
            }
        }
    }

    /// Feeds what changed. On an error nothing counts as seen, so that it is read again.
    async fn once(&mut self) -> Result<(), Error> {
        let store = self.handle.shared.store.clone();
        let Some(network) = store.network().await? else { return Ok(()) };
        let mut seen = self.seen;
        if seen.network.replace(network.seq) != Some(network.seq) {
            // Parameters and a pause concern every provider and every job.
            seen = Seen { providers: None, jobs: None, ..seen };
        }
        let providers = changed(&*store, &mut seen.providers).await?;
        self.providers(&providers, network.params.min_stake).await?;
        let leases: Vec<LeaseRow> = changed(&*store, &mut seen.leases).await?;
        let jobs: Vec<JobRow> = changed(&*store, &mut seen.jobs).await?;
        let keys: BTreeSet<Key> = jobs.iter().map(|row| row.job).chain(leases.iter().map(|row| row.job)).collect();
        for job in self.placed(keys).await? {
            self.job(&job, &network).await?;
        }
        let verdicts = self.verdicts.read(&*store, &leases, &network.params.reward, self.handle.now_ms()).await?;
        self.feed(verdicts.iter().cloned().map(Event::Audited).collect()).await?;
        self.verdicts.fed(&verdicts);
        self.measure(&leases).await?;
        self.seen = seen;
        Ok(())
    }

    /// Feeds providers that the engine knows.
    async fn providers(&self, rows: &[ProviderRow], min_stake: Stake) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let known = self.handle.read(|engine| engine.providers().map(|(key, _)| *key).collect::<BTreeSet<Key>>());
        let known = known.await?;
        let rows = rows.iter().filter(|row| known.contains(&row.provider));
        let events = rows.map(|row| facts::provider(row, min_stake).map(Event::Provider));
        self.feed(events.collect::<Result<_, _>>()?).await
    }

    /// Those of these jobs that were placed here.
    async fn placed(&self, keys: BTreeSet<Key>) -> Result<Vec<Key>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.handle.read(move |engine| keys.into_iter().filter(|key| engine.job(key).is_some()).collect()).await
    }

    /// Feeds one job with its leases, and before it the providers of leases that somebody else matched.
    async fn job(&self, key: &Key, network: &NetworkRow) -> Result<(), Error> {
        let store = &*self.handle.shared.store;
        for _ in 0..RETRIES {
            // The leases first: a lease that is missing only makes the escrow look smaller.
            let leases = leases_of(store, key).await?;
            let Some(row) = store.job(key).await? else { return Ok(()) };
            if !facts::agree(&row, &leases) {
                continue;
            }
            let providers: BTreeSet<Key> = leases.iter().map(|lease| lease.provider).collect();
            let unknown = self.handle.read(move |engine| {
                providers.into_iter().filter(|key| engine.provider(key).is_none()).collect::<Vec<Key>>()
            });
            let mut events = Vec::new();
            for provider in unknown.await? {
                if let Some(row) = store.provider(&provider).await? {
                    events.push(Event::Provider(facts::provider(&row, network.params.min_stake)?));
                }
            }
            events.push(Event::Job(facts::job(&row, &leases, network, &self.handle.shared.key)?));
            return self.feed(events).await;
        }
        Err(Error::soon())
    }

    async fn feed(&self, events: Vec<Event>) -> Result<(), Error> {
        if events.is_empty() { Ok(()) } else { self.handle.act(events, |_, _| ()).await }
    }

    /// Notes how long vouchers took that were paid since the last time; not at the start, when nobody
    /// knows when they were.
    async fn measure(&self, leases: &[LeaseRow]) -> Result<(), Error> {
        let shared = &self.handle.shared;
        let paid = leases.iter().filter(|row| shared.meter.settles(&row.lease, row.settled, row.released));
        let paid: Vec<&LeaseRow> = paid.collect();
        if self.seen.leases.is_none() || paid.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = paid.iter().map(|row| row.lease).collect();
        let now_ms = self.handle.now_ms();
        for voucher in shared.store.vouchers(&keys).await? {
            let row = paid.iter().find(|row| row.lease == voucher.lease);
            let settled = row.is_some_and(|row| voucher.cumulative_amount.min(row.cap) <= row.settled);
            if let (true, Ok(received_ms)) = (settled, u64::try_from(voucher.received_ms)) {
                shared.meter.paid(now_ms.saturating_sub(received_ms));
            }
        }
        Ok(())
    }
}

/// A table whose rows say where their last event stands.
trait Table: Sized {
    fn ord(&self) -> Ordinal;
    fn page(store: &dyn Store, page: PageRequest) -> impl Future<Output = mira_store::Result<Page<Self>>> + Send;
}

impl Table for ProviderRow {
    fn ord(&self) -> Ordinal {
        self.ord
    }
    async fn page(store: &dyn Store, page: PageRequest) -> mira_store::Result<Page<Self>> {
        store.providers(&ProviderFilter::default(), page).await
    }
}

impl Table for JobRow {
    fn ord(&self) -> Ordinal {
        self.ord
    }
    async fn page(store: &dyn Store, page: PageRequest) -> mira_store::Result<Page<Self>> {
        store.jobs(&JobFilter::default(), page).await
    }
}

impl Table for LeaseRow {
    fn ord(&self) -> Ordinal {
        self.ord
    }
    async fn page(store: &dyn Store, page: PageRequest) -> mira_store::Result<Page<Self>> {
        store.leases(&LeaseFilter::default(), page).await
    }
}

/// The rows that changed since `seen`, which moves on to the newest of them.
async fn changed<T: Table>(store: &dyn Store, seen: &mut Option<Ordinal>) -> Result<Vec<T>, Error> {
    let (mut rows, mut before): (Vec<T>, _) = (Vec::new(), None);
    // Mostly nothing has changed: one row says so.
    let mut limit = if seen.is_some() { 1 } else { PAGE };
    loop {
        let page = T::page(store, PageRequest { order: Order::Recent { before }, limit }).await?;
        let more = page.more;
        let count = page.rows.len();
        let fresh = page.rows.into_iter().take_while(|row| seen.is_none_or(|seen| row.ord() > seen));
        let from = rows.len();
        rows.extend(fresh);
        before = rows.last().map(Table::ord);
        if !more || rows.len() - from < count {
            break;
        }
        limit = limit.saturating_mul(GROWTH).min(PAGE);
    }
    // Newest first.
    if let Some(newest) = rows.first() {
        *seen = Some(newest.ord());
    }
    Ok(rows)
}

/// All leases that a job ever had.
pub(super) async fn leases_of(store: &dyn Store, job: &Key) -> Result<Vec<LeaseRow>, Error> {
    let filter = LeaseFilter { job: Some(*job), ..LeaseFilter::default() };
    let (mut rows, mut after): (Vec<LeaseRow>, _) = (Vec::new(), None);
    loop {
        let page = store.leases(&filter, PageRequest { order: Order::Key { after }, limit: PAGE }).await?;
        after = page.rows.last().map(|row| row.lease);
        rows.extend(page.rows);
        if !page.more {
            break;
        }
    }
    rows.sort_by_key(|row| row.nonce);
    Ok(rows)
}
