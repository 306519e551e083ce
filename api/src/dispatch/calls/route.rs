//! Requests to an interactive job: where each goes, whether it is sent a second time, how it ended.

use mira_core::Key;
use mira_core::amount::{UnitPrice, Units};
use mira_core::label::Label;
use mira_dispatch::effect::Effect;
use mira_dispatch::effect::route::Endpoint;
use mira_dispatch::input::route::Route;
use mira_dispatch::route::RouteId;
pub use mira_dispatch::route::{End as LegEnd, Leg};
use tokio::sync::oneshot;

use crate::dispatch::actor::{Command, Serve, ServeCall, Served};
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// A request to be routed.
#[derive(Clone, Debug)]
pub struct RouteAsk {
    /// The job.
    pub job: Key,
    /// Where it comes from; the job's own region if that is not said.
    pub origin: Option<Label>,
    /// What it may use at most.
    pub max_units: Units,
    /// Attempts that ended since the last request. Those that are not known any more are passed over.
    pub ended: Vec<RouteDone>,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug)]
pub struct RouteTarget {
    /// The lease that pays.
    pub lease: Key,
    /// Its provider.
    pub provider: Key,
    /// Its price per 1,000,000 units.
    pub unit_price: UnitPrice,
}

/// A request that was routed.
#[derive(Clone, Copy, Debug)]
pub struct Routed {
    /// Names it.
    pub route: u64,
    /// The number of the decision.
    pub decision: u64,
    /// Where it goes.
    pub primary: RouteTarget,
    /// Who would be asked second.
    pub backup: Option<RouteTarget>,
    /// After how long without a first token. Microseconds.
    pub hedge_after_us: u64,
}

/// An attempt that ended.
#[derive(Clone, Copy, Debug)]
pub struct RouteDone {
    /// Which request.
    pub route: u64,
    /// Which attempt.
    pub leg: Leg,
    /// How.
    pub end: LegEnd,
    /// From sending to its first token, if one came. Microseconds.
    pub first_token_us: Option<u64>,
    /// What it used.
    pub units: Units,
}

impl Handle {
    /// Routes a request.
    ///
    /// # Errors
    /// `NoRoute`, `Unavailable`.
    pub async fn route(&self, ask: RouteAsk) -> Result<Routed, Error> {
        let mut calls: Vec<ServeCall> = ask.ended.iter().map(call).collect();
        let RouteAsk { job, origin, max_units, .. } = ask;
        calls.push(ServeCall::Route(Route { job, origin, max_units }));
        let served = self.serve(job, calls).await?;
        for effect in &served.effects {
            match effect {
                Effect::Unrouted { reason, .. } => return Err(Error::NoRoute { reason: reason.to_string() }),
                Effect::Routed(routed) => {
                    let mut prices = served.prices.iter().copied();
                    let primary = target(routed.primary, prices.next());
                    let backup = routed.backup.map(|backup| target(backup, prices.next()));
                    let decision = served.first_decision;
                    let hedge_after_us = routed.hedge_after_us.into();
                    return Ok(Routed { route: routed.route.0, decision, primary, backup, hedge_after_us });
                }
                _ => {}
            }
        }
        Err(Error::Internal("a request led to nothing".to_owned()))
    }

    /// Sends a late request a second time.
    ///
    /// # Errors
    /// `UnknownRoute`, `HedgeRefused`, `Unavailable`.
    pub async fn hedge(&self, job: Key, route: u64) -> Result<RouteTarget, Error> {
        let served = self.serve(job, vec![ServeCall::Hedge(RouteId(route))]).await?;
        for effect in &served.effects {
            match effect {
                Effect::Hedged(hedged) => return Ok(target(hedged.target, served.prices.first().copied())),
                Effect::HedgeDenied { reason, .. } => return Err(Error::HedgeRefused { reason: reason.to_string() }),
                _ => {}
            }
        }
        Err(Error::UnknownRoute)
    }

    /// Notes that an attempt ended. Says whether the request is over.
    ///
    /// # Errors
    /// `UnknownRoute`, `Unavailable`.
    pub async fn route_done(&self, job: Key, done: RouteDone) -> Result<bool, Error> {
        let served = self.serve(job, vec![call(&done)]).await?;
        let ended = served.effects.iter().find_map(|effect| match effect {
            Effect::RouteEnded(ended) => Some(ended.over),
            _ => None,
        });
        ended.ok_or(Error::UnknownRoute)
    }

    async fn serve(&self, job: Key, calls: Vec<ServeCall>) -> Result<Served, Error> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::Serve(Serve { job, calls, reply })).await?;
        answer.await.map_err(|_| Error::soon())?
    }
}

fn call(done: &RouteDone) -> ServeCall {
    let RouteDone { route, leg, end, first_token_us, units } = *done;
    ServeCall::End { route: RouteId(route), leg, end, waited_us: first_token_us, units }
}

fn target(endpoint: Endpoint, price: Option<UnitPrice>) -> RouteTarget {
    RouteTarget { lease: endpoint.lease, provider: endpoint.provider, unit_price: price.unwrap_or(UnitPrice::ZERO) }
}
