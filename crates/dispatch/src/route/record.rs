//! What a routing decision was taken from, in a fixed number of bytes, and the decision again from that
//! alone.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::route::RouteId;
use crate::route::choose::{self, Choice, Prices};
use crate::route::draw::{MAX_DRAW, Urn};
use crate::route::pool::TargetId;
use crate::route::region::RegionId;

/// Bytes of a record, in borsh.
pub const RECORD_BYTES: usize = 544;

/// No candidate, where one is named by its place.
pub const NONE: u8 = u8::MAX;

/// Whether the first attempt or the second was to be decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Attempt {
    /// The first, and who would be asked second.
    #[default]
    First,
    /// The second: the first candidate is the one that was reserved for it, if it is still there.
    Hedge,
}

/// A target as one decision saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Candidate {
    /// Which target.
    pub target: TargetId,
    /// Its place in the pool.
    pub place: u32,
    /// Its owner.
    pub owner: u32,
    /// Where it is.
    pub region: RegionId,
    /// Requests and shards that it runs.
    pub in_flight: u16,
    /// How many it runs at the same time.
    pub capacity: u16,
    /// What stands against it: bits of `choose::Reject`.
    pub rejects: u8,
    /// Bits of `choose::Note`.
    pub notes: u8,
    /// The round trip to it.
    pub rtt_us: u32,
    /// Its time to first token, without the round trip: the moving average, or what it has kept someone
    /// waiting for.
    pub ewma_us: u32,
    /// The mean deviation of both.
    pub deviation_us: u32,
    /// Its price per 1,000,000 units.
    pub price: u64,
    /// How often it does what it was asked, of a million.
    pub reliability_ppm: u32,
    /// What it comes to: the least wins.
    pub score: u64,
}

/// A decision and all that it was taken from.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RouteRecord {
    /// The version of this layout.
    pub schema: u8,
    /// First attempt or second.
    pub attempt: Attempt,
    /// Its number in the router, from 0, and which of the attempts at it: see `RouteId`.
    pub route: RouteId,
    /// The job whose pool it was.
    pub job: Key,
    /// The seed of the draw: `draw::seed` of the job and the epoch's hash.
    pub seed: u64,
    /// The counter of the draw.
    pub counter: u64,
    /// The draw: rounds before it found only hot or rejected ones.
    pub round: u8,
    /// Slots near the origin when it was drawn.
    pub near: u32,
    /// All slots then.
    pub slots: u32,
    /// All members then.
    pub pool: u32,
    /// How many were to be drawn.
    pub draw: u8,
    /// Where the request came from.
    pub origin: RegionId,
    /// When. Unix microseconds.
    pub now_us: u64,
    /// The most that it pays per 1,000,000 units.
    pub price_cap: u64,
    /// The units that must be covered.
    pub max_units: u64,
    /// k in force, in percent.
    pub deviation_weight_percent: u32,
    /// λ in force.
    pub price_weight_ppm: u64,
    /// What a cold target counts more.
    pub cold_start_us: u32,
    /// How many of `candidates` count.
    pub len: u8,
    /// The candidates, each once, in the order of the draw.
    pub candidates: [Candidate; MAX_DRAW],
    /// The place of the winner among them, or `NONE`.
    pub winner: u8,
    /// The one that would have been taken without the winner.
    pub runner_up: u8,
    /// Who is asked second.
    pub backup: u8,
    /// After how long it is.
    pub hedge_after_us: u32,
    /// The owner and region that a second attempt must and should avoid: those of the first.
    pub avoid_owner: u32,
    /// See `avoid_owner`.
    pub avoid_region: RegionId,
}

/// The layout's version.
pub const SCHEMA: u8 = 2;

impl RouteRecord {
    /// The candidates that count.
    pub fn drawn(&self) -> &[Candidate] {
        &self.candidates[..usize::from(self.len).min(MAX_DRAW)]
    }

    /// The candidate of that place.
    pub fn at(&self, place: u8) -> Option<&Candidate> {
        self.drawn().get(usize::from(place))
    }

    /// What was drawn from.
    pub fn urn(&self) -> Urn {
        Urn { draw: self.draw, near: self.near, slots: self.slots, members: self.pool }
    }

    pub(super) fn prices(&self) -> Prices {
        Prices {
            deviation_weight_percent: self.deviation_weight_percent,
            price_weight_ppm: self.price_weight_ppm,
            cold_start_us: self.cold_start_us,
        }
    }
}

/// Takes the decision again, from what was observed alone: the scores and the limits that follow from
/// it are computed anew. `None` if they do not match what the record says of them.
pub fn recompute(record: &RouteRecord) -> Option<Choice> {
    let mut candidates = record.candidates;
    let drawn = candidates.get_mut(..usize::from(record.len))?;
    for candidate in drawn.iter_mut() {
        choose::rate(candidate, &record.prices());
        candidate.rejects |= choose::evident_rejects(candidate, record.price_cap);
    }
    if drawn != record.drawn() {
        return None;
    }
    Some(match record.attempt {
        Attempt::First => choose::choose(drawn),
        Attempt::Hedge => choose::choose_hedge(drawn, record.avoid_owner, record.avoid_region),
    })
}
