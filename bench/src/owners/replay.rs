//! The log, fed again to an engine of its own: the same decisions, and in the end the results that the workers were
//! told of, no more and no less.

use super::rows::key;
use super::story::Story;
use mira_dispatch::Engine;
use mira_dispatch::replay::{Entry, Error, feed};
use mira_dispatch::state::shard::End;
use mira_store::Store;
use std::collections::BTreeMap;

const PAGE: u32 = 1_000;

/// What the log says.
pub struct Replayed {
    pub inputs: u64,
    pub diverged: u64,
    /// Results that the log has otherwise than the worker that was told of it.
    unlike: usize,
    /// Results of the log that nobody was told of.
    unknown: usize,
}

impl Replayed {
    /// What does not hold.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let mut check = |count: u64, what: &str| {
            if count > 0 {
                findings.push(format!("{count} {what}"));
            }
        };
        check(self.diverged, "inputs lead to other decisions when they are fed again");
        check(u64::try_from(self.unlike).unwrap_or(u64::MAX), "acknowledged results are not those of the log");
        check(u64::try_from(self.unknown).unwrap_or(u64::MAX), "results of the log were never acknowledged");
        findings
    }
}

/// Feeds the whole log and compares.
pub async fn replay(store: &dyn Store, story: &Story) -> anyhow::Result<Replayed> {
    let (mut engine, mut seq, mut diverged) = (Engine::new(), 0, 0);
    loop {
        let page = store.dispatch_inputs(seq, PAGE).await?;
        for input in &page {
            seq = input.seq;
            let entry = Entry::from_bytes(&input.bytes).ok_or_else(|| anyhow::anyhow!("input {seq} is too short"))?;
            match feed(&mut engine, seq, &entry) {
                Ok(_) => {}
                Err(Error::Diverged { .. }) => diverged += 1,
                Err(error) => return Err(error.into()),
            }
        }
        if page.is_empty() {
            break;
        }
    }
    let told: BTreeMap<_, _> = story.results().collect();
    let unlike = told.iter().filter(|((job, shard), won)| result(&engine, *job, *shard).as_ref() != Some(won)).count();
    let in_log: u64 = engine.jobs().map(|(_, job)| u64::from(job.tally.done)).sum();
    let unknown = usize::try_from(in_log)?.saturating_sub(told.len());
    Ok(Replayed { inputs: seq, diverged, unlike, unknown })
}

/// The attempt and the worker of a shard's result in the log.
fn result(engine: &Engine, job: usize, shard: u32) -> Option<(u32, usize)> {
    match &engine.job(&key("job", job))?.shard(shard)?.end {
        Some(End::Done { number, provider, .. }) => {
            let worker = (0..super::WORKERS).find(|worker| key("provider", *worker) == *provider)?;
            Some((*number, worker))
        }
        _ => None,
    }
}
