//! A small world for the protocol alone: providers that come and go with some slots, leases that open
//! and close, other shards that come and go. Sets are bits, so that a schedule takes microseconds.

use std::collections::BTreeSet;

use mira_core::Key;

use crate::gang::advance::{Floor, Standing, Survey};
use crate::gang::book::{Book, Member};
use crate::gang::note::Note;

/// Time that each member of a reservation gets.
pub(crate) const TTL_MS: u64 = 100;

pub(crate) fn key(id: usize) -> Key {
    let mut key = [0; 32];
    key[0] = u8::try_from(id).expect("few");
    key
}

pub(crate) fn id(key: &Key) -> usize {
    usize::from(key[0])
}

/// A provider's slots and who has them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stand {
    pub(crate) up: bool,
    pub(crate) slots: usize,
    pub(crate) firm: usize,
    pub(crate) preemptible: usize,
}

/// A gang's job: sets of providers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Play {
    pub(crate) leases: u8,
    pub(crate) proposals: u8,
    pub(crate) declined: u8,
    pub(crate) over: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) stands: Vec<Stand>,
    pub(crate) plays: Vec<Play>,
    pub(crate) told: Vec<Note>,
    pub(crate) wake_ms: BTreeSet<u64>,
}

pub(crate) fn has(set: u8, id: usize) -> bool {
    set >> id & 1 == 1
}

fn claimed(book: &Book, provider: usize) -> (usize, usize) {
    crate::gang::slots::gangs(book, &key(provider))
}

impl Model {
    fn pick(&self, job: &Key, size: u16, free: impl Fn(usize) -> bool) -> Vec<Member> {
        let play = self.plays[id(job)];
        let up = |stand: &usize| self.stands[*stand].up && free(*stand);
        let kept = (0..self.stands.len()).filter(|stand| has(play.leases, *stand));
        let others = (0..self.stands.len()).filter(|stand| !has(play.leases | play.declined, *stand));
        let members = kept.chain(others).filter(up).take(usize::from(size));
        members.map(|stand| Member { provider: key(stand), owner: key(stand) }).collect()
    }

    fn now(&self, book: &Book, job: &Key, size: u16) -> Vec<Member> {
        self.pick(job, size, |stand| claimed(book, stand).0 < self.stands[stand].slots)
    }
}

impl Floor for Model {
    fn is_over(&self, job: &Key) -> bool {
        self.plays[id(job)].over
    }

    fn survey(&mut self, book: &Book, job: &Key, size: u16) -> Survey {
        let possible = self.pick(job, size, |_| true).len() >= usize::from(size);
        Survey { now: self.now(book, job, size), possible }
    }

    fn invite(&mut self, book: &Book, job: &Key, size: u16) -> Option<Vec<Member>> {
        let members = self.now(book, job, size);
        let play = &mut self.plays[id(job)];
        for member in members.iter().filter(|member| !has(play.leases, id(&member.provider))) {
            play.proposals |= 1 << id(&member.provider);
        }
        Some(members)
    }

    fn standing(&self, book: &Book, job: &Key, _rank: usize, member: &Member) -> Standing {
        let (play, stand) = (self.plays[id(job)], id(&member.provider));
        let held = book.get(job).is_some_and(crate::gang::book::Gang::is_holder);
        match self.stands[stand].up {
            true if has(play.leases, stand) => Standing::Open,
            true if held || has(play.proposals, stand) => Standing::Pending,
            _ => Standing::Lost,
        }
    }

    fn has_slot(&self, book: &Book, provider: &Key) -> bool {
        let stand = self.stands[id(provider)];
        stand.firm + claimed(book, id(provider)).1 < stand.slots
    }

    fn clear_slot(&mut self, book: &Book, provider: &Key) {
        let started = claimed(book, id(provider)).1;
        let stand = &mut self.stands[id(provider)];
        while stand.firm + stand.preemptible + started > stand.slots && stand.preemptible > 0 {
            stand.preemptible -= 1;
        }
    }

    fn withdraw(&mut self, job: &Key, late: bool) {
        let play = &mut self.plays[id(job)];
        if late {
            play.declined |= play.proposals & play.proposals.wrapping_neg();
        }
        play.proposals = 0;
    }

    fn halt(&mut self, _job: &Key) {}

    fn starve(&mut self, _job: &Key, _size: u16) {}

    fn begin(&mut self, _tag: u64) {}

    fn limit_ms(&self, size: u16) -> u64 {
        TTL_MS * u64::from(size)
    }

    fn forgive(&mut self, job: &Key) -> bool {
        std::mem::take(&mut self.plays[id(job)].declined) != 0
    }

    fn wake(&mut self, _job: &Key, at_ms: u64) {
        self.wake_ms.insert(at_ms);
    }

    fn tell(&mut self, note: Note) {
        self.told.push(note);
    }
}
