//! The jobs: created, placed over whichever replica answers, leased as proposed, and closed when they are done.

use super::rows::{Chain, SHARDS, key};
use super::worker::Floor;
use crate::clock::Stopwatch;
use anyhow::{Context, ensure};
use bytes::Bytes;
use mira_core::amount::{Payment, UnitPrice};
use mira_store::model::{JobRow, JobState};
use mira_wire::client::ApiClient;
use mira_wire::job::Placed;
use mira_wire::request::body_hash;
use mira_wire::spec::{JobSpec, ShardInput, VERSION, WASM_MAGIC};
use mira_wire::{HashHex, KeyStr, Kind, U64Str};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

/// Jobs that are placed and not done, at most: more would only wait.
const OPEN: usize = 96;
/// Jobs created in one slot at most.
const SLOT: usize = 32;
const LOOK: Duration = Duration::from_millis(20);
/// How long a job may wait for enough owners.
const PATIENCE: Duration = Duration::from_secs(60);

/// Uploads what every job refers to. Gives the spec's hash and that of every shard's output.
pub async fn upload(api: &ApiClient) -> anyhow::Result<([u8; 32], HashHex)> {
    let module = Bytes::from_static(&WASM_MAGIC);
    let mut shards = Vec::new();
    for index in 0..SHARDS {
        let input = Bytes::from(format!("shard {index}"));
        let bytes = U64Str(u64::try_from(input.len())?);
        shards.push(ShardInput { input: HashHex(body_hash(&input)), bytes });
        api.put_blob(input).await?;
    }
    let spec = JobSpec {
        version: VERSION,
        tier: "batch".into(),
        resource_class: super::rows::CLASS.into(),
        region: super::rows::REGION.into(),
        module: HashHex(body_hash(&module)),
        shards,
        fuel_limit: U64Str(150),
        memory_limit_bytes: U64Str(1 << 20),
        time_limit_ms: U64Str(super::child::TIME_LIMIT_MS),
        est_units_per_shard: U64Str(100),
        regions: Vec::new(),
        deny: Vec::new(),
        service: mira_wire::service::Service::default(),
    };
    api.put_blob(module).await?;
    let output = Bytes::from_static(b"an output");
    let (bytes, output_hash) = (Bytes::from(spec.to_bytes()?), HashHex(body_hash(&output)));
    let hash = body_hash(&bytes);
    api.put_blob(output).await?;
    api.put_blob(bytes).await?;
    Ok((hash, output_hash))
}

/// Feeds `jobs` jobs, never more than are released so far, and returns when all are done.
pub async fn feed(floor: &Floor, chain: &mut Chain<'_>, jobs: usize) -> anyhow::Result<()> {
    let (mut open, mut next): (Vec<(usize, JobRow)>, usize) = (Vec::new(), 0);
    while next < jobs || !open.is_empty() {
        close(floor, chain, &mut open);
        let until = jobs.min(floor.released.load(Ordering::Relaxed)).min(next + SLOT);
        let until = until.min(next + OPEN.saturating_sub(open.len()));
        let mut fresh: Vec<(usize, JobRow)> = (next..until).map(|number| (number, chain.job(number))).collect();
        next = next.max(until);
        chain.commit().await;
        if fresh.is_empty() {
            sleep(LOOK).await;
            continue;
        }
        floor.name(fresh.iter().map(|(number, row)| (row.job, *number)));
        for (number, row) in &mut fresh {
            let placed = place(floor, KeyStr(key("job", *number))).await?;
            lease(chain, row, &placed)?;
        }
        chain.commit().await;
        open.append(&mut fresh);
    }
    close(floor, chain, &mut open);
    chain.commit().await;
    Ok(())
}

/// Has a job placed. After a kill whoever was late twice is suspended for a moment, and a job waits until enough
/// owners are back.
async fn place(floor: &Floor, job: KeyStr) -> anyhow::Result<Placed> {
    let watch = Stopwatch::start();
    loop {
        let answer = floor.ask(async |api| api.place(job).await).await.context("the run was ended")?;
        match answer {
            Err(error) if error.kind() == Some(Kind::NoCandidate) && watch.elapsed() < PATIENCE => sleep(LOOK).await,
            answer => return Ok(answer.context("a job is not placed")?.data),
        }
    }
}

/// What is proposed opens at once.
fn lease(chain: &mut Chain<'_>, row: &mut JobRow, placed: &Placed) -> anyhow::Result<()> {
    ensure!(!placed.proposals.is_empty(), "job {} was placed without a lease", KeyStr(row.job));
    for proposal in &placed.proposals {
        let (price, cap) = (UnitPrice::new(proposal.unit_price.get()), Payment::new(proposal.cap.get()));
        chain.lease(row, proposal.provider.get(), price, cap);
        row.committed = row.committed.checked_add(cap).map_err(|error| anyhow::anyhow!("{error}"))?;
        (row.open_leases, row.leases_total) = (row.open_leases + 1, row.leases_total + 1);
    }
    chain.change(row, |_| ());
    Ok(())
}

/// Closes what has all its results.
fn close(floor: &Floor, chain: &mut Chain<'_>, open: &mut Vec<(usize, JobRow)>) {
    open.retain_mut(|(number, row)| {
        let done = floor.tell(|story| story.done(*number)) >= SHARDS;
        if done {
            chain.change(row, |row| row.status = JobState::Closing);
        }
        !done
    });
}
