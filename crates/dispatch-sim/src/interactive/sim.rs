//! The discrete-event simulation: a dispatcher with one policy, the providers, and the wire between them.
//!
//! A message takes half a round trip. The dispatcher counts an attempt as in flight from sending it until it hears
//! the last token, cancels it, or learns that its provider is gone. A stopped attempt frees its slot when the word
//! arrives. A provider that goes silent is noticed after [`Model::silence_us`](super::model::Model::silence_us);
//! until then whatever is sent to it is lost, and then sent again elsewhere.

mod dispatcher;
mod event;

use super::fault::{Fault, What};
use super::outcome::Outcome;
use super::policy::{End, Policy};
use super::server::{Server, schedule};
use super::world::World;
use dispatcher::{Dispatcher, State};
use event::{Event, Events};

/// Runs a network's requests under a policy.
pub fn run(world: &World, policy: &mut dyn Policy, faults: &[Fault]) -> Outcome {
    let mut sim = Sim {
        servers: world.providers.iter().map(|provider| Server::new(provider.slots)).collect(),
        dispatcher: Dispatcher::new(world),
        events: Events::default(),
        outcome: Outcome::default(),
        faults,
        world,
    };
    sim.outcome.paid = vec![0.0; world.calls.len()];
    for (index, fault) in faults.iter().enumerate() {
        sim.events.at(fault.at_us, Event::Fault(index));
    }
    let mut calls = world.calls.iter().enumerate().peekable();
    loop {
        // A request that comes in together with an event goes first.
        let next_us = sim.events.next_us();
        if let Some((index, call)) = calls.next_if(|(_, call)| next_us.is_none_or(|next_us| call.at_us <= next_us)) {
            sim.dispatcher.now_us = call.at_us;
            sim.dispatcher.arrive(policy, &mut sim.events, &mut sim.outcome, index);
        } else if let Some((at_us, event)) = sim.events.pop() {
            sim.dispatcher.now_us = at_us;
            sim.handle(policy, event);
            sim.dispatcher.release(policy, &mut sim.events, &mut sim.outcome);
        } else {
            break;
        }
    }
    sim.outcome.served = sim.dispatcher.served();
    sim.outcome.left_over = sim.dispatcher.left_over();
    sim.outcome
}

struct Sim<'a> {
    world: &'a World,
    faults: &'a [Fault],
    servers: Vec<Server>,
    dispatcher: Dispatcher<'a>,
    events: Events,
    outcome: Outcome,
}

impl Sim<'_> {
    fn handle(&mut self, policy: &mut dyn Policy, event: Event) {
        match event {
            Event::AtProvider(attempt) => self.at_provider(attempt),
            Event::FirstToken(attempt) => {
                self.dispatcher.first_token(policy, &mut self.events, attempt);
            }
            Event::Ended(attempt) => self.ended(attempt),
            Event::Done(attempt) => self.dispatcher.done(policy, attempt, End::Finished),
            Event::Cancel(attempt) => self.cancel(attempt),
            Event::Hedge(call) => self.dispatcher.hedge(policy, &mut self.events, &mut self.outcome, call),
            Event::Silent(provider) => {
                self.dispatcher.silent(
                    policy,
                    &mut self.events,
                    &mut self.outcome,
                    provider,
                    self.servers[provider].is_up(),
                );
            }
            Event::Fault(index) => self.fault(policy, index),
        }
    }

    fn at_provider(&mut self, id: usize) {
        let attempt = &mut self.dispatcher.attempts[id];
        let server = &mut self.servers[attempt.known.provider];
        if !server.is_up() {
            attempt.state = State::Lost;
            self.outcome.lost += 1;
            let (provider, now_us) = (attempt.known.provider, self.dispatcher.now_us);
            if !self.dispatcher.is_open(provider) {
                // It was on the wire when the provider was given up.
                self.events.at(now_us + 1, Event::Silent(provider));
            }
        } else if attempt.state == State::Sent {
            attempt.state = State::Queued;
            if server.arrive(id) {
                self.start(id);
            }
        }
    }

    fn start(&mut self, id: usize) {
        let now_us = self.dispatcher.now_us;
        let attempt = &mut self.dispatcher.attempts[id];
        let (call, provider) = (&self.world.calls[attempt.known.call], &self.world.providers[attempt.known.provider]);
        let (first_us, end_us) = schedule(&provider.speed, now_us, call.prefill_us, call.decode_us);
        attempt.state = State::Running { since_us: now_us };
        attempt.first_us = Some(first_us);
        self.events.at(first_us + attempt.one_way_us, Event::FirstToken(id));
        self.events.at(end_us, Event::Ended(id));
        let (running, _) = self.servers[attempt.known.provider].load();
        self.outcome.over_capacity += (running as u64).saturating_sub(u64::from(provider.slots));
    }

    /// It wrote its last token, if it was let.
    fn ended(&mut self, id: usize) {
        let now_us = self.dispatcher.now_us;
        let attempt = &mut self.dispatcher.attempts[id];
        let State::Running { since_us } = attempt.state else { return };
        attempt.state = State::Over;
        self.outcome.finished += 1;
        self.outcome.busy_us += now_us - since_us;
        // Stopped, but faster than the word.
        self.outcome.wasted_us += if attempt.forgotten { now_us - since_us } else { 0 };
        let call = &self.world.calls[attempt.known.call];
        let price = self.dispatcher.price[attempt.known.provider];
        self.outcome.paid[attempt.known.call] += call.work_us() as f64 * price as f64;
        self.events.at(now_us + attempt.one_way_us, Event::Done(id));
        self.leave(id);
    }

    /// The word to stop arrives. What was done until then is wasted, and paid.
    fn cancel(&mut self, id: usize) {
        let now_us = self.dispatcher.now_us;
        let attempt = &mut self.dispatcher.attempts[id];
        let provider = attempt.known.provider;
        match attempt.state {
            State::Queued => {
                self.servers[provider].give_up(id);
                attempt.state = State::Over;
                self.outcome.cancelled += 1;
            }
            State::Running { since_us } => {
                attempt.state = State::Over;
                self.outcome.cancelled += 1;
                self.outcome.busy_us += now_us - since_us;
                self.outcome.wasted_us += now_us - since_us;
                self.outcome.paid[attempt.known.call] +=
                    (now_us - since_us) as f64 * self.dispatcher.price[provider] as f64;
                self.leave(id);
            }
            State::Sent | State::Over | State::Lost => {}
        }
    }

    fn leave(&mut self, id: usize) {
        let provider = self.dispatcher.attempts[id].known.provider;
        if let Some(next) = self.servers[provider].leave(id) {
            self.start(next);
        }
    }

    fn fault(&mut self, policy: &mut dyn Policy, index: usize) {
        let now_us = self.dispatcher.now_us;
        match &self.faults[index].what {
            What::Down(providers) => {
                for provider in providers {
                    for id in self.servers[*provider].down() {
                        self.dispatcher.lose(&mut self.outcome, id);
                    }
                    self.events.at(now_us + self.world.model.silence_us, Event::Silent(*provider));
                }
            }
            What::Up(providers) => {
                for provider in providers {
                    self.servers[*provider].up();
                    self.dispatcher.open(policy, *provider);
                }
            }
            What::Price(prices) => {
                for (provider, price) in prices {
                    self.dispatcher.price[*provider] = *price;
                    policy.priced(*provider, *price, now_us);
                }
            }
            What::Report(provider, in_flight) => policy.reported(*provider, *in_flight, now_us),
        }
    }
}

#[cfg(test)]
mod tests;
