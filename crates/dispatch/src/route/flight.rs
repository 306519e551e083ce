//! Requests that are being served: up to two attempts each.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::pool::{PoolId, TargetId};
use crate::route::region::RegionId;

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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
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
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Try {
    pub(super) stage: Stage,
    pub(super) probe: bool,
    pub(super) server: u32,
    pub(super) target: TargetId,
    pub(super) rtt_us: u32,
    pub(super) sent_us: u64,
}

impl Try {
    pub(super) fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Answering)
    }
}

/// One request.
#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Flight {
    pub(super) generation: u32,
    pub(super) taken: bool,
    pub(super) pool: PoolId,
    pub(super) origin: RegionId,
    pub(super) tries: [Try; 2],
    pub(super) answered: bool,
    /// Whether its first attempt was sent to where all slots were taken.
    pub(super) queued: bool,
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
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Flights {
    all: Vec<Flight>,
    free: Vec<u32>,
}

impl Flights {
    /// When an attempt was sent, if it runs.
    pub(super) fn sent_us(&self, route: RouteId, leg: Leg) -> Option<u64> {
        let attempt = &self.get(route)?.tries[leg.index()];
        matches!(attempt.stage, Stage::Waiting | Stage::Answering).then_some(attempt.sent_us)
    }

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
}

#[expect(clippy::cast_possible_truncation, reason = "the low half")]
fn low(route: RouteId) -> u32 {
    route.0 as u32
}

fn place(route: RouteId) -> usize {
    low(route) as usize
}
