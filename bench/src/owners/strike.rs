//! What happens to the replicas: one at a time is paused or killed, mostly the one that works, by the seed.

use super::replica::{Replica, Setup};
use super::worker::Floor;
use crate::clock::Stopwatch;
use crate::crash::signal::Signal;
use anyhow::{bail, ensure};
use mira_store::Store;
use mira_store::model::Dispatcher;
use mira_testkit::solvency::dice::Dice;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::sleep;

/// How long a take-over may take before the run is given up.
const LONG: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(10);
/// Jobs that are under way when a strike comes, at least, if so many are released.
const UNDER_WAY: usize = 48;

/// One strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// `kill -9` to the one that works.
    KillHolder,
    /// It is paused for longer than the hold time, and finds another one at work when it goes on. Milliseconds.
    PauseHolder(u64),
    /// It is paused for less than the hold time.
    Hiccup(u64),
    /// `kill -9` to the one that stands by.
    KillStandby,
    /// That one is paused.
    PauseStandby(u64),
}

/// The strikes of a seed. The first two take the log from whoever has it, in both ways.
pub fn plan(count: usize, hold_ms: u64, seed: u64) -> Vec<Strike> {
    let mut dice = Dice::new(seed);
    let mut one = |turn: usize| match (turn, dice.roll(10)) {
        (0, _) | (2.., 0..=3) => Strike::KillHolder,
        (1, _) | (2.., 4..=6) => Strike::PauseHolder(hold_ms + 1_000 + dice.roll(2_000)),
        (_, 7) => Strike::Hiccup(100 + dice.roll(hold_ms / 2)),
        (_, 8) => Strike::KillStandby,
        _ => Strike::PauseStandby(500 + dice.roll(3_000)),
    };
    (0..count).map(&mut one).collect()
}

/// How the strikes went.
#[derive(Debug, Default)]
pub struct Tally {
    pub kills: u32,
    pub pauses: u32,
    /// From each strike to the first write of the one that took over.
    pub take_overs: Vec<Duration>,
    /// Writes of those that had lost the log, which were refused.
    pub refused: u64,
}

/// The two replicas under strikes.
pub struct Pair<'a> {
    pub replicas: [Replica; 2],
    pub setup: &'a Setup,
    pub store: &'a dyn Store,
    pub tally: Tally,
}

impl Pair<'_> {
    /// Carries out all strikes, each when most jobs that were released are done; after it, more are released.
    pub async fn strike(&mut self, plan: &[Strike], seed: u64, jobs: usize, floor: &Floor) -> anyhow::Result<()> {
        let mut dice = Dice::new(seed ^ 0x5eed);
        for (turn, strike) in plan.iter().enumerate() {
            let released = jobs * (turn + 1) / (plan.len() + 1) + 1;
            floor.released.store(released.min(jobs), Ordering::Relaxed);
            while floor.tell(|story| story.complete()) + UNDER_WAY < released {
                sleep(LOOK * 5).await;
            }
            sleep(Duration::from_millis(dice.roll(500))).await;
            let (holder, row) = self.settled().await?;
            self.carry_out(*strike, holder, &row).await?;
        }
        self.settled().await?;
        floor.released.store(jobs, Ordering::Relaxed);
        Ok(())
    }

    /// Ends both.
    pub async fn end(&mut self) -> anyhow::Result<()> {
        for replica in &mut self.replicas {
            self.tally.refused += replica.end().await?;
        }
        Ok(())
    }

    async fn carry_out(&mut self, strike: Strike, holder: usize, row: &Dispatcher) -> anyhow::Result<()> {
        let standby = 1 - holder;
        match strike {
            Strike::KillHolder => {
                self.tally.refused += self.replicas[holder].kill().await?;
                self.tally.kills += 1;
                self.taken_over(row, standby).await?;
                self.replicas[holder].start(self.setup).await?;
            }
            Strike::PauseHolder(ms) => {
                self.replicas[holder].signal(Signal::Stop)?;
                self.tally.pauses += 1;
                let watch = Stopwatch::start();
                self.taken_over(row, standby).await?;
                sleep(Duration::from_millis(ms).saturating_sub(watch.elapsed())).await;
                self.replicas[holder].signal(Signal::Continue)?;
            }
            Strike::KillStandby => {
                self.tally.refused += self.replicas[standby].kill().await?;
                self.tally.kills += 1;
                self.replicas[standby].start(self.setup).await?;
            }
            Strike::Hiccup(ms) => self.pause(holder, ms).await?,
            Strike::PauseStandby(ms) => self.pause(standby, ms).await?,
        }
        Ok(())
    }

    async fn pause(&mut self, which: usize, ms: u64) -> anyhow::Result<()> {
        self.replicas[which].signal(Signal::Stop)?;
        self.tally.pauses += 1;
        sleep(Duration::from_millis(ms)).await;
        self.replicas[which].signal(Signal::Continue)
    }

    /// Waits until another replica has taken the log over and written to it.
    async fn taken_over(&mut self, before: &Dispatcher, by: usize) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        loop {
            let took = watch.elapsed();
            if let Some(row) = self.store.dispatcher().await?
                && row.fence > before.fence
                && row.beat > Some(0)
            {
                ensure!(self.replicas[by].is(&row.holder), "{} took over", row.holder);
                self.tally.take_overs.push(took);
                return Ok(());
            }
            if took > LONG {
                bail!("nobody took over within {} s", LONG.as_secs());
            }
            sleep(LOOK).await;
        }
    }

    /// Waits until one replica works and the other one stands by; gives which, and the log's row.
    async fn settled(&self) -> anyhow::Result<(usize, Dispatcher)> {
        let watch = Stopwatch::start();
        let mut said = String::new();
        while watch.elapsed() < LONG {
            if let Some(row) = self.store.dispatcher().await?
                && let Some(holder) = self.replicas.iter().position(|replica| replica.is(&row.holder))
            {
                let details = [self.says(holder).await, self.says(1 - holder).await];
                if details[0].contains("accepts work") && details[1].contains("stands by") {
                    return Ok((holder, row));
                }
                said = details.join("; ");
            }
            sleep(LOOK * 2).await;
        }
        bail!("the replicas do not settle: {said}")
    }

    /// What a replica's `/readyz` says of its dispatcher.
    async fn says(&self, which: usize) -> String {
        let ready = tokio::time::timeout(LONG, self.replicas[which].client.readyz()).await;
        let Ok(Ok(ready)) = ready else { return String::new() };
        let check = ready.checks.into_iter().find(|check| check.name == "dispatcher");
        check.map(|check| check.detail).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_the_plan_and_begins_with_both_ways_to_lose_the_log() {
        assert_eq!(plan(20, 3_000, 1), plan(20, 3_000, 1));
        assert_ne!(plan(20, 3_000, 1), plan(20, 3_000, 2));
        let first = plan(2, 3_000, 5);
        assert!(matches!(first[..], [Strike::KillHolder, Strike::PauseHolder(4_000..6_000)]), "{first:?}");
    }
}
