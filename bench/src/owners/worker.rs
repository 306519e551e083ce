//! A worker: pulls shards and returns results, over whichever replica answers, until told to stop. Sometimes it says
//! nothing more of a shard, is late, or gives it up.

use super::child::TIME_LIMIT_MS;
use super::rows::{CLASS, REGION, key};
use super::story::{Claim, Story};
use ed25519_dalek::SigningKey;
use mira_core::Key;
use mira_testkit::solvency::dice::Dice;
use mira_wire::client::{ApiClient, ApiError, NodeClient};
use mira_wire::clock::now_ms;
use mira_wire::node::{Assignment, Fault, Heartbeat, Offer, Outcome, ResultReply, ResultRequest, Verdict, WorkRequest};
use mira_wire::request::RequestSigner;
use mira_wire::{HashHex, KeyStr, Kind, U64Str};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long a call may take before another replica is asked.
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(50);
const WAIT_MS: u32 = 500;
const BEAT: Duration = Duration::from_millis(500);
/// One shard in so many is left, late, or given up.
const MISCHIEF: u64 = 60;

/// What all workers share.
pub struct Floor {
    pub replicas: Vec<ApiClient>,
    /// Which of them answered last.
    pub likely: AtomicUsize,
    pub story: Mutex<Story>,
    /// A job's number by its key.
    pub jobs: Mutex<HashMap<Key, usize>>,
    pub output: HashHex,
    /// How many jobs may be begun so far.
    pub released: AtomicUsize,
    pub stop: CancellationToken,
}

impl Floor {
    /// Does something with the story.
    pub fn tell<T>(&self, tell: impl FnOnce(&mut Story) -> T) -> T {
        tell(&mut self.story.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes the numbers of jobs.
    pub fn name(&self, jobs: impl Iterator<Item = (Key, usize)>) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).extend(jobs);
    }

    fn number(&self, job: &Key) -> usize {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(job).copied().unwrap_or(usize::MAX)
    }

    /// The first answer of a replica that is not "later", whatever it says; nothing if the work has ended.
    pub async fn ask<T>(
        &self,
        mut call: impl AsyncFnMut(&ApiClient) -> Result<T, ApiError>,
    ) -> Option<Result<T, ApiError>> {
        let first = self.likely.load(Ordering::Relaxed);
        for (index, replica) in self.replicas.iter().enumerate().cycle().skip(first) {
            if self.stop.is_cancelled() {
                break;
            }
            match timeout(PATIENCE, call(replica)).await {
                Ok(Err(error)) if error.is_transient() => sleep(AGAIN).await,
                Ok(answer) => {
                    self.likely.store(index, Ordering::Relaxed);
                    return Some(answer);
                }
                Err(_) => {}
            }
        }
        None
    }
}

/// A worker's signing key.
pub fn operator(number: usize) -> SigningKey {
    SigningKey::from_bytes(&key("operator", number))
}

/// One worker.
pub struct Worker {
    number: usize,
    provider: KeyStr,
    signer: Arc<dyn RequestSigner>,
    floor: Arc<Floor>,
    dice: Dice,
}

impl Worker {
    pub fn new(number: usize, floor: Arc<Floor>, seed: u64) -> Self {
        let seed = seed.wrapping_mul(1_000).wrapping_add(u64::try_from(number).unwrap_or(0));
        let (provider, signer) = (KeyStr(key("provider", number)), Arc::new(operator(number)));
        Worker { number, provider, signer, floor, dice: Dice::new(seed) }
    }

    fn at(&self, replica: &ApiClient) -> NodeClient {
        replica.node(self.signer.clone())
    }

    /// Offers one slot.
    pub async fn offer(&self) -> Option<Result<(), ApiError>> {
        let offer = Offer {
            provider: self.provider,
            region: REGION.into(),
            resource_class: CLASS.into(),
            unit_kind: "fuel".into(),
            unit_price: U64Str(500_000),
            slots: 1,
            cached: Vec::new(),
            machine: None,
        };
        self.floor.ask(async |replica| self.at(replica).offer(&offer).await.map(drop)).await
    }

    /// Works until told to stop, and says that it lives.
    pub async fn run(mut self) -> anyhow::Result<()> {
        let (floor, provider, signer) = (self.floor.clone(), self.provider, self.signer.clone());
        let beats = async {
            let beat = Heartbeat { provider, in_flight: 0, cached: Vec::new() };
            while !floor.stop.is_cancelled() {
                floor.ask(async |replica| replica.node(signer.clone()).heartbeat(&beat).await).await;
                sleep(BEAT).await;
            }
            Ok(())
        };
        tokio::try_join!(beats, self.work()).map(drop)
    }

    async fn work(&mut self) -> anyhow::Result<()> {
        let request = WorkRequest { provider: self.provider, leases: Vec::new(), wait_ms: WAIT_MS };
        while let Some(answer) = self.floor.ask(async |replica| self.at(replica).work(&request).await).await {
            let given_ms = now_ms();
            if let Some(assignment) = answer?.assignment {
                self.take(&assignment, given_ms).await?;
            }
        }
        Ok(())
    }

    /// One shard.
    async fn take(&mut self, assignment: &Assignment, given_ms: u64) -> anyhow::Result<()> {
        let claim = Claim {
            job: self.floor.number(&assignment.job.get()),
            shard: assignment.shard,
            attempt: assignment.attempt,
        };
        let expires_ms = u64::try_from(assignment.expires_at.ms()).unwrap_or(0);
        self.floor.tell(|story| story.given(claim, self.number, given_ms, expires_ms));
        let mut outcome = Outcome::Ok { output: self.floor.output, units: U64Str(100) };
        match self.dice.roll(MISCHIEF * 3) {
            0 => {
                self.floor.tell(|story| story.abandoned += 1);
                return Ok(());
            }
            1 => sleep(Duration::from_millis(expires_ms.saturating_sub(now_ms()) + TIME_LIMIT_MS / 2)).await,
            2 => outcome = Outcome::Error { fault: Fault::Node, message: "given up".into() },
            _ => {}
        }
        self.report(assignment, claim, outcome).await
    }

    /// Reports until it is acknowledged.
    async fn report(&self, assignment: &Assignment, claim: Claim, outcome: Outcome) -> anyhow::Result<()> {
        let request = ResultRequest {
            provider: self.provider,
            job: assignment.job,
            lease: assignment.lease,
            shard: assignment.shard,
            attempt: assignment.attempt,
            outcome,
        };
        let sent_ms = now_ms();
        match self.floor.ask(async |replica| self.at(replica).result(&request).await).await {
            Some(Ok(ResultReply { verdict: Verdict::Accepted, .. })) => self.floor.tell(|story| story.accepted(claim)),
            Some(Ok(ResultReply { verdict: Verdict::Failed, .. })) => {
                self.floor.tell(|story| story.failed(claim, sent_ms));
            }
            Some(Ok(ResultReply { verdict: Verdict::Duplicate, .. })) => self.floor.tell(|story| story.rejected += 1),
            Some(Err(error)) if error.kind() == Some(Kind::ResultRejected) => {
                self.floor.tell(|story| story.rejected += 1);
            }
            Some(Err(error)) => return Err(error.into()),
            None => {}
        }
        Ok(())
    }
}
