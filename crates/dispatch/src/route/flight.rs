//! Requests that are being served: up to two attempts each, and each provider's list of those that it
//! has not begun to answer, oldest first.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::pool::{PoolId, TargetId};
use crate::route::region::RegionId;
use crate::route::server::Server;

/// A request that is being served: the low half is its place in the router, the high half counts the
/// requests that had this place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct RouteId(pub u64);

/// One of the attempts at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Leg {
    /// The first.
    Primary,
    /// The hedge.
    Hedge,
}

impl Leg {
    pub(super) fn index(self) -> usize {
        match self {
            Leg::Primary => 0,
            Leg::Hedge => 1,
        }
    }

    /// The other one.
    pub fn other(self) -> Leg {
        match self {
            Leg::Primary => Leg::Hedge,
            Leg::Hedge => Leg::Primary,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum End {
    /// All of it was answered.
    Completed,
    /// It was called off: it lost, or nobody wants the answer any more.
    Cancelled,
    /// The provider could not do it.
    Failed,
    /// The provider did not do it in time.
    TimedOut,
}

/// No attempt, in a provider's list.
pub(super) const NO_LEG: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// Not sent.
    #[default]
    Unused,
    /// Sent; no first token yet.
    Waiting,
    /// The first token came.
    Answering,
    /// Over.
    Ended,
}

/// One attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) stage: Stage,
    pub(super) probe: bool,
    pub(super) server: u32,
    pub(super) target: TargetId,
    pub(super) rtt_us: u32,
    pub(super) sent_us: u64,
    pub(super) older: u32,
    pub(super) newer: u32,
}

impl Default for Try {
    fn default() -> Self {
        Try {
            stage: Stage::Unused,
            probe: false,
            server: 0,
            target: TargetId(0),
            rtt_us: 0,
            sent_us: 0,
            older: NO_LEG,
            newer: NO_LEG,
        }
    }
}

impl Try {
    pub(super) fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Answering)
    }
}

/// One request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flight {
    pub(super) generation: u32,
    pub(super) taken: bool,
    pub(super) pool: PoolId,
    pub(super) origin: RegionId,
    pub(super) tries: [Try; 2],
    pub(super) answered: bool,
    /// Whose the first attempt was, and where.
    pub(super) owner: u32,
    pub(super) region: RegionId,
    pub(super) backup: Option<TargetId>,
    pub(super) hedge_after_us: u32,
    pub(super) counter: u64,
    pub(super) price_cap: u64,
    pub(super) max_units: u64,
}

/// All requests that are being served. Places are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights {
    all: Vec<Flight>,
    free: Vec<u32>,
}

impl Flights {
    /// Takes a request in.
    pub(super) fn open(&mut self, flight: Flight) -> RouteId {
        let place = self.free.pop().unwrap_or_else(|| {
            self.all.push(Flight::default());
            u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
        });
        let slot = &mut self.all[place as usize];
        *slot = Flight { generation: slot.generation.wrapping_add(1), taken: true, ..flight };
        RouteId((u64::from(slot.generation) << 32) | u64::from(place))
    }

    pub(super) fn get(&self, route: RouteId) -> Option<&Flight> {
        let flight = self.all.get(place(route))?;
        (flight.taken && u64::from(flight.generation) == route.0 >> 32).then_some(flight)
    }

    pub(super) fn get_mut(&mut self, route: RouteId) -> Option<&mut Flight> {
        let flight = self.all.get_mut(place(route))?;
        (flight.taken && u64::from(flight.generation) == route.0 >> 32).then_some(flight)
    }

    /// Forgets a request of which nothing runs any more; says whether it did.
    pub(super) fn close(&mut self, route: RouteId) -> bool {
        let Some(flight) = self.get_mut(route).filter(|flight| !flight.tries.iter().any(Try::is_running)) else {
            return false;
        };
        flight.taken = false;
        self.free.push(low(route));
        true
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len() - self.free.len()
    }

    fn leg(&self, leg: u32) -> Option<&Try> {
        Some(&self.all.get((leg >> 1) as usize)?.tries[(leg & 1) as usize])
    }

    fn leg_mut(&mut self, leg: u32) -> Option<&mut Try> {
        Some(&mut self.all.get_mut((leg >> 1) as usize)?.tries[(leg & 1) as usize])
    }

    /// Puts an attempt that was just sent at the end of its provider's list.
    pub(super) fn link(&mut self, route: RouteId, leg: Leg, server: &mut Server) {
        let number = (low(route) << 1) | u32::from(leg == Leg::Hedge);
        let newest = server.newest;
        let Some(sent) = self.leg_mut(number) else { return };
        (sent.older, sent.newer) = (newest, NO_LEG);
        let due_us = sent.sent_us.saturating_add(u64::from(sent.rtt_us));
        server.newest = number;
        match self.leg_mut(newest) {
            Some(before) => before.newer = number,
            None => (server.oldest, server.due_us) = (number, due_us),
        }
    }

    /// Takes an attempt out of its provider's list, because it is answered or over.
    pub(super) fn unlink(&mut self, route: RouteId, leg: Leg, server: &mut Server) {
        let number = (low(route) << 1) | u32::from(leg == Leg::Hedge);
        let Some(&Try { older, newer, .. }) = self.leg(number) else { return };
        match self.leg_mut(older) {
            Some(before) => before.newer = newer,
            None => server.oldest = newer,
        }
        match self.leg_mut(newer) {
            Some(after) => after.older = older,
            None => server.newest = older,
        }
        let oldest = self.leg(server.oldest);
        server.due_us = oldest.map_or(u64::MAX, |leg| leg.sent_us.saturating_add(u64::from(leg.rtt_us)));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half")]
fn low(route: RouteId) -> u32 {
    route.0 as u32
}

fn place(route: RouteId) -> usize {
    low(route) as usize
}
