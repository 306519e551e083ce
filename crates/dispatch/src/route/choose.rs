//! The decision: the least `(rtt + ewma + k·deviation + λ·price) / reliability` of those drawn, in whole
//! numbers and without division, so that it is cheap and the same on any machine.

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

/// Whether anything but heat stands against it.
fn barred(candidate: &Candidate) -> bool {
    candidate.rejects & !Reject::Hot.bit() != 0
}

/// The order in which candidates are taken; what is barred has none. Those with a slot come first, by
/// score; then the hot ones, by what they have in flight. Of two alike the one drawn first.
fn rank(candidate: &Candidate) -> Option<(bool, bool, u64, u64)> {
    if barred(candidate) {
        return None;
    }
    let hot = candidate.rejects & Reject::Hot.bit() != 0;
    let probe = candidate.notes & Note::Probe.bit() != 0;
    let load = u64::from(candidate.in_flight);
    Some(if hot { (true, !probe, load, candidate.score) } else { (false, !probe, candidate.score, load) })
}

/// Takes the decision for a first attempt.
pub(super) fn choose(drawn: &[Candidate]) -> Choice {
    let winner = best(drawn, |_, _| true);
    let runner_up = best(drawn, |place, _| place != winner);
    let Some(first) = drawn.get(usize::from(winner)) else {
        return Choice { winner, runner_up, backup: NONE };
    };
    let backup = second(drawn, first.region, |candidate| candidate.owner != first.owner);
    Choice { winner, runner_up, backup }
}

/// Takes the decision for a second attempt: the candidates of the first one's owner are barred.
pub(super) fn choose_hedge(drawn: &[Candidate], avoid: RegionId) -> Choice {
    let winner = second(drawn, avoid, |_| true);
    let runner_up = best(drawn, |place, candidate| place != winner && fit_for_second(candidate));
    Choice { winner, runner_up, backup: NONE }
}

/// A second attempt is neither queued behind others nor used as a probe.
fn fit_for_second(candidate: &Candidate) -> bool {
    candidate.rejects == 0 && candidate.notes & Note::Probe.bit() == 0
}

fn second(drawn: &[Candidate], avoid: RegionId, may: impl Fn(&Candidate) -> bool) -> u8 {
    let elsewhere = best(drawn, |_, other| fit_for_second(other) && may(other) && other.region != avoid);
    if elsewhere == NONE { best(drawn, |_, other| fit_for_second(other) && may(other)) } else { elsewhere }
}

fn best(drawn: &[Candidate], may: impl Fn(u8, &Candidate) -> bool) -> u8 {
    let ranked = (0u8..).zip(drawn).filter(|(place, candidate)| may(*place, candidate));
    let ranked = ranked.filter_map(|(place, candidate)| Some((rank(candidate)?, place)));
    ranked.min().map_or(NONE, |(_, place)| place)
}
