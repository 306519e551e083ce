//! A second attempt at a request that is late: elsewhere, by someone else, and only within the budget.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::Router;
use crate::route::choose::{self, Reject};
use crate::route::draw::hedge_seed;
use crate::route::flight::{Flight, Leg, RouteId, Stage};
use crate::route::pool::TargetId;
use crate::route::record::{Attempt, RouteRecord};
use crate::route::request::{Ask, fill, opened, rejected, view};

/// A second attempt that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hedged {
    /// To whom.
    pub target: TargetId,
    /// How it was decided.
    pub record: RouteRecord,
}

/// Why there is no second attempt.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, thiserror::Error)]
pub enum HedgeDenied {
    /// The request is not being served: it is over, or never was.
    #[error("no such request is being served")]
    UnknownRoute,
    /// There was one already.
    #[error("this request had its second attempt")]
    AlreadyHedged,
    /// The first token is there.
    #[error("the answer has begun")]
    Answered,
    /// The delay is not over.
    #[error("the request is not late yet: ask again in {left_us} microseconds")]
    TooEarly {
        /// What is left of it.
        left_us: u32,
    },
    /// Too many of the last requests had one.
    #[error("the budget for second attempts is used up")]
    Budget,
    /// Nobody may serve it.
    #[error("nobody else may serve it now")]
    NoTarget {
        /// How many of the drawn ones each limit rejected, in the order of `Reject::ALL`.
        rejected: [u8; Reject::ALL.len()],
    },
}

impl Router {
    /// Sends a second attempt at a request whose delay is over, to another owner and, if there is one,
    /// another region, as things are now. It costs a token, unless the first attempt has failed, when it is all
    /// that is left, or was sent to where all slots were taken, when it adds no work.
    pub fn hedge(&mut self, route: RouteId, now_us: u64) -> Result<Hedged, HedgeDenied> {
        let flight = *self.flights.get(route).ok_or(HedgeDenied::UnknownRoute)?;
        let free = self.may_hedge(&flight, now_us)?;
        let mut record = self.second(&flight, route, now_us).ok_or(HedgeDenied::UnknownRoute)?;
        let choice = choose::choose_hedge(record.drawn(), record.avoid_owner, record.avoid_region);
        (record.winner, record.runner_up) = (choice.winner, choice.runner_up);
        let Some(winner) = record.at(choice.winner).copied() else {
            return Err(HedgeDenied::NoTarget { rejected: rejected(record.drawn()) });
        };
        if let Some(pool) = self.pools.get_mut(flight.pool.0 as usize).and_then(Option::as_mut) {
            // Last, so that a denial costs nothing.
            if !free && !pool.bucket.take() {
                return Err(HedgeDenied::Budget);
            }
        }
        self.send(route, Leg::Hedge, &winner, now_us);
        Ok(Hedged { target: winner.target, record })
    }

    /// Whether a second attempt is in order; true if it needs no token.
    fn may_hedge(&self, flight: &Flight, now_us: u64) -> Result<bool, HedgeDenied> {
        let [primary, hedge] = &flight.tries;
        if hedge.stage != Stage::Unused {
            return Err(HedgeDenied::AlreadyHedged);
        }
        if flight.answered {
            return Err(HedgeDenied::Answered);
        }
        if !primary.is_running() {
            return Ok(true);
        }
        let due_us = primary.sent_us.saturating_add(u64::from(flight.hedge_after_us));
        if let Some(left_us) = due_us.checked_sub(now_us).filter(|left_us| *left_us > 0) {
            return Err(HedgeDenied::TooEarly { left_us: u32::try_from(left_us).unwrap_or(u32::MAX) });
        }
        // It waits for a slot: elsewhere, where one is free, it adds no work.
        if flight.queued {
            return Ok(true);
        }
        let pool = self.pools.get(flight.pool.0 as usize).and_then(Option::as_ref);
        if pool.is_some_and(|pool| pool.bucket.has()) { Ok(false) } else { Err(HedgeDenied::Budget) }
    }

    /// The candidates for a second attempt: the one that was meant for it, and a new draw.
    fn second(&mut self, flight: &Flight, route: RouteId, now_us: u64) -> Option<RouteRecord> {
        let pool = self.pools.get_mut(flight.pool.0 as usize)?.as_mut()?;
        let ask = Ask {
            pool: flight.pool,
            origin: flight.origin,
            counter: flight.counter,
            price_cap: flight.price_cap,
            max_units: flight.max_units,
        };
        let urn = pool.urn(flight.origin, &self.regions, &self.config);
        let mut record = opened(&ask, pool, urn, &self.config, now_us);
        record.attempt = Attempt::Hedge;
        record.route = route;
        record.seed = hedge_seed(record.seed);
        (record.avoid_owner, record.avoid_region) = (flight.owner, flight.region);
        let view = view(&ask, pool, (&self.regions, &self.config, &self.servers), now_us);
        let meant = flight.backup.and_then(|target| self.targets.get(target.0 as usize));
        if let Some(meant) = meant.filter(|entry| !entry.removed && entry.pool == flight.pool) {
            record.candidates[0] = view.candidate(&pool.members[meant.place as usize], meant.place);
            record.len = 1;
        }
        fill(&mut record, pool, &view);
        let len = usize::from(record.len);
        for candidate in &mut record.candidates[..len] {
            candidate.rejects |= u8::from(candidate.owner == record.avoid_owner) * Reject::SameOwner.bit();
        }
        Some(record)
    }
}
