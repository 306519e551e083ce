//! The book of gangs: who waits, who claims a slot of whom, who runs. One admission order.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

/// A member: one slot of one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Member {
    /// The provider.
    pub provider: Key,
    /// Its owner.
    pub owner: Key,
}

/// Where a gang stands.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum State {
    /// It claims nothing.
    Waiting,
    /// It claims a slot of each of these, and runs nothing.
    Reserving {
        /// Whom it claims, by rank.
        members: Vec<Member>,
        /// Whether they are all there and were sent proposals.
        invited: bool,
        /// When it is released. Unix milliseconds.
        until_ms: u64,
    },
    /// All run.
    Running {
        /// By rank.
        members: Vec<Member>,
    },
}

/// A gang that has shards left.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Gang {
    /// How many members it has.
    pub size: u16,
    /// Its place in the admission order: virtual time, then the order of arrival.
    pub ticket: (u64, u64),
    /// Where it stands.
    pub state: State,
    /// The step that its members are at: each runs one shard of it.
    pub step: u32,
    /// How often it started.
    pub starts: u32,
    /// How often a reservation was released.
    pub releases: u32,
}

impl Gang {
    /// Whom it claims a slot of, by rank.
    pub fn members(&self) -> &[Member] {
        self.state.members()
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Whether it claims slots although members are missing.
    pub fn is_holder(&self) -> bool {
        matches!(self.state, State::Reserving { invited: false, .. })
    }
}

/// All gangs.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Book {
    gangs: BTreeMap<Key, Gang>,
    order: BTreeSet<((u64, u64), Key)>,
    claims: BTreeMap<Key, BTreeSet<Key>>,
    next: u64,
    /// Whether something changed that may let a waiting gang in.
    pub(crate) changed: bool,
}

impl Book {
    /// A gang of this job.
    pub fn get(&self, job: &Key) -> Option<&Gang> {
        self.gangs.get(job)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.gangs.is_empty()
    }

    /// All in admission order; the one that claims slots although members are missing goes first.
    pub fn in_order(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.order.iter().map(|(_, key)| *key).collect();
        if let Some(place) = keys.iter().position(|key| self.gangs.get(key).is_some_and(Gang::is_holder)) {
            keys[..=place].rotate_right(1);
        }
        keys
    }

    /// The gangs that claim or use a slot of a provider.
    pub fn on<'a>(&'a self, provider: &Key) -> impl Iterator<Item = (&'a Key, &'a Gang)> {
        let claims = self.claims.get(provider).into_iter().flatten();
        claims.filter_map(|job| Some((job, self.gangs.get(job)?)))
    }

    /// Whether a gang claims or uses a slot of a provider.
    pub fn claims(&self, provider: &Key, job: &Key) -> bool {
        self.claims.get(provider).is_some_and(|jobs| jobs.contains(job))
    }

    /// The gang that claims slots although members are missing, if there is one.
    pub fn holder(&self) -> Option<&Key> {
        self.gangs.iter().find(|(_, gang)| gang.is_holder()).map(|(key, _)| key)
    }

    pub(crate) fn enter(&mut self, job: &Key, size: u16, tag: u64) {
        let ticket = (tag, self.next);
        self.next = self.next.saturating_add(1);
        self.order.insert((ticket, *job));
        self.gangs.insert(*job, Gang { size, ticket, state: State::Waiting, step: 0, starts: 0, releases: 0 });
        self.changed = true;
    }

    /// Forgets a gang. Its slots are free.
    pub(crate) fn leave(&mut self, job: &Key) {
        self.unclaim(job);
        if let Some(gang) = self.gangs.remove(job) {
            self.order.remove(&(gang.ticket, *job));
            self.changed = true;
        }
    }

    /// Claims a slot of each member. Claims of before are given up.
    pub(crate) fn reserve(&mut self, job: &Key, members: Vec<Member>, invited: bool, until_ms: u64) {
        self.unclaim(job);
        let Some(gang) = self.gangs.get_mut(job) else { return };
        for member in &members {
            self.claims.entry(member.provider).or_default().insert(*job);
        }
        gang.state = State::Reserving { members, invited, until_ms };
    }

    /// Gives every claim up.
    pub(crate) fn unclaim(&mut self, job: &Key) {
        let Some(gang) = self.gangs.get_mut(job) else { return };
        for member in std::mem::replace(&mut gang.state, State::Waiting).members() {
            if let Some(jobs) = self.claims.get_mut(&member.provider) {
                jobs.remove(job);
                if jobs.is_empty() {
                    self.claims.remove(&member.provider);
                }
            }
        }
    }

    /// From reserved to running, all at once.
    pub(crate) fn start(&mut self, job: &Key) {
        let Some(gang) = self.gangs.get_mut(job) else { return };
        gang.starts = gang.starts.saturating_add(1);
        let members = gang.members().to_vec();
        gang.state = State::Running { members };
    }

    /// Gives a reservation or a run up; the gang waits at its old place in the order.
    pub(crate) fn release(&mut self, job: &Key) {
        self.unclaim(job);
        if let Some(gang) = self.gangs.get_mut(job) {
            gang.releases = gang.releases.saturating_add(1);
            self.changed = true;
        }
    }

    pub(crate) fn get_mut(&mut self, job: &Key) -> Option<&mut Gang> {
        self.gangs.get_mut(job)
    }

    /// Reservations get at least until then: nobody could take up a proposal before.
    pub(crate) fn extend(&mut self, at_least: impl Fn(u16) -> u64) -> Vec<(Key, u64)> {
        let mut limits = Vec::new();
        for (key, gang) in &mut self.gangs {
            if let State::Reserving { until_ms, .. } = &mut gang.state {
                *until_ms = (*until_ms).max(at_least(gang.size));
                limits.push((*key, *until_ms));
            }
        }
        limits
    }
}

impl State {
    fn members(&self) -> &[Member] {
        match self {
            State::Waiting => &[],
            State::Reserving { members, .. } | State::Running { members } => members,
        }
    }
}
