//! What one round feeds to the engine, to be recorded together, and what is answered afterwards.

use std::collections::BTreeMap;

use mira_dispatch::Engine;
use mira_dispatch::effect::{Assignment, Effect, Outcome};
use mira_dispatch::input::{Event, Failed, Fault, Input};
use mira_dispatch::proof::{EpochClosed, reroute};
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
    /// The number of its first route record.
    first_route: Option<u64>,
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
        self.feed_each(engine, meter, event, at_ms)?;
        Ok(self.last().clone())
    }

    /// What was fed last led to this.
    fn last(&self) -> &Outcome {
        static NOTHING: Outcome = Outcome { effects: Vec::new(), records: Vec::new() };
        self.fed.last().map_or(&NOTHING, |(_, outcome)| outcome)
    }

    /// As `feed`; of `Event::Many` it gives the places between which the effects of each event are.
    fn feed_each(&mut self, engine: &mut Engine, meter: &Meter, event: Event, at_ms: u64) -> Result<Vec<usize>, Error> {
        let routes = matches!(event, Event::Pull(_) | Event::Many(_));
        let input = Input { at_ms, event };
        let began = monotonic();
        let (outcome, bounds) = engine.step_each(&input);
        if routes {
            let events = u64::try_from(bounds.len().saturating_sub(1).max(1)).unwrap_or(u64::MAX);
            meter.routed(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX) / events);
        }
        if let routes @ 1.. = outcome.routes().count() {
            let routes = u64::try_from(routes).unwrap_or(u64::MAX);
            self.first_route.get_or_insert(engine.next_route().saturating_sub(routes));
        }
        measure(meter, &outcome, at_ms);
        spent("engine", began);
        let encoding = monotonic();
        let recorded = entry(&input, &outcome).map_err(|error| Error::Internal(error.to_string()))?;
        spent("encode", encoding);
        self.fed.push((recorded, outcome));
        Ok(bounds)
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
        let mut decision = engine.next_route();
        if events.is_empty() {
            self.served.extend(serves.into_iter().map(|serve| (serve, Served::default())));
            return Ok(());
        }
        let bounds = self.feed_each(engine, meter, Event::Many(events), at_ms)?;
        let mut event = 0;
        for (serve, count) in serves.into_iter().zip(counts) {
            let effects = &self.last().effects;
            let bound = |event: usize| bounds.get(event).copied().unwrap_or(effects.len());
            let its = effects.get(bound(event)..bound(event + count)).unwrap_or_default().to_vec();
            event += count;
            let decisions = Served::decisions(&its);
            self.served.push((serve, Served::of(engine, its, decision)));
            decision = decision.saturating_add(decisions);
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
        commit.routes = self.routes(seq)?.into_iter().collect();
        Ok((!commit.inputs.is_empty()).then_some(commit))
    }

    /// The route records, in one block.
    fn routes(&self, seq: u64) -> Result<Option<RouteBlock>, Error> {
        let (mut bytes, mut records, mut input_seq) = (Vec::new(), 0u32, 0);
        for (number, (_, outcome)) in (seq.saturating_add(1)..).zip(&self.fed) {
            for record in outcome.routes() {
                bytes.extend(reroute::write(record).map_err(|error| Error::Internal(error.to_string()))?);
                (records, input_seq) = (records.saturating_add(1), number);
            }
        }
        let first = self.first_route.unwrap_or_default();
        Ok((records > 0).then_some(RouteBlock { first, records, input_seq, bytes }))
    }

    /// The dispatch epochs that it closed.
    pub(super) fn closed(&self) -> Vec<EpochClosed> {
        let effects = self.fed.iter().flat_map(|(_, outcome)| &outcome.effects);
        effects
            .filter_map(|effect| if let Effect::EpochClosed(closed) = effect { Some(*closed) } else { None })
            .collect()
    }

    /// Whether a pull is answered by it.
    pub(super) fn has_answers(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Answers requests.
    pub(super) fn answer_served(&mut self) {
        self.served.drain(..).for_each(|(serve, served)| serve.answer(Ok(served)));
    }

    /// Gives the pulls their answers. Returns what nobody was there to take any more.
    pub(super) fn deliver(mut self) -> Vec<Event> {
        self.answer_served();
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
        Event::Quoted(quoted) => {
            let wanted = engine.job(&quoted.job).is_some_and(|job| job.quoted.is_none());
            wanted.then_some(Event::Quoted(quoted))
        }
        Event::Audited(audited) => {
            let known = engine.reputation().knows(&engine.config().reputation, &audited, at_ms);
            (!known).then_some(Event::Audited(audited))
        }
        Event::Job(facts) => (!engine.knows_job(&facts)).then_some(Event::Job(facts)),
        other => Some(other),
    }
}

/// Counts the time since then.
pub(super) fn spent(part: &'static str, began: std::time::Instant) {
    let us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    metrics::counter!("mira_dispatch_us_total", "part" => part).increment(us);
}

/// Notes what an outcome says about time, and counts it.
fn measure(meter: &Meter, outcome: &Outcome, at_ms: u64) {
    let mut counts = BTreeMap::<&'static str, u64>::new();
    for effect in &outcome.effects {
        match effect {
            Effect::Propose(proposal) => meter.proposed(proposal.id, at_ms),
            Effect::Withdrawn { id, .. } => meter.withdrawn(*id),
            Effect::LeaseReady { proposal: Some(id), .. } => meter.opened(*id, at_ms),
            _ => {}
        }
        *counts.entry(effect.as_str()).or_default() += 1;
    }
    for (kind, count) in counts {
        metrics::counter!("mira_dispatch_effects_total", "kind" => kind).increment(count);
    }
}
