//! The dispatcher's side: what it sent, what it heard, and whom it thinks gone.

use super::event::{Event, Events};
use crate::interactive::outcome::{Outcome, Served};
use crate::interactive::policy::{Ask, Attempt, End, Hedge, Policy, View};
use crate::interactive::world::{Call, World};
use std::collections::VecDeque;

/// Where an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// On its way.
    Sent,
    /// It waits for a slot.
    Queued,
    /// It has a slot.
    Running { since_us: u64 },
    /// It wrote its last token or was stopped.
    Over,
    /// It went down with its provider, which the dispatcher may not know yet.
    Lost,
}

/// An attempt with what only the simulator knows of it.
pub struct Tracked {
    pub known: Attempt,
    pub state: State,
    pub one_way_us: u64,
    /// When its first token is written, if nothing comes between.
    pub first_us: Option<u64>,
    /// The dispatcher has done with it.
    pub forgotten: bool,
}

/// A request.
#[derive(Clone, Default)]
struct Track {
    attempts: Vec<usize>,
    served: Option<(u64, usize)>,
}

/// See the module.
pub struct Dispatcher<'a> {
    world: &'a World,
    pub now_us: u64,
    pub attempts: Vec<Tracked>,
    pub price: Vec<u64>,
    calls: Vec<Track>,
    /// Requests that the policy holds, in order of arrival.
    held: VecDeque<usize>,
    open: Vec<usize>,
    in_flight: Vec<u32>,
    slots: Vec<u32>,
}

impl<'a> Dispatcher<'a> {
    pub fn new(world: &'a World) -> Self {
        Dispatcher {
            world,
            now_us: 0,
            attempts: Vec::with_capacity(world.calls.len()),
            price: world.providers.iter().map(|provider| provider.price).collect(),
            calls: vec![Track::default(); world.calls.len()],
            held: VecDeque::new(),
            open: (0..world.providers.len()).collect(),
            in_flight: vec![0; world.providers.len()],
            slots: world.providers.iter().map(|provider| provider.slots).collect(),
        }
    }

    fn ask(&self, call: usize) -> Ask {
        let Call { at_us, front, .. } = self.world.calls[call];
        Ask { call, front, at_us, attempt: self.attempts.len() }
    }

    fn view(&self) -> View<'_> {
        let Dispatcher { now_us, open, in_flight, slots, price, .. } = self;
        View { now_us: *now_us, open, in_flight, slots, price }
    }

    /// A request comes in.
    pub fn arrive(&mut self, policy: &mut dyn Policy, events: &mut Events, outcome: &mut Outcome, call: usize) {
        self.held.push_back(call);
        self.release(policy, events, outcome);
    }

    /// Something happened: sends what the policy holds no longer, in order of arrival.
    pub fn release(&mut self, policy: &mut dyn Policy, events: &mut Events, outcome: &mut Outcome) {
        while !self.held.is_empty() && !policy.holds(&self.view()) {
            if let Some(call) = self.held.pop_front() {
                self.first(policy, events, outcome, call);
            }
        }
    }

    fn first(&mut self, policy: &mut dyn Policy, events: &mut Events, outcome: &mut Outcome, call: usize) {
        let ask = self.ask(call);
        let provider = policy.route(&self.view(), &ask);
        self.send(events, outcome, &ask, provider);
        if let Some(at_us) = policy.hedge_at_us(&ask) {
            events.at(at_us.max(self.now_us), Event::Hedge(call));
        }
    }

    fn send(&mut self, events: &mut Events, outcome: &mut Outcome, ask: &Ask, provider: usize) {
        let one_way_us = u64::from(self.world.rtt_us[ask.front][provider] / 2);
        let known = Attempt { id: ask.attempt, call: ask.call, front: ask.front, provider, sent_us: self.now_us };
        self.attempts.push(Tracked { known, state: State::Sent, one_way_us, first_us: None, forgotten: false });
        self.calls[ask.call].attempts.push(ask.attempt);
        self.in_flight[provider] += 1;
        outcome.attempts += 1;
        outcome.breaches += u64::from(self.price[provider] > self.world.model.price_cap);
        events.at(self.now_us + one_way_us, Event::AtProvider(ask.attempt));
    }

    /// It is time to think of a second provider.
    pub fn hedge(&mut self, policy: &mut dyn Policy, events: &mut Events, outcome: &mut Outcome, call: usize) {
        let track = &self.calls[call];
        let (None, [first]) = (track.served, &track.attempts[..]) else { return };
        let (ask, first) = (self.ask(call), self.attempts[*first].known);
        match policy.hedge(&self.view(), &ask, &first) {
            Hedge::To(provider) => {
                outcome.hedges += 1;
                self.send(events, outcome, &ask, provider);
            }
            Hedge::Later(at_us) => events.at(at_us.max(self.now_us + 1), Event::Hedge(call)),
            Hedge::No => {}
        }
    }

    /// A first token arrives: it counts unless its attempt was stopped or went down before writing it.
    pub fn first_token(&mut self, policy: &mut dyn Policy, events: &mut Events, id: usize) {
        let attempt = &self.attempts[id];
        let track = &mut self.calls[attempt.known.call];
        if attempt.forgotten || attempt.first_us.is_none() || track.served.is_some() {
            return;
        }
        track.served = Some((self.now_us, attempt.known.provider));
        policy.first_token(&attempt.known, self.now_us);
        for other in track.attempts.clone() {
            if other != id && !self.attempts[other].forgotten {
                self.stop(policy, events, other);
            }
        }
    }

    fn stop(&mut self, policy: &mut dyn Policy, events: &mut Events, id: usize) {
        let one_way_us = self.attempts[id].one_way_us;
        // After the attempt itself, on the same wire.
        events.at(self.now_us + one_way_us, Event::Cancel(id));
        self.done(policy, id, End::Cancelled);
    }

    /// An attempt is over for the dispatcher.
    pub fn done(&mut self, policy: &mut dyn Policy, id: usize, end: End) {
        let attempt = &mut self.attempts[id];
        if !std::mem::replace(&mut attempt.forgotten, true) {
            self.in_flight[attempt.known.provider] -= 1;
            policy.done(&attempt.known, end, self.now_us);
        }
    }

    /// An attempt goes down with its provider. A first token that was written before is still on its way.
    pub fn lose(&mut self, outcome: &mut Outcome, id: usize) {
        let attempt = &mut self.attempts[id];
        if let State::Running { since_us } = attempt.state {
            outcome.busy_us += self.now_us - since_us;
        }
        attempt.state = State::Lost;
        attempt.first_us = attempt.first_us.filter(|first_us| *first_us <= self.now_us);
        outcome.lost += 1;
    }

    /// A provider was silent for too long: what it had is sent again elsewhere.
    pub fn silent(
        &mut self,
        policy: &mut dyn Policy,
        events: &mut Events,
        outcome: &mut Outcome,
        provider: usize,
        is_up: bool,
    ) {
        if !is_up && self.open.len() > 1 {
            self.open.retain(|open| *open != provider);
            policy.closed(provider, self.now_us);
        }
        let gone = |attempt: &Tracked| {
            attempt.known.provider == provider && attempt.state == State::Lost && !attempt.forgotten
        };
        let lost: Vec<usize> = (0..self.attempts.len()).filter(|id| gone(&self.attempts[*id])).collect();
        for id in lost {
            self.done(policy, id, End::Lost);
            let call = self.attempts[id].known.call;
            let others = self.calls[call].attempts.iter().filter(|other| !self.attempts[**other].forgotten);
            if others.count() == 0 {
                outcome.resent += 1;
                let ask = self.ask(call);
                let provider = policy.route(&self.view(), &ask);
                self.send(events, outcome, &ask, provider);
            }
        }
    }

    /// A provider is heard of again.
    pub fn open(&mut self, policy: &mut dyn Policy, provider: usize) {
        if !self.is_open(provider) {
            self.open.push(provider);
            policy.opened(provider, self.now_us);
        }
    }

    /// Whether a provider is not known to be gone.
    pub fn is_open(&self, provider: usize) -> bool {
        self.open.contains(&provider)
    }

    /// Each request's fate.
    pub fn served(&self) -> Vec<Served> {
        let fate = |(track, call): (&Track, &Call)| Served {
            at_us: call.at_us,
            ttft_us: track.served.map(|(served_us, _)| served_us - call.at_us),
            provider: track.served.map_or(0, |(_, provider)| provider),
        };
        self.calls.iter().zip(&self.world.calls).map(fate).collect()
    }

    /// Attempts that neither ended nor were lost.
    pub fn left_over(&self) -> u64 {
        let open = |attempt: &&Tracked| !matches!(attempt.state, State::Over | State::Lost) || !attempt.forgotten;
        self.attempts.iter().filter(open).count() as u64
    }
}
