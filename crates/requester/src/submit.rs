//! From a submission to a placed job: blobs up, escrow locked, leases proposed.

use std::time::Duration;

use bytes::Bytes;
use mira_chain::{
    account::Config,
    ix::{self, CreateJobArgs},
    pda, token,
};
use mira_core::{Hash, job::job_id};
use mira_wire::{HashHex, Kind, job::Placed};
use solana_sdk::{pubkey::Pubkey, signature::Signature, signer::Signer};

use crate::{Error, Requester, Submission, submission::sha256};

/// Lamports that the transactions of one job may need, rent included; checked before anything is sent.
const LAMPORTS_NEEDED: u64 = 20_000_000;
/// How long the index may take to show a new job.
const INDEX_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may take until some dispatcher works: longer than a take-over.
const PLACE_TIMEOUT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(100);

/// How far a submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitStep {
    /// So many of the blobs are with the API.
    Uploaded {
        /// Uploaded so far.
        done: usize,
        /// All.
        total: usize,
    },
    /// The job is on chain and funded.
    Created {
        /// Its address.
        job: Pubkey,
    },
    /// The finalized index shows it.
    Indexed,
    /// Its leases are proposed.
    Placed,
}

/// A job that is placed.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// Its address.
    pub job: Pubkey,
    /// The hash of its specification, on chain.
    pub spec_hash: Hash,
    /// Its shards.
    pub shards: u32,
    /// What is in escrow, payment base units.
    pub funded: u64,
    /// The transaction that created and funded it.
    pub signature: Signature,
    /// That transaction's fee.
    pub fee_lamports: Option<u64>,
    /// The placement decisions, by id.
    pub decisions: Vec<HashHex>,
}

impl Requester {
    /// Checks all that can be known before anything is sent. Gives the specification's bytes.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the rule that is broken; what cannot be reached.
    pub async fn check(&self, submission: &Submission) -> Result<Vec<u8>, Error> {
        let spec = submission.validate()?;
        let mint = self.network.config.payment_mint;
        if let Some(other) = submission.payment_mint.filter(|believed| *believed != mint) {
            return Err(Error::invalid("wrong-mint", format!("this network is paid in {mint}, not in {other}")));
        }
        let config: Option<Config> = self.account(&pda::config()).await?;
        let config = config.ok_or_else(|| Error::WrongNetwork("the network's record is gone".to_owned()))?;
        if config.paused {
            let message = "the network is paused: no job can begin before its admin resumes it; nothing was sent";
            return Err(Error::invalid("network-paused", message));
        }
        let longest = config.params.max_job_secs;
        if submission.deadline_secs == 0 || submission.deadline_secs > longest {
            let message = format!("a deadline is from 1 to {longest} seconds from now on this network");
            return Err(Error::invalid("deadline-out-of-range", message));
        }
        let held = self.balances().await?;
        if held.payment < submission.funding {
            let message =
                format!("the escrow needs {} base units and the wallet holds {}", submission.funding, held.payment);
            return Err(Error::invalid("balance-too-low", message));
        }
        if held.lamports < LAMPORTS_NEEDED {
            let message =
                format!("fees and rent need {LAMPORTS_NEEDED} lamports and the wallet holds {}", held.lamports);
            return Err(Error::invalid("lamports-too-low", message));
        }
        // Refuses tiers that this dispatcher does not serve and terms that no job can have, while nothing is locked.
        self.quote(&submission.quote_request()).await?;
        Ok(spec)
    }

    /// Submits a job and has it placed.
    ///
    /// # Errors
    /// As [`Requester::check`], before anything is sent; then the API's or the chain's. A job that was
    /// created and not placed can be placed again or cancelled: its escrow is safe.
    pub async fn submit(&self, submission: &Submission, on: &mut dyn FnMut(SubmitStep)) -> Result<Submitted, Error> {
        let spec = self.check(submission).await?;
        self.upload(submission, &spec, on).await?;
        let spec_hash = sha256(&spec);
        let now = self.chain_now().await?;
        // The low bits tell apart jobs of one second; the specification's hash is as good as any.
        let low = u32::from_le_bytes([spec_hash[0], spec_hash[1], spec_hash[2], 0]);
        let low = low ^ u32::try_from((self.settings.clock)() & 0x00ff_ffff).unwrap_or(0);
        let id = job_id(now, low).map_err(Error::corrupt)?;
        let wallet = self.address();
        let job = pda::job(&wallet, id);
        let args = self.terms(submission, id, spec_hash, now);
        let mint = self.network.config.payment_mint;
        let from = token::associated(&wallet, &mint);
        let create = ix::create_job(&wallet, &mint, args);
        let fund = ix::fund_job(&wallet, &job, &from, submission.funding);
        let sent = self.send("creating the job", &[create, fund]).await?;
        on(SubmitStep::Created { job });
        self.await_index(&job).await?;
        on(SubmitStep::Indexed);
        let placed = self.place(&job, submission).await?;
        on(SubmitStep::Placed);
        Ok(Submitted {
            job,
            spec_hash,
            shards: placed.shards,
            funded: submission.funding,
            signature: sent.signature,
            fee_lamports: sent.fee_lamports,
            decisions: placed.decisions,
        })
    }

    async fn upload(&self, submission: &Submission, spec: &[u8], on: &mut dyn FnMut(SubmitStep)) -> Result<(), Error> {
        let spec = Bytes::copy_from_slice(spec);
        let modules = [&submission.module].into_iter().chain(&submission.stages);
        let blobs = modules.chain([&spec]).chain(&submission.shards);
        let total = submission.shards.len().saturating_add(submission.stages.len()).saturating_add(2);
        for (index, blob) in blobs.enumerate() {
            self.api.put_blob(blob.clone()).await?;
            on(SubmitStep::Uploaded { done: index.saturating_add(1), total });
        }
        Ok(())
    }

    fn terms(&self, submission: &Submission, job_id: u64, spec_hash: Hash, now: i64) -> CreateJobArgs {
        CreateJobArgs {
            job_id,
            voucher_signer: self.settings.voucher_signer.pubkey(),
            dispatcher: Some(self.network.dispatcher),
            spec_hash,
            tier: submission.tier.as_u8(),
            unit_kind: submission.unit_kind.as_u8(),
            max_unit_price: submission.max_unit_price,
            min_provider_stake: submission.min_provider_stake,
            max_share_bps: submission.max_share_bps,
            max_leases: submission.max_leases,
            deadline: now.saturating_add(i64::from(submission.deadline_secs)),
        }
    }

    /// Has a job placed; while no dispatcher works, because one is about to take over, it is asked again.
    async fn place(&self, job: &Pubkey, submission: &Submission) -> Result<Placed, Error> {
        let until = tokio::time::Instant::now() + PLACE_TIMEOUT;
        loop {
            match self.api.place_quoted(job.to_bytes().into(), submission.promise.clone()).await {
                Ok(reply) => return Ok(reply.data),
                Err(error)
                    if error.kind() == Some(Kind::DispatcherUnavailable) && tokio::time::Instant::now() < until =>
                {
                    tokio::time::sleep(POLL).await;
                }
                Err(error) => return Err(Error::Api(error)),
            }
        }
    }

    async fn await_index(&self, job: &Pubkey) -> Result<(), Error> {
        let seen = async {
            loop {
                match self.api.job(job.to_bytes().into()).await {
                    Ok(reply) if reply.data.funded.get() > 0 => return Ok(()),
                    Err(error) if error.kind() != Some(Kind::JobNotFound) => return Err(Error::Api(error)),
                    _ => tokio::time::sleep(POLL).await,
                }
            }
        };
        match tokio::time::timeout(INDEX_TIMEOUT, seen).await {
            Ok(result) => result,
            Err(_) => Err(Error::Timeout(format!(
                "job {job} is on chain, but the index did not show it in {INDEX_TIMEOUT:?}; place it later, or cancel it"
            ))),
        }
    }
}
