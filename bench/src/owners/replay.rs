//! The log, fed to an engine of its own while it grows, because it is pruned behind its snapshots: the same decisions,
//! in the end the results that the workers were told of, no more and no less, and the engine that is kept.

use super::rows::key;
use super::story::Story;
use anyhow::Context;
use mira_core::Key;
use mira_dispatch::effect::Effect;
use mira_dispatch::replay::{Entry, Error, feed};
use mira_dispatch::{Engine, snapshot};
use mira_store::Store;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PAGE: u32 = 1_000;
const LOOK: Duration = Duration::from_millis(50);

/// Whoever reads along.
pub struct Scribe<'a> {
    store: &'a dyn Store,
    engine: Engine,
    seq: u64,
    diverged: u64,
    /// The attempt and the provider of each result, by job and shard.
    results: BTreeMap<(Key, u32), (u32, Key)>,
}

/// What the log says.
#[derive(Default)]
pub struct Replayed {
    pub inputs: u64,
    pub diverged: u64,
    /// Inputs that are no longer in the log.
    pub pruned: u64,
    /// Snapshots that are kept.
    pub snapshots: usize,
    /// Results that the log has otherwise than the worker that was told of it.
    unlike: usize,
    /// Results of the log that nobody was told of.
    unknown: usize,
    /// Whether the newest snapshot is another engine than the one that was fed every input up to there.
    other: bool,
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
        if self.other {
            findings.push("the last snapshot is not of the engine that all inputs lead to".to_owned());
        }
        if self.pruned == 0 {
            findings.push("nothing was pruned: it was not shown that a dispatcher goes on from a snapshot".to_owned());
        }
        findings
    }
}

impl<'a> Scribe<'a> {
    pub fn new(store: &'a dyn Store) -> Self {
        Scribe { store, engine: Engine::new(), seq: 0, diverged: 0, results: BTreeMap::new() }
    }

    /// Reads along until it is told to stop.
    pub async fn run(&mut self, stop: &CancellationToken) -> anyhow::Result<()> {
        while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            self.follow().await?;
        }
        Ok(())
    }

    async fn follow(&mut self) -> anyhow::Result<()> {
        loop {
            let page = self.store.dispatch_inputs(self.seq, PAGE).await?;
            for input in &page {
                let seq = self.seq + 1;
                anyhow::ensure!(input.seq == seq, "input {seq} was pruned before it was read along");
                let entry = Entry::from_bytes(&input.bytes).with_context(|| format!("input {seq} is too short"))?;
                self.seq = seq;
                match feed(&mut self.engine, seq, &entry) {
                    Ok(outcome) => outcome.effects.iter().for_each(|effect| self.note(effect)),
                    Err(Error::Diverged { .. }) => self.diverged += 1,
                    Err(error) => return Err(error.into()),
                }
            }
            if page.is_empty() {
                return Ok(());
            }
        }
    }

    fn note(&mut self, effect: &Effect) {
        if let Effect::Accepted(accepted) = effect {
            let claim = &accepted.claim;
            // An answer that was lost is given again: the result is the same.
            self.results.entry((claim.job, claim.shard)).or_insert((claim.attempt, claim.provider));
        }
    }

    /// Reads the rest, and compares with what the workers saw and with what is kept.
    pub async fn end(mut self, story: &Story) -> anyhow::Result<Replayed> {
        self.follow().await?;
        let told = story
            .results()
            .map(|((job, shard), (attempt, worker))| ((key("job", job), shard), (attempt, key("provider", worker))));
        let told: BTreeMap<_, _> = told.collect();
        let unlike = told.iter().filter(|(shard, won)| self.results.get(*shard) != Some(won)).count();
        let unknown = self.results.len().saturating_sub(told.len());
        let snapshots = self.store.dispatch_snapshots().await?;
        let newest = snapshots.first().context("no snapshot is kept")?;
        let kept = self.store.snapshot_bytes(newest).await?;
        let first = self.store.dispatch_inputs(0, 1).await?.pop().map_or(self.seq + 1, |input| input.seq);
        Ok(Replayed {
            inputs: self.seq,
            diverged: self.diverged,
            pruned: first - 1,
            snapshots: snapshots.len(),
            unlike,
            unknown,
            other: newest.seq != self.seq || kept != snapshot::write(&self.engine)?,
        })
    }
}
