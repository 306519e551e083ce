//! One shard of somebody's job, as a job of its own that others run: the body of an audit.
//!
//! It is an ordinary job with one shard. The audited job's own rules about who may see its data (regions, denied
//! keys) hold for it too; whoever ran the shard before is denied besides.

use std::sync::Arc;

use mira_core::{Hash, tier::UnitKind};
use mira_wire::{HashHex, job::Job, service::Service, spec::JobSpec};
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use crate::{
    Claim, Error, HashOnly, PayOptions, Requester, ResultCheck, Sample, Status, Submission, SubmitStep, stages,
    submission::sha256,
};

/// A shard's job may open so many leases, so that another provider takes over from one that is gone.
const MAX_LEASES: u16 = 4;
/// One lease may hold all: there is one shard.
const WHOLE_BPS: u16 = 10_000;

/// What is to be run again, and on which terms.
#[derive(Clone, Debug)]
pub struct Again {
    /// The job that it is of.
    pub job: Job,
    /// Which of its shards.
    pub shard: u32,
    /// Owners, operators or providers that must not run it.
    pub exclude: Vec<Pubkey>,
    /// The deadline, from now.
    pub deadline_secs: u32,
}

/// What came of a job of one shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A result.
    Output {
        /// The lease that it was computed under.
        lease: Pubkey,
        /// Who computed it.
        provider: Pubkey,
        /// The output's content hash.
        output: Hash,
        /// The units that it claims.
        units: u64,
    },
    /// Nobody gives one any more: it was given up, or the job ended before.
    Nothing,
    /// There is none yet.
    Waiting,
}

/// Accepts the outputs that are known already, by content hash.
#[derive(Clone, Debug)]
pub struct SameAs(pub Vec<Hash>);

impl ResultCheck for SameAs {
    fn check(&self, claim: &Claim<'_>) -> Result<(), String> {
        if self.0.contains(&sha256(claim.output)) {
            return Ok(());
        }
        Err("another output than was got for the same before".to_owned())
    }
}

impl Requester {
    /// The job that runs a shard again, funded as the quote recommends; `None` with the reason if nobody may serve
    /// it now. Nothing is sent to the chain.
    ///
    /// # Errors
    /// `no-shard` if the job has none of that number; the API's.
    pub async fn again(&self, again: &Again) -> Result<Result<Submission, String>, Error> {
        let spec = JobSpec::parse(&self.api.get_blob(again.job.spec_hash).await?)?;
        let (module, input) = self.find(again, &spec).await?.ok_or_else(|| {
            let all = spec.shards.len().saturating_mul(stages::count(&spec));
            let message = format!("job {} has {all} shards, and no shard {} with an input", again.job.job, again.shard);
            Error::invalid("no-shard", message)
        })?;
        let submission = self.fetch(again, &spec, module, input).await?;
        let quote = self.quote(&submission.quote_request()).await?;
        if !quote.feasible {
            let rejects: Vec<String> =
                quote.rejects.iter().map(|reject| format!("{} rejected {}", reject.limit, reject.count)).collect();
            let reason = quote.reason.unwrap_or_else(|| "no provider can serve it".to_owned());
            return Ok(Err(format!("{reason} ({})", rejects.join(", "))));
        }
        Ok(Ok(Submission { funding: quote.recommended_funding.get(), ..submission }))
    }

    /// The module and the input of the shard, if there are such.
    async fn find(&self, again: &Again, spec: &JobSpec) -> Result<Option<(HashHex, HashHex)>, Error> {
        let Some(stage) = stages::stage(spec, again.shard) else { return Ok(None) };
        // The first stage's inputs are in the specification; those of later ones are outputs.
        let rows = if stage == 0 { Vec::new() } else { self.progress(again.job.job.get().into()).await?.shards };
        let module = stages::modules(spec).get(stage).copied();
        Ok(module.zip(stages::input(spec, &rows, again.shard)))
    }

    async fn fetch(&self, again: &Again, spec: &JobSpec, module: HashHex, input: HashHex) -> Result<Submission, Error> {
        let (module, input) = (self.api.get_blob(module).await?, self.api.get_blob(input).await?);
        let denied = spec.deny.iter().map(|key| Pubkey::new_from_array(key.get()));
        let unit_kind = UnitKind::parse(&again.job.unit_kind).map_err(Error::corrupt)?;
        Ok(Submission {
            unit_kind,
            resource_class: spec.resource_class.clone(),
            region: spec.region.clone(),
            regions: spec.regions.clone(),
            deny: denied.chain(again.exclude.iter().copied()).collect(),
            fuel_limit: spec.fuel_limit.get(),
            memory_limit_bytes: spec.memory_limit_bytes.get(),
            time_limit_ms: spec.time_limit_ms.get(),
            est_units_per_shard: spec.est_units_per_shard.get(),
            max_unit_price: again.job.max_unit_price.get(),
            min_provider_stake: again.job.min_provider_stake.get(),
            max_share_bps: WHOLE_BPS,
            max_leases: MAX_LEASES,
            deadline_secs: again.deadline_secs,
            service: Service { needs: spec.service.needs.clone(), ..Service::default() },
            ..Submission::batch(module, vec![input])
        })
    }

    /// Submits it and gives the job's address.
    ///
    /// # Errors
    /// As [`Requester::submit`]. Once the job is on chain its address is given in any case: what is not placed yet
    /// is placed by the dispatcher when somebody may serve it.
    pub async fn ask_again(&self, submission: &Submission) -> Result<Pubkey, Error> {
        let mut created = None;
        let mut note = |step: SubmitStep| {
            if let SubmitStep::Created { job } = step {
                created = Some(job);
            }
        };
        let submitted = self.submit(submission, &mut note).await;
        match (submitted, created) {
            (Ok(submitted), _) => Ok(submitted.job),
            (Err(error), Some(job)) => {
                tracing::warn!(%job, %error, "the job is on chain and not placed yet");
                Ok(job)
            }
            (Err(error), None) => Err(error),
        }
    }

    /// Waits for the answer of a job of one shard, and pays for it at once if its output is one of these. Another
    /// output is not paid before it is judged: see [`Requester::pay_answer`].
    ///
    /// # Errors
    /// As [`Requester::run`].
    pub async fn answer(&self, job: Pubkey, known: Vec<Hash>, cancel: &CancellationToken) -> Result<Answer, Error> {
        // Placing again is no second placement, and brings a job on its way that was left before it was placed.
        if let Err(error) = self.api.place(job.to_bytes().into()).await {
            tracing::debug!(%job, %error, "not placed, or not any more");
        }
        let status = self.watch(job, Arc::new(SameAs(known)), Sample::All, cancel).await?;
        let shards = self.progress(job).await?;
        let done = shards.shards.iter().find(|shard| shard.state == "done");
        let answer = done.and_then(|shard| {
            let (lease, provider) = (shard.lease?.get(), shard.provider?.get());
            Some(Answer::Output {
                lease: Pubkey::new_from_array(lease),
                provider: Pubkey::new_from_array(provider),
                output: shard.output?.get(),
                units: shard.units?.get(),
            })
        });
        Ok(answer.unwrap_or(if status == Status::Failed { Answer::Nothing } else { Answer::Waiting }))
    }

    /// Pays for the answer, whatever it is.
    ///
    /// # Errors
    /// As [`Requester::run`].
    pub async fn pay_answer(&self, job: Pubkey, cancel: &CancellationToken) -> Result<Status, Error> {
        self.watch(job, Arc::new(HashOnly), Sample::None, cancel).await
    }

    async fn watch(
        &self,
        job: Pubkey,
        check: Arc<dyn ResultCheck>,
        sample: Sample,
        cancel: &CancellationToken,
    ) -> Result<Status, Error> {
        let funded = self.api.job(job.to_bytes().into()).await?.data.funded.get();
        let options = PayOptions { cap: funded, sample, check, poll_ms: 100 };
        Ok(self.run(job, &options, cancel, &mut |_| ()).await?.status)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use mira_wire::{U64Str, spec::VERSION};

    use super::*;

    #[test]
    fn only_known_outputs_are_the_same() {
        let (output, input) = (Bytes::from_static(b"output"), Bytes::from_static(b"input"));
        let spec = JobSpec {
            version: VERSION,
            tier: "batch".to_owned(),
            resource_class: "cpu".to_owned(),
            region: "eu-west".to_owned(),
            module: sha256(b"module").into(),
            shards: Vec::new(),
            fuel_limit: U64Str(1),
            memory_limit_bytes: U64Str(1),
            time_limit_ms: U64Str(1),
            est_units_per_shard: U64Str(1),
            regions: Vec::new(),
            deny: Vec::new(),
            service: mira_wire::service::Service::default(),
        };
        let claim = Claim { spec: &spec, module: &input, input: &input, output: &output, units: 1 };
        assert!(SameAs(vec![sha256(b"other"), sha256(b"output")]).check(&claim).is_ok());
        assert!(SameAs(vec![sha256(b"other")]).check(&claim).is_err());
        assert!(SameAs(Vec::new()).check(&claim).is_err());
    }
}
