//! Requests to interactive jobs: all that came in together is one input of the engine, and so one entry of the log.

use mira_core::Key;
use mira_core::amount::{UnitPrice, Units};
use mira_dispatch::Engine;
use mira_dispatch::effect::Effect;
use mira_dispatch::effect::route::Endpoint;
use mira_dispatch::input::Event;
use mira_dispatch::input::route::{Route, RouteEnd};
use mira_dispatch::route::{End, Leg, RouteId};
use tokio::sync::oneshot;

use crate::dispatch::error::Error;

/// What is asked about requests of one job.
pub(in crate::dispatch) struct Serve {
    /// The job that the caller may speak for.
    pub(in crate::dispatch) job: Key,
    /// What, in order.
    pub(in crate::dispatch) calls: Vec<ServeCall>,
    /// Where what it led to goes.
    pub(in crate::dispatch) reply: oneshot::Sender<Result<Served, Error>>,
}

/// One call.
pub(in crate::dispatch) enum ServeCall {
    /// Where does it go?
    Route(Route),
    /// It is late.
    Hedge(RouteId),
    /// An attempt ended.
    End {
        /// Which request.
        route: RouteId,
        /// Which attempt.
        leg: Leg,
        /// How.
        end: End,
        /// From sending to its first token, if one came. Microseconds.
        waited_us: Option<u64>,
        /// What it used.
        units: Units,
    },
}

/// What a caller's calls led to, with the prices of the leases that they name.
#[derive(Clone, Debug, Default)]
pub(in crate::dispatch) struct Served {
    /// The effects, in order.
    pub(in crate::dispatch) effects: Vec<Effect>,
    /// The number of the first decision among them.
    pub(in crate::dispatch) first_decision: u64,
    /// The price of each endpoint that was asked to serve, in the order in which the effects name them.
    pub(in crate::dispatch) prices: Vec<UnitPrice>,
}

impl Serve {
    /// The calls as events. One about a request that is not this job's leads to nothing.
    pub(super) fn events(&self, engine: &Engine) -> Vec<Event> {
        let ours = |route: &RouteId| engine.job_of(*route) == Some(self.job);
        let event = |call: &ServeCall| match call {
            ServeCall::Route(route) => Some(Event::Route(route.clone())),
            ServeCall::Hedge(route) => ours(route).then_some(Event::Hedge(*route)),
            ServeCall::End { route, leg, end, waited_us, units } => {
                let sent_us = engine.router().sent_us(*route, *leg);
                let first_token_us = waited_us.zip(sent_us).map(|(waited, sent)| sent.saturating_add(waited));
                let end = RouteEnd { route: *route, leg: *leg, first_token_us, end: *end, units: *units };
                ours(route).then_some(Event::RouteEnd(end))
            }
        };
        self.calls.iter().filter_map(event).collect()
    }

    /// Answers it.
    pub(super) fn answer(self, answer: Result<Served, Error>) {
        // Whoever is gone has nothing to be told: its reservations end with the request's time limit.
        let _ = self.reply.send(answer);
    }
}

impl Served {
    /// These effects, the first decision among which has this number.
    pub(super) fn of(engine: &Engine, effects: Vec<Effect>, first_decision: u64) -> Self {
        let endpoints = effects.iter().flat_map(endpoints);
        let price = |end: &Endpoint| engine.lease(&end.lease).map_or(UnitPrice::ZERO, |lease| lease.unit_price);
        let prices = endpoints.map(|end| price(&end)).collect();
        Served { effects, first_decision, prices }
    }

    /// How many decisions these effects hold.
    pub(super) fn decisions(effects: &[Effect]) -> u64 {
        let decided = effects.iter().filter(|effect| matches!(effect, Effect::Routed(_) | Effect::Hedged(_)));
        u64::try_from(decided.count()).unwrap_or(u64::MAX)
    }
}

/// Those that an effect asks to serve.
fn endpoints(effect: &Effect) -> impl Iterator<Item = Endpoint> {
    let (first, second) = match effect {
        Effect::Routed(routed) => (Some(routed.primary), routed.backup),
        Effect::Hedged(hedged) => (Some(hedged.target), None),
        _ => (None, None),
    };
    first.into_iter().chain(second)
}
