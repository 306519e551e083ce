//! Watching a job: fetch each output, judge it, sign for what was accepted, until all is done.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use mira_chain::{account, voucher};
use mira_core::{
    Key,
    amount::{Payment, UnitPrice, Units},
};
use mira_wire::{
    Kind, PageQuery, SigStr,
    job::{LeaseDue, Shard, Shards},
    spec::JobSpec,
    voucher::Voucher,
};
use solana_sdk::{pubkey::Pubkey, signer::Signer};
use tokio_util::sync::CancellationToken;

use crate::{
    Claim, Error, Progress, Requester, ResultCheck, Sample, stages,
    tab::{Due, Tab},
};

/// How often to look in vain for a provider's report of its last result, or for work that goes on
/// without pay. A provider that is gone reports when it comes back, and another run signs then.
const PATIENCE_POLLS: u32 = 100;
/// The state of a job that was closed before it was complete.
const ENDED: &str = "ended";

/// How to pay.
pub struct PayOptions {
    /// The most to sign over all leases, payment base units.
    pub cap: u64,
    /// Which results to judge with `check`.
    pub sample: Sample,
    /// The judge.
    pub check: Arc<dyn ResultCheck>,
    /// How often to look.
    pub poll_ms: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every shard has an accepted result.
    Done,
    /// The dispatcher gave a shard up, results were refused, or the job was closed before it was done.
    Failed,
    /// Providers are owed more than the cap lets this run sign, and they do not go on without it.
    CapReached,
    /// The caller stopped watching.
    Cancelled,
}

/// One shard's accepted output.
#[derive(Clone, Debug)]
pub struct ShardOutput {
    /// Which shard.
    pub shard: u32,
    /// Its output.
    pub bytes: Bytes,
    /// Units it used.
    pub units: u64,
    /// The lease that served it.
    pub lease: Pubkey,
    /// The provider of that lease.
    pub provider: Pubkey,
}

/// A voucher that was signed and handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherSigned {
    /// For this lease.
    pub lease: Pubkey,
    /// Cumulative amount.
    pub amount: u64,
    /// Cumulative units.
    pub units: u64,
}

/// A result that was not accepted, and is not paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which shard.
    pub shard: u32,
    /// Whose.
    pub lease: Pubkey,
    /// Why.
    pub reason: String,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Accepted outputs, by shard.
    pub outputs: Vec<ShardOutput>,
    /// The newest voucher of each lease that got one in this run.
    pub vouchers: Vec<VoucherSigned>,
    /// What was refused.
    pub refused: Vec<Refusal>,
}

struct Run<'a> {
    requester: &'a Requester,
    job: Pubkey,
    options: &'a PayOptions,
    spec: JobSpec,
    /// One a stage.
    modules: Vec<Bytes>,
    tab: Tab,
    outputs: BTreeMap<u32, ShardOutput>,
    refused: BTreeMap<u32, Refusal>,
    signed: BTreeMap<Pubkey, VoucherSigned>,
    /// Leases that were not wanted any more, and are gone.
    gone: BTreeSet<Key>,
    /// How often a step for one that is not was refused.
    refusals: u32,
}

impl Requester {
    /// Watches a job until every shard is done and vouched for, a shard has failed for good, the cap
    /// is used up, or `cancel`. It may be called again at any time: what was vouched before is read back.
    ///
    /// # Errors
    /// [`Error::NoJob`], `wrong-signer` if the job takes another key's vouchers; the API's, the cluster's.
    pub async fn run(
        &self,
        job: Pubkey,
        options: &PayOptions,
        cancel: &CancellationToken,
        on: &mut dyn FnMut(&Progress),
    ) -> Result<Outcome, Error> {
        let mut run = Run::begin(self, job, options).await?;
        let (mut seen, mut in_vain) = (None, 0_u32);
        loop {
            let shards = self.progress(job).await?;
            run.take_results(&shards).await?;
            run.pay(&shards).await?;
            run.wind_down(&shards).await?;
            let now = run.progress(&shards);
            on(&now);
            in_vain = if seen.replace(now) == Some(now) { in_vain.saturating_add(1) } else { 0 };
            if let Some(status) = run.status(&shards, in_vain >= PATIENCE_POLLS) {
                return Ok(run.end(status));
            }
            tokio::select! {
                () = cancel.cancelled() => return Ok(run.end(Status::Cancelled)),
                () = tokio::time::sleep(Duration::from_millis(options.poll_ms)) => {}
            }
        }
    }

    async fn sign(&self, due: &Due) -> Result<VoucherSigned, Error> {
        let lease = Pubkey::new_from_array(due.lease);
        let unsigned = voucher::voucher(self.network.config.cluster_id, &lease, due.amount, due.units);
        let signature = voucher::sign(&*self.settings.voucher_signer, &unsigned).map_err(Error::corrupt)?;
        let signed = Voucher {
            lease: due.lease.into(),
            cumulative_amount: due.amount.get().into(),
            cumulative_units: due.units.get().into(),
            signature: SigStr(signature),
        };
        self.api.post_voucher(&signed).await?;
        Ok(VoucherSigned { lease, amount: due.amount.get(), units: due.units.get() })
    }
}

impl<'a> Run<'a> {
    async fn begin(requester: &'a Requester, job: Pubkey, options: &'a PayOptions) -> Result<Self, Error> {
        let account: Option<account::Job> = requester.account(&job).await?;
        let account = account.ok_or_else(|| Error::NoJob(job.to_string()))?;
        let signer = requester.settings.voucher_signer.pubkey();
        if account.voucher_signer != signer {
            let message = format!("job {job} takes vouchers of {}, not of {signer}", account.voucher_signer);
            return Err(Error::invalid("wrong-signer", message));
        }
        let spec = JobSpec::parse(&requester.api.get_blob(account.spec_hash.into()).await?)?;
        let mut modules = Vec::new();
        for module in stages::modules(&spec) {
            modules.push(requester.api.get_blob(module).await?);
        }
        let tab = Tab::new(Payment::new(options.cap));
        let (outputs, refused, signed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let gone = BTreeSet::new();
        Ok(Self { requester, job, options, spec, modules, tab, outputs, refused, signed, gone, refusals: 0 })
    }

    /// Fetches and judges every result that is new.
    async fn take_results(&mut self, shards: &Shards) -> Result<(), Error> {
        for lease in &shards.leases {
            let known = self.tab.lines().any(|(key, _)| *key == lease.lease.get());
            let (price, cap) = (UnitPrice::new(lease.unit_price.get()), Payment::new(lease.cap.get()));
            let line = self.tab.lease(lease.lease.get(), price, cap);
            if !known && let Some(before) = self.requester.newest_voucher(lease.lease).await? {
                line.vouchered = Payment::new(before.cumulative_amount.get());
                line.vouchered_units = Units::new(before.cumulative_units.get());
            }
        }
        for shard in &shards.shards {
            let seen = self.outputs.contains_key(&shard.shard) || self.refused.contains_key(&shard.shard);
            if !seen && shard.state == "done" {
                self.take_result(shard, &shards.shards).await?;
            }
        }
        Ok(())
    }

    async fn take_result(&mut self, shard: &Shard, all: &[Shard]) -> Result<(), Error> {
        let (Some(output), Some(units), Some(lease), Some(provider)) =
            (shard.output, shard.units, shard.lease, shard.provider)
        else {
            return Err(Error::corrupt(format!("shard {} is done without a result", shard.shard)));
        };
        let bytes = self.requester.api.get_blob(output).await?;
        let lease_key = Pubkey::new_from_array(lease.get());
        match self.judge(shard.shard, all, &bytes, units.get()).await? {
            Ok(()) => {
                self.tab.accept(&lease.get(), Units::new(units.get()));
                let provider = Pubkey::new_from_array(provider.get());
                let accepted =
                    ShardOutput { shard: shard.shard, bytes, units: units.get(), lease: lease_key, provider };
                self.outputs.insert(shard.shard, accepted);
            }
            Err(reason) => {
                tracing::warn!(shard = shard.shard, %reason, "a result is refused");
                self.refused.insert(shard.shard, Refusal { shard: shard.shard, lease: lease_key, reason });
            }
        }
        Ok(())
    }

    /// Judges a result on the module of its stage and on the input that it was given, also where that input was
    /// itself refused: whoever computed this one did what was asked.
    async fn judge(&self, shard: u32, all: &[Shard], output: &Bytes, units: u64) -> Result<Result<(), String>, Error> {
        if units > self.spec.fuel_limit.get() {
            return Ok(Err(format!("{units} units are over the limit of {}", self.spec.fuel_limit)));
        }
        if !self.options.sample.takes(shard) {
            return Ok(Ok(()));
        }
        let module = stages::stage(&self.spec, shard).and_then(|stage| self.modules.get(stage));
        let (Some(module), Some(input)) = (module, stages::input(&self.spec, all, shard)) else {
            return Ok(Err("the specification has no such shard".to_owned()));
        };
        let input = self.requester.api.get_blob(input).await?;
        let (check, spec, module, output) =
            (self.options.check.clone(), self.spec.clone(), module.clone(), output.clone());
        // Running a shard again takes as long as the provider took: not on a thread that serves others.
        let judged = tokio::task::spawn_blocking(move || {
            check.check(&Claim { spec: &spec, module: &module, input: &input, output: &output, units })
        });
        judged.await.map_err(Error::corrupt)
    }

    /// Reads what providers reported and signs what is due.
    async fn pay(&mut self, shards: &Shards) -> Result<(), Error> {
        let waiting: Vec<_> = self.tab.open().map(|(lease, line)| (*lease, line.unit_price, line.cap)).collect();
        for (lease, price, cap) in waiting {
            let reported = self.requester.reported_units(lease.into()).await?;
            self.tab.lease(lease, price, cap).reported = Units::new(reported);
        }
        for due in self.tab.due() {
            match self.requester.sign(&due).await {
                Ok(signed) => {
                    self.tab.signed(&due);
                    self.signed.insert(signed.lease, signed);
                }
                // The index lags the dispatcher by seconds at most; the next look tries again.
                Err(Error::Api(error)) if error.kind() == Some(Kind::LeaseNotFound) => {
                    tracing::debug!(job = %self.job, shards = shards.done, "the lease is not indexed yet");
                }
                // Its provider let the time for cashing pass, or is gone: others still want to be paid.
                Err(Error::Api(error)) if error.kind() == Some(Kind::LeaseReleased) => {
                    tracing::warn!(job = %self.job, %error, "a lease ended before it was paid");
                    self.tab.released(&due.lease);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Ends leases that the dispatcher wants nothing more of. If that fails they end with the job.
    async fn wind_down(&mut self, shards: &Shards) -> Result<(), Error> {
        let spare = |lease: &&LeaseDue| !lease.wanted && !self.gone.contains(&lease.lease.get());
        let unwanted: Vec<&LeaseDue> = shards.leases.iter().filter(spare).collect();
        if unwanted.is_empty() || self.refusals >= PATIENCE_POLLS {
            return Ok(());
        }
        match self.requester.wind_down(&self.job, &unwanted).await {
            Ok(gone) => self.gone.extend(gone),
            // Their providers may have been faster.
            Err(error @ Error::Send { .. }) => {
                self.refusals = self.refusals.saturating_add(1);
                tracing::debug!(job = %self.job, %error, "a lease that is not wanted is still open");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// How the run ends now, if it does; `stuck` when many looks brought nothing new.
    fn status(&self, shards: &Shards, stuck: bool) -> Option<Status> {
        if shards.failed > 0 || shards.status == ENDED {
            return Some(Status::Failed);
        }
        if shards.done == shards.total {
            let done = if self.refused.is_empty() { Status::Done } else { Status::Failed };
            return (stuck || !self.tab.is_waiting()).then_some(done);
        }
        (stuck && shards.running == 0 && self.tab.is_spent()).then_some(Status::CapReached)
    }

    fn progress(&self, shards: &Shards) -> Progress {
        let refused = u32::try_from(self.refused.len()).unwrap_or(u32::MAX);
        Progress { done: shards.done, total: shards.total, refused, vouchered: self.tab.vouchered().get() }
    }

    fn end(self, status: Status) -> Outcome {
        Outcome {
            status,
            outputs: self.outputs.into_values().collect(),
            vouchers: self.signed.into_values().collect(),
            refused: self.refused.into_values().collect(),
        }
    }
}

impl Requester {
    /// The newest voucher that the API holds for a lease.
    pub(crate) async fn newest_voucher(&self, lease: mira_wire::KeyStr) -> Result<Option<Voucher>, Error> {
        match self.api.lease_voucher(lease).await {
            Ok(reply) => Ok(Some(reply.data.voucher)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All units that the provider of a lease has signed for.
    async fn reported_units(&self, lease: mira_wire::KeyStr) -> Result<u64, Error> {
        let mut query = PageQuery { limit: Some(100), cursor: None };
        let mut most = 0;
        loop {
            let page = match self.api.lease_usage(lease, &query).await {
                Ok(page) => page,
                Err(error) if error.status() == Some(404) => return Ok(0),
                Err(error) => return Err(error.into()),
            };
            let seen = page.data.iter().map(|usage| usage.report.cumulative_units.get()).max().unwrap_or(0);
            most = most.max(seen);
            match page.next_cursor {
                Some(cursor) => query.cursor = Some(cursor),
                None => return Ok(most),
            }
        }
    }
}
