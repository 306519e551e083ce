//! The first token and the end of an attempt: what is learnt from it, and what is free again.

use crate::route::Router;
use crate::route::flight::{End, Leg, RouteId, Stage};
use crate::route::pool::TargetId;

/// A first token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstToken {
    /// Whether this attempt's answer is the one that is taken.
    pub won: bool,
    /// The other attempt, if it runs: cancel it, and say `done` with `End::Cancelled` once that is so.
    pub cancel: Option<TargetId>,
}

/// An attempt that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose it was.
    pub target: TargetId,
    /// Whether its answer was the one that was taken.
    pub won: bool,
    /// Whether nothing of the request runs any more.
    pub idle: bool,
    /// Whether it is forgotten. One whose attempts all failed is not: it may still get its second attempt,
    /// until `close`.
    pub over: bool,
}

impl Router {
    /// The first token of an attempt reached the request's origin: the first one wins. `None` if no such
    /// attempt waits for one.
    pub fn first_token(&mut self, route: RouteId, leg: Leg, now_us: u64) -> Option<FirstToken> {
        let flight = self.flights.get_mut(route)?;
        let pool = flight.pool;
        let attempt = &mut flight.tries[leg.index()];
        if attempt.stage != Stage::Waiting {
            return None;
        }
        attempt.stage = Stage::Answering;
        let waited_us = clamp(now_us.saturating_sub(attempt.sent_us));
        let (attempt, won) = (*attempt, !flight.answered);
        flight.answered = true;
        let other = flight.tries[leg.other().index()];
        let since_us = clamp(now_us.saturating_sub(flight.tries[0].sent_us));
        let server = &mut self.servers[attempt.server as usize];
        server.waited(now_us, true);
        if attempt.probe {
            server.restore();
        }
        if let Some(pool) = self.pools.get_mut(pool.0 as usize).and_then(Option::as_mut) {
            let own_us = waited_us.saturating_sub(attempt.rtt_us);
            server.sample(own_us, pool.usual.get_us(), &self.config, now_us);
            pool.usual.observe(own_us, 50);
            // Of a request with two attempts the first one's wait counts, which may have been cut short.
            if won {
                pool.late.observe(since_us, self.config.hedge_quantile_percent);
            }
            // It has loaded the model now.
            if let Some(entry) = self.targets.get(attempt.target.0 as usize).filter(|entry| !entry.removed)
                && let Some(member) = pool.members.get_mut(entry.place as usize)
            {
                member.warm = true;
            }
        }
        Some(FirstToken { won, cancel: (won && other.is_running()).then_some(other.target) })
    }

    /// An attempt ended, whether it had begun to answer or not. `None` if it does not run.
    pub fn done(&mut self, route: RouteId, leg: Leg, end: End, now_us: u64) -> Option<Ended> {
        let flight = self.flights.get_mut(route)?;
        let pool = flight.pool;
        let attempt = &mut flight.tries[leg.index()];
        if !attempt.is_running() {
            return None;
        }
        let before = std::mem::replace(&mut attempt.stage, Stage::Ended);
        let attempt = *attempt;
        let won = flight.answered && before == Stage::Answering;
        let idle = !flight.tries[leg.other().index()].is_running();
        let over = idle && (flight.answered || matches!(end, End::Completed | End::Cancelled));
        let server = &mut self.servers[attempt.server as usize];
        if before == Stage::Waiting {
            server.waited(now_us, false);
        }
        server.routed = server.routed.saturating_sub(1);
        let waited_us = clamp(now_us.saturating_sub(attempt.sent_us)).saturating_sub(attempt.rtt_us);
        let usual_us = self.pools.get(pool.0 as usize).and_then(Option::as_ref).map(|pool| pool.usual.get_us());
        match end {
            End::Failed | End::TimedOut => server.suspend(&self.config, now_us),
            End::Completed | End::Cancelled if before == Stage::Waiting => {
                if let Some(usual_us) = usual_us {
                    server.sample_at_least(waited_us, usual_us, &self.config, now_us);
                }
                if attempt.probe {
                    server.postpone(&self.config, now_us);
                }
            }
            End::Completed | End::Cancelled => {}
        }
        let entry = &mut self.targets[attempt.target.0 as usize];
        entry.legs = entry.legs.saturating_sub(1);
        self.release(attempt.target);
        let over = over && self.flights.close(route);
        Some(Ended { target: attempt.target, won, idle, over })
    }

    /// Forgets a request of which no attempt runs: there will be no second one. False if one runs, or it is
    /// not known.
    pub fn close(&mut self, route: RouteId) -> bool {
        self.flights.close(route)
    }
}

fn clamp(us: u64) -> u32 {
    u32::try_from(us).unwrap_or(u32::MAX)
}
