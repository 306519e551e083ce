//! What one round feeds to the engine, to be recorded together, and what is answered afterwards.

use mira_dispatch::Engine;
use mira_dispatch::effect::{Assignment, Effect, Outcome};
use mira_dispatch::input::{Event, Failed, Fault, Input};
use mira_dispatch::proof::EpochClosed;
use mira_dispatch::replay::{Entry, FORMAT, entry};
use mira_store::model::{DispatchCommit, DispatchInput, DispatchRecord, RouteBlock};
use mira_wire::clock::monotonic;
use tokio::sync::oneshot;

use super::serving::{Serve, Served};
use crate::dispatch::error::Error;
use crate::dispatch::meter::Meter;

/// The kind of a placement's record in the store.
pub(in crate::dispatch) const PLACEMENT: &str = "placement";

type Reply = oneshot::Sender<Result<Option<Assignment>, Error>>;

/// Inputs of one round and the pulls that they answer.
#[derive(Default)]
pub(super) struct Round {
    fed: Vec<(Entry, Outcome)>,
    /// Blocks of route records, each with the place of the input that counts it.
    routes: Vec<(usize, RouteBlock)>,
    answers: Vec<(Reply, Option<Assignment>)>,
    served: Vec<(Serve, Served)>,
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
        Ok(self.feed_each(engine, meter, event, at_ms)?.0)
    }

    /// As `feed`; of `Event::Many` it also gives after how many of the effects each of the events ended.
    fn feed_each(
        &mut self,
        engine: &mut Engine,
        meter: &Meter,
        event: Event,
        at_ms: u64,
    ) -> Result<(Outcome, Vec<usize>), Error> {
        let routes = matches!(event, Event::Pull(_) | Event::Many(_));
        let input = Input { at_ms, event };
        let (began, first) = (monotonic(), engine.next_route());
        let (outcome, ends) = engine.step_each(&input);
        if routes {
            let events = u64::try_from(ends.len().max(1)).unwrap_or(u64::MAX);
            meter.routed(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX) / events);
        }
        measure(meter, &outcome, at_ms);
        let recorded = entry(&input, &outcome).map_err(|error| Error::Internal(error.to_string()))?;
        let records = outcome.route_records();
        if !records.is_empty() {
            let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
            let kept = RouteBlock { first, records: count, input_seq: 0, bytes: records.concat() };
            self.routes.push((self.fed.len(), kept));
        }
        self.fed.push((recorded, outcome.clone()));
        Ok((outcome, ends))
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

    /// Serves all requests of a moment with one input.
    pub(super) fn serve(
        &mut self,
        engine: &mut Engine,
        meter: &Meter,
        serves: Vec<Serve>,
        at_ms: u64,
    ) -> Result<(), Error> {
        let (mut events, mut counts) = (Vec::new(), Vec::with_capacity(serves.len()));
        for serve in &serves {
            let before = events.len();
            events.extend(serve.events(engine));
            counts.push(events.len() - before);
        }
        let mut next_decision = engine.next_route();
        let (outcome, ends) =
            if events.is_empty() { Default::default() } else { self.feed_each(engine, meter, Event::Many(events), at_ms)? };
        // What fell due before the first of them comes first, and is nobody's.
        let mut effects = outcome.effects.into_iter();
        let (mut taken, mut ends) = (0, ends.into_iter());
        for (serve, count) in serves.into_iter().zip(counts) {
            let until = count.checked_sub(1).and_then(|skip| ends.nth(skip)).unwrap_or(taken);
            let its: Vec<Effect> = effects.by_ref().take(until - taken).collect();
            taken = until;
            let first = next_decision;
            next_decision += Served::decisions(&its);
            self.served.push((serve, Served::of(engine, its, first)));
        }
        Ok(())
    }

    /// Answers a pull once the round is recorded.
    pub(super) fn answer(&mut self, reply: Reply, assignment: Option<Assignment>) {
        self.answers.push((reply, assignment));
    }

    /// What is to be written, if anything was fed. `seq` is the number of the newest recorded input, `began_after` of
    /// the newest that the engine was not fed.
    pub(super) fn commit(&mut self, seq: u64, began_after: u64) -> Result<Option<DispatchCommit>, Error> {
        let mut commit = DispatchCommit { began_after, ..DispatchCommit::default() };
        for (number, (entry, outcome)) in (seq.saturating_add(1)..).zip(&self.fed) {
            commit.inputs.push(DispatchInput { seq: number, bytes: entry.to_bytes(), version: FORMAT });
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
        for (place, mut block) in self.routes.drain(..) {
            block.input_seq = commit.inputs.get(place).map_or(0, |input| input.seq);
            commit.routes.push(block);
        }
        Ok((!commit.inputs.is_empty()).then_some(commit))
    }

    /// The dispatch epochs that it closed.
    pub(super) fn closed(&self) -> Vec<EpochClosed> {
        let effects = self.fed.iter().flat_map(|(_, outcome)| &outcome.effects);
        effects
            .filter_map(|effect| if let Effect::EpochClosed(closed) = effect { Some(*closed) } else { None })
            .collect()
    }

    /// Gives the pulls their answers. Returns what nobody was there to take any more.
    pub(super) fn deliver(self) -> Vec<Event> {
        self.served.into_iter().for_each(|(serve, served)| serve.answer(Ok(served)));
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
        self.served.into_iter().for_each(|(serve, _)| serve.answer(Err(Error::soon())));
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
