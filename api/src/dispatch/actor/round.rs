//! What one round feeds to the engine, to be recorded together, and what is answered afterwards.

use mira_dispatch::Engine;
use mira_dispatch::effect::{Assignment, Effect, Outcome};
use mira_dispatch::input::{Event, Failed, Fault, Input};
use mira_dispatch::replay::{Entry, entry};
use mira_store::model::{DispatchCommit, DispatchInput, DispatchRecord};
use mira_wire::clock::monotonic;
use tokio::sync::oneshot;

use crate::dispatch::error::Error;
use crate::dispatch::meter::Meter;

/// The kind of a placement's record in the store.
pub(in crate::dispatch) const PLACEMENT: &str = "placement";

type Reply = oneshot::Sender<Result<Option<Assignment>, Error>>;

/// Inputs of one round and the pulls that they answer.
#[derive(Default)]
pub(super) struct Round {
    fed: Vec<(Entry, Outcome)>,
    answers: Vec<(Reply, Option<Assignment>)>,
}

impl Round {
    /// Feeds one event.
    pub(super) fn feed(
        &mut self,
        engine: &mut Engine,
        meter: &Meter,
        event: Event,
        at_ms: u64,
    ) -> Result<Outcome, Error> {
        let is_pull = matches!(event, Event::Pull(_));
        let input = Input { at_ms, event };
        let began = monotonic();
        let outcome = engine.step(&input);
        if is_pull {
            meter.routed(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
        }
        measure(meter, &outcome, at_ms);
        let recorded = entry(&input, &outcome).map_err(|error| Error::Internal(error.to_string()))?;
        self.fed.push((recorded, outcome.clone()));
        Ok(outcome)
    }

    /// Feeds one event if it says anything new, and adds what it led to.
    pub(super) fn feed_news(
        &mut self,
        engine: &mut Engine,
        meter: &Meter,
        event: Event,
        at_ms: u64,
        all: &mut Outcome,
    ) -> Result<(), Error> {
        let Some(event) = news(engine, event, at_ms) else { return Ok(()) };
        let outcome = self.feed(engine, meter, event, at_ms)?;
        all.effects.extend(outcome.effects);
        all.records.extend(outcome.records);
        Ok(())
    }

    /// Answers a pull once the round is recorded.
    pub(super) fn answer(&mut self, reply: Reply, assignment: Option<Assignment>) {
        self.answers.push((reply, assignment));
    }

    /// What is to be written, if anything was fed. `seq` is the number of the newest recorded input.
    pub(super) fn commit(&mut self, seq: u64) -> Result<Option<DispatchCommit>, Error> {
        let mut commit = DispatchCommit::default();
        for (number, (entry, outcome)) in (seq.saturating_add(1)..).zip(&self.fed) {
            commit.inputs.push(DispatchInput { seq: number, bytes: entry.to_bytes() });
            for record in &outcome.records {
                commit.records.push(DispatchRecord {
                    id: record.id,
                    input_seq: number,
                    kind: PLACEMENT.to_owned(),
                    subject: record.spec_hash,
                    bytes: record.to_bytes().map_err(|error| Error::Internal(error.to_string()))?,
                });
            }
        }
        Ok((!commit.inputs.is_empty()).then_some(commit))
    }

    /// Gives the pulls their answers. Returns what nobody was there to take any more.
    pub(super) fn deliver(self) -> Vec<Event> {
        let left = self.answers.into_iter().filter_map(|(reply, assignment)| reply.send(Ok(assignment)).err());
        left.filter_map(|answer| answer.ok().flatten())
            .map(|assignment| {
                let note = "nobody was there to take it".to_owned();
                Event::Failed(Failed { claim: assignment.claim, fault: Fault::Undelivered, note })
            })
            .collect()
    }

    /// Tells the pulls that nothing was recorded.
    pub(super) fn fail(self) {
        for (reply, _) in self.answers {
            // Whoever is gone has nothing to be told.
            let _ = reply.send(Err(Error::soon()));
        }
    }
}

/// The event, or nothing if the engine knows it already: the log is not for repetition.
fn news(engine: &Engine, event: Event, at_ms: u64) -> Option<Event> {
    match event {
        Event::Provider(facts) => (!engine.knows(&facts)).then_some(Event::Provider(facts)),
        Event::Heartbeat(mut beat) => {
            let known = engine.provider(&beat.provider)?;
            if beat.cached.as_ref().is_some_and(|cached| known.holds_just(cached)) {
                beat.cached = None;
            }
            let wanted = beat.cached.is_some() || engine.wants_beat(&beat.provider, at_ms);
            wanted.then_some(Event::Heartbeat(beat))
        }
        Event::Offer(offer) => {
            let known = engine.provider(&offer.provider).is_some_and(|known| known.repeats(&offer));
            (!known || engine.wants_beat(&offer.provider, at_ms)).then_some(Event::Offer(offer))
        }
        Event::Place(place) => {
            let placed = engine.job(&place.job).is_some_and(|job| job.placed);
            (!placed).then_some(Event::Place(place))
        }
        Event::Audited(audited) => {
            let known = engine.reputation().knows(&engine.config().reputation, &audited, at_ms);
            (!known).then_some(Event::Audited(audited))
        }
        Event::Job(facts) => (!engine.knows_job(&facts)).then_some(Event::Job(facts)),
        other => Some(other),
    }
}

/// Notes what an outcome says about time, and counts it.
fn measure(meter: &Meter, outcome: &Outcome, at_ms: u64) {
    for effect in &outcome.effects {
        match effect {
            Effect::Propose(proposal) => meter.proposed(proposal.id, at_ms),
            Effect::Withdrawn { id, .. } => meter.withdrawn(*id),
            Effect::LeaseReady { proposal: Some(id), .. } => meter.opened(*id, at_ms),
            _ => {}
        }
        metrics::counter!("mira_dispatch_effects_total", "kind" => effect.as_str()).increment(1);
    }
}
