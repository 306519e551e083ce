//! Whether a provider is sent work: healthy → suspended at once → probing → healthy.
//!
//! A suspension lasts longer with every strike and a strike is forgotten with every shard done
//! well, so that a provider that flaps is tried ever more rarely and one that stumbled once is soon
//! forgiven. Nothing here reads a clock.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::config::Config;

/// Why a provider was suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Cause {
    /// It sent no heartbeat in time.
    Silent,
    /// It could not run a shard.
    NodeFault,
    /// It let two assignments in a row expire.
    Expired,
    /// It reported a failure of a module that ran well elsewhere.
    Disproved,
    /// It claimed more units than it was allowed.
    OverLimit,
}

/// A provider's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Standing {
    /// Takes work in all its slots.
    Healthy,
    /// Takes none.
    Suspended {
        /// When it may be probed. Unix milliseconds.
        until_ms: u64,
    },
    /// Takes one shard at a time until one went well.
    Probing {
        /// Heartbeats since it began.
        beats: u32,
    },
}

/// A provider's standing and what led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Health {
    /// Where it stands.
    pub standing: Standing,
    /// When it was last heard of. Unix milliseconds.
    pub last_seen_ms: u64,
    /// Suspensions not yet worked off.
    pub strikes: u32,
    /// Assignments that expired since the last result.
    pub expired_in_row: u32,
}

/// What a sign of life or a result changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// It may try one shard.
    Probe,
    /// It is healthy again.
    Restored,
}

impl Health {
    /// A provider heard of for the first time: healthy, as there is nothing against it.
    pub fn new(now_ms: u64) -> Self {
        Health { standing: Standing::Healthy, last_seen_ms: now_ms, strikes: 0, expired_in_row: 0 }
    }

    /// Whether it may be sent work or leases at all.
    pub fn takes_work(&self) -> bool {
        !matches!(self.standing, Standing::Suspended { .. })
    }

    /// Whether new leases may be proposed to it: only when healthy.
    pub fn is_healthy(&self) -> bool {
        self.standing == Standing::Healthy
    }

    /// How many shards it may run at the same time, having offered `slots`.
    pub fn slots(&self, slots: u16) -> usize {
        match self.standing {
            Standing::Healthy => usize::from(slots),
            Standing::Probing { .. } => usize::from(slots.min(1)),
            Standing::Suspended { .. } => 0,
        }
    }

    /// When its silence becomes a suspension.
    pub fn silent_at_ms(&self, config: &Config) -> u64 {
        self.last_seen_ms.saturating_add(config.heartbeat_timeout_ms)
    }

    /// Suspends it; each strike doubles the wait.
    pub fn suspend(&mut self, now_ms: u64, config: &Config) {
        let wait = config
            .probe_after_ms
            .checked_shl(self.strikes)
            .filter(|wait| wait >> self.strikes == config.probe_after_ms);
        let wait = wait.unwrap_or(u64::MAX).min(config.probe_cap_ms);
        self.standing = Standing::Suspended { until_ms: now_ms.saturating_add(wait) };
        self.strikes = self.strikes.saturating_add(1).min(32);
        self.expired_in_row = 0;
    }

    /// A sign of life.
    pub fn beat(&mut self, now_ms: u64, config: &Config) -> Change {
        self.last_seen_ms = now_ms;
        match self.standing {
            Standing::Suspended { until_ms } if now_ms >= until_ms => {
                self.standing = Standing::Probing { beats: 1 };
                Change::Probe
            }
            Standing::Probing { beats } if beats.saturating_add(1) >= config.probe_beats => {
                self.standing = Standing::Healthy;
                Change::Restored
            }
            Standing::Probing { beats } => {
                self.standing = Standing::Probing { beats: beats.saturating_add(1) };
                Change::None
            }
            Standing::Healthy | Standing::Suspended { .. } => Change::None,
        }
    }

    /// A shard went well.
    pub fn succeed(&mut self) -> Change {
        self.expired_in_row = 0;
        self.strikes = self.strikes.saturating_sub(1);
        match self.standing {
            Standing::Probing { .. } => {
                self.standing = Standing::Healthy;
                Change::Restored
            }
            Standing::Healthy | Standing::Suspended { .. } => Change::None,
        }
    }

    /// Its name for people.
    pub fn as_str(&self) -> &'static str {
        match self.standing {
            Standing::Healthy => "healthy",
            Standing::Suspended { .. } => "suspended",
            Standing::Probing { .. } => "probing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspended_then_probed_then_restored_by_heartbeats() {
        let config = Config::default();
        let mut health = Health::new(1_000);
        assert_eq!(health.slots(4), 4);
        health.suspend(2_000, &config);
        assert!(!health.takes_work());
        assert_eq!(health.slots(4), 0);
        assert_eq!(health.beat(3_000, &config), Change::None, "too early");
        assert_eq!(health.beat(2_000 + config.probe_after_ms, &config), Change::Probe);
        assert_eq!(health.slots(4), 1);
        assert!(!health.is_healthy());
        assert_eq!(health.beat(8_000, &config), Change::None);
        assert_eq!(health.beat(9_000, &config), Change::Restored);
        assert!(health.is_healthy());
    }

    #[test]
    fn one_good_shard_restores() {
        let config = Config::default();
        let mut health = Health::new(0);
        health.suspend(0, &config);
        health.beat(config.probe_after_ms, &config);
        assert_eq!(health.succeed(), Change::Restored);
        assert_eq!(health.strikes, 0);
    }

    #[test]
    fn strikes_double_the_wait_up_to_the_cap() {
        let config = Config { probe_after_ms: 5_000, probe_cap_ms: 30_000, ..Config::default() };
        let mut health = Health::new(0);
        let waits: Vec<u64> = (0..40)
            .map(|_| {
                health.suspend(100, &config);
                match health.standing {
                    Standing::Suspended { until_ms } => until_ms - 100,
                    _ => 0,
                }
            })
            .collect();
        assert_eq!(&waits[..4], &[5_000, 10_000, 20_000, 30_000]);
        assert!(waits[4..].iter().all(|wait| *wait == 30_000));
    }
}
