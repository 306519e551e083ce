//! The decision: the least `(rtt + ewma + k·deviation + λ·price) / reliability` of those drawn, in whole
//! numbers and without division, so that it is cheap and the same on any machine.

use crate::route::draw::MAX_DRAW;
use crate::route::record::{Candidate, NONE};
use crate::route::region::RegionId;

/// What stands against a candidate, as bits: any of them bars it, `HOT` only while others are to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reject {
    /// All its slots are taken.
    Hot = 1,
    /// Dearer than the request pays.
    PriceCap = 2,
    /// Its lease's cap leaves no room for the units.
    Escrow = 4,
    /// Its lease or its provider takes no work.
    Unavailable = 8,
    /// It failed and is left alone, or is being probed.
    Suspended = 16,
    /// It belongs to the owner of the first attempt.
    SameOwner = 32,
}

impl Reject {
    /// All, in the order of their bits.
    pub const ALL: [Reject; 6] =
        [Reject::Hot, Reject::PriceCap, Reject::Escrow, Reject::Unavailable, Reject::Suspended, Reject::SameOwner];

    /// Its bit.
    pub const fn bit(self) -> u8 {
        self as u8
    }

    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Reject::Hot => "hot",
            Reject::PriceCap => "price_cap",
            Reject::Escrow => "escrow",
            Reject::Unavailable => "unavailable",
            Reject::Suspended => "suspended",
            Reject::SameOwner => "same_owner",
        }
    }
}

/// What else there is to know of a candidate, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Note {
    /// It failed, and this request probes it.
    Probe = 1,
    /// It has to load the model first.
    Cold = 2,
}

impl Note {
    /// Its bit.
    pub const fn bit(self) -> u8 {
        self as u8
    }
}

/// What a microsecond of deviation and a price count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// k, in percent.
    pub deviation_weight_percent: u32,
    /// λ, microseconds at a price of 1,000,000.
    pub price_weight_ppm: u64,
    /// What a cold target counts more.
    pub cold_start_us: u32,
}

/// Places among the candidates, or `NONE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Who serves the request.
    pub winner: u8,
    /// Who would have, without the winner.
    pub runner_up: u8,
    /// Who is asked second: of another owner, and of another region if there is one.
    pub backup: u8,
}

/// The least reliability that counts: below, all are as bad.
const RELIABILITY_FLOOR_PPM: u32 = 10_000;

/// The fraction bits of `weight_of`.
const WEIGHT_SHIFT: u32 = 20;

/// The most that a candidate can cost: 19 hours. Keeps the score within 64 bits.
const COST_MOST_US: u64 = 1 << 36;

/// `1 / reliability`, as a factor of 2^20.
pub(super) fn weight_of(reliability_ppm: u32) -> u32 {
    let reliability = u64::from(reliability_ppm.clamp(RELIABILITY_FLOOR_PPM, 1_000_000));
    u32::try_from((1_000_000u64 << WEIGHT_SHIFT) / reliability).unwrap_or(u32::MAX)
}

/// Writes a candidate's score.
pub(super) fn rate(candidate: &mut Candidate, prices: &Prices) {
    candidate.score = score(candidate, prices, weight_of(candidate.reliability_ppm));
}

/// A candidate's score, with its `weight_of` at hand.
#[inline]
pub(super) fn score(candidate: &Candidate, prices: &Prices, weight: u32) -> u64 {
    let deviation = u64::from(candidate.deviation_us) * u64::from(prices.deviation_weight_percent) / 100;
    let price = candidate.price.saturating_mul(prices.price_weight_ppm) / 1_000_000;
    let cold = if candidate.notes & Note::Cold.bit() == 0 { 0 } else { u64::from(prices.cold_start_us) };
    let wait = u64::from(candidate.rtt_us) + u64::from(candidate.ewma_us) + deviation + cold;
    (wait.saturating_add(price).min(COST_MOST_US) * u64::from(weight)) >> WEIGHT_SHIFT
}

/// The limits that show from the candidate itself.
pub(super) fn evident_rejects(candidate: &Candidate, price_cap: u64) -> u8 {
    let hot = u8::from(candidate.in_flight >= candidate.capacity) * Reject::Hot.bit();
    hot | (u8::from(candidate.price > price_cap) * Reject::PriceCap.bit())
}

/// What a full candidate would have in flight for each of its slots, in 256ths: the queue at one of eight slots
/// moves eight times as fast as that at one of one.
fn queue(candidate: &Candidate) -> u64 {
    let in_flight = (u32::from(candidate.in_flight) + 1) << 8;
    u64::from(in_flight.checked_div(u32::from(candidate.capacity)).unwrap_or(LOAD_MOST).min(LOAD_MOST))
}

/// A candidate's place in the order in which they are taken, as one number: those with a slot by score,
/// then the hot ones by what they have in flight for each slot, a probe before others; what is barred comes last.
/// Of two with the same score the one with more free slots comes first.
fn rank(candidate: &Candidate) -> u64 {
    if candidate.rejects & !Reject::Hot.bit() != 0 {
        return BARRED;
    }
    let score = candidate.score.min(SCORE_MOST);
    let behind = if candidate.notes & Note::Probe.bit() == 0 { 1 << (LOAD_BITS + SCORE_BITS) } else { 0 };
    if candidate.rejects == 0 {
        let free = candidate.capacity.saturating_sub(candidate.in_flight);
        behind | (score << LOAD_BITS) | u64::from(u16::MAX - free)
    } else {
        (1 << (LOAD_BITS + SCORE_BITS + 1)) | behind | (queue(candidate) << SCORE_BITS) | score
    }
}

/// The rank of what may not be taken.
const BARRED: u64 = u64::MAX;
const LOAD_BITS: u32 = 16;
const LOAD_MOST: u32 = (1 << LOAD_BITS) - 1;
/// `COST_MOST_US` times the largest weight is below.
const SCORE_BITS: u32 = 44;
const SCORE_MOST: u64 = (1 << SCORE_BITS) - 1;

/// Takes the decision for a first attempt.
pub(super) fn choose(drawn: &[Candidate]) -> Choice {
    let ranks = ranks(drawn);
    let winner = best(&ranks);
    let Some(first) = drawn.get(usize::from(winner)) else {
        return Choice { winner, runner_up: NONE, backup: NONE };
    };
    let mut others = ranks;
    others[usize::from(winner)] = BARRED;
    let backup = second(drawn, &others, first.owner, first.region);
    Choice { winner, runner_up: best(&others), backup }
}

/// Takes the decision for a second attempt: not of that owner, and elsewhere if that can be had.
pub(super) fn choose_hedge(drawn: &[Candidate], owner: u32, region: RegionId) -> Choice {
    let mut ranks = ranks(drawn);
    let winner = second(drawn, &ranks, owner, region);
    if let Some(taken) = ranks.get_mut(usize::from(winner)) {
        *taken = BARRED;
    }
    Choice { winner, runner_up: second(drawn, &ranks, owner, region), backup: NONE }
}

/// The best for a second attempt, which is neither queued behind others nor used as a probe.
fn second(drawn: &[Candidate], ranks: &[u64; MAX_DRAW], owner: u32, region: RegionId) -> u8 {
    let (mut anywhere, mut elsewhere) = ([BARRED; MAX_DRAW], [BARRED; MAX_DRAW]);
    for (place, candidate) in drawn.iter().enumerate().take(MAX_DRAW) {
        let fit = candidate.rejects == 0 && candidate.notes & Note::Probe.bit() == 0 && candidate.owner != owner;
        anywhere[place] = if fit { ranks[place] } else { BARRED };
        elsewhere[place] = if fit && candidate.region != region { ranks[place] } else { BARRED };
    }
    let far = best(&elsewhere);
    if far == NONE { best(&anywhere) } else { far }
}

fn ranks(drawn: &[Candidate]) -> [u64; MAX_DRAW] {
    let mut ranks = [BARRED; MAX_DRAW];
    ranks.iter_mut().zip(drawn).for_each(|(held, candidate)| *held = rank(candidate));
    ranks
}

/// The place of the least rank; of two alike the first.
fn best(ranks: &[u64; MAX_DRAW]) -> u8 {
    let (mut found, mut least) = (NONE, BARRED);
    for (place, rank) in (0u8..).zip(ranks) {
        if *rank < least {
            (found, least) = (place, *rank);
        }
    }
    found
}

#[cfg(test)]
mod tests;
