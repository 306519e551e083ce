//! A way to choose a provider for each request, and what it may know.
//!
//! A policy sees what one dispatcher sees: exact counts of what it has in flight, prices, round trips as measured,
//! and what came back. When a provider is slow, how long its queue is or that it died, it has to find out.

pub mod bound;
pub mod cheapest;
pub mod least_in_flight;
pub mod livepeer;
pub mod one_queue;
pub mod ours;
pub mod peak_ewma;
pub mod power_of_two;
pub mod random;
pub mod reported;
pub mod round_robin;

use super::world::World;
use serde::Serialize;

/// What a dispatcher knows at the moment of a decision.
#[derive(Debug)]
pub struct View<'a> {
    /// The time. Microseconds.
    pub now_us: u64,
    /// Providers that are not known to be gone, in no order that means anything. Never empty.
    pub open: &'a [usize],
    /// For each provider, what was sent to it and is not known to be over.
    pub in_flight: &'a [u32],
    /// For each provider, how much it runs at the same time.
    pub slots: &'a [u32],
    /// For each provider, its price.
    pub price: &'a [u64],
}

/// A request that needs a provider.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Counted in order of arrival.
    pub call: usize,
    /// Where it came in.
    pub front: usize,
    /// When it came in. Microseconds.
    pub at_us: u64,
    /// The number of the attempt that is about to be made.
    pub attempt: usize,
}

/// One request on one provider.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// Counted in order of sending.
    pub id: usize,
    /// The request.
    pub call: usize,
    /// Where it came in.
    pub front: usize,
    /// The provider.
    pub provider: usize,
    /// When it was sent. Microseconds.
    pub sent_us: u64,
}

/// How an attempt ended, as the dispatcher sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It wrote its last token.
    Finished,
    /// Another attempt wrote the first token before.
    Cancelled,
    /// Its provider is gone.
    Lost,
}

/// Whether to send a request to a second provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hedge {
    /// To this provider.
    To(usize),
    /// Not now; ask again at this time. Microseconds.
    Later(u64),
    /// Not at all.
    No,
}

/// A way to choose.
pub trait Policy {
    /// Where to send a request.
    fn route(&mut self, view: &View<'_>, ask: &Ask) -> usize;

    /// Whether to keep what comes in in a queue, until something has ended.
    fn holds(&self, _view: &View<'_>) -> bool {
        false
    }

    /// When to think of a second provider for the request that was just routed. Microseconds.
    fn hedge_at_us(&mut self, _ask: &Ask) -> Option<u64> {
        None
    }

    /// Whether to send a request to a second provider, its first being silent until now.
    fn hedge(&mut self, _view: &View<'_>, _ask: &Ask, _first: &Attempt) -> Hedge {
        Hedge::No
    }

    /// The first token of an attempt is there, and no other attempt was faster.
    fn first_token(&mut self, _attempt: &Attempt, _now_us: u64) {}

    /// An attempt is over.
    fn done(&mut self, _attempt: &Attempt, _end: End, _now_us: u64) {}

    /// A provider is gone.
    fn closed(&mut self, _provider: usize, _now_us: u64) {}

    /// A provider is there again.
    fn opened(&mut self, _provider: usize, _now_us: u64) {}

    /// A provider asks for another price from now on.
    fn priced(&mut self, _provider: usize, _price: u64, _now_us: u64) {}

    /// A provider says of itself how many requests it has.
    fn reported(&mut self, _provider: usize, _in_flight: u32, _now_us: u64) {}
}

/// The policies that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any provider.
    Random,
    /// One after the other.
    RoundRobin,
    /// The fewest in flight of all.
    LeastInFlight,
    /// The fewer in flight of two drawn ones.
    PowerOfTwo,
    /// The lower load of two drawn ones, load as in `tower`.
    PeakEwma,
    /// Drawn by stake and chance with Livepeer's default weights.
    Livepeer,
    /// The cheapest that has a free slot.
    Cheapest,
    /// The fewest that providers report of themselves.
    Reported,
    /// One queue before all slots, slow periods known.
    OneQueue,
    /// No queue, no slow period, the best provider.
    Bound,
    /// [`mira_dispatch::route::Router`].
    Ours,
}

impl Kind {
    /// Those of the interactive table, ours last.
    pub const COMPARED: [Kind; 10] = [
        Kind::Random,
        Kind::RoundRobin,
        Kind::LeastInFlight,
        Kind::PowerOfTwo,
        Kind::PeakEwma,
        Kind::Livepeer,
        Kind::Cheapest,
        Kind::OneQueue,
        Kind::Bound,
        Kind::Ours,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Random => "random",
            Kind::RoundRobin => "round-robin",
            Kind::LeastInFlight => "least in flight",
            Kind::PowerOfTwo => "power of two choices",
            Kind::PeakEwma => "peak-EWMA",
            Kind::Livepeer => "Livepeer's weights",
            Kind::Cheapest => "cheapest first",
            Kind::Reported => "least reported",
            Kind::OneQueue => "one queue, who is slow known",
            Kind::Bound => "bound: no queue, best provider",
            Kind::Ours => "ours",
        }
    }

    /// Makes it for a network.
    pub fn build(self, world: &World) -> Box<dyn Policy> {
        match self {
            Kind::Random => Box::new(random::Random::new(world.seed)),
            Kind::RoundRobin => Box::<round_robin::RoundRobin>::default(),
            Kind::LeastInFlight => Box::new(least_in_flight::LeastInFlight::new(world.seed)),
            Kind::PowerOfTwo => Box::new(power_of_two::PowerOfTwo::new(world.seed)),
            Kind::PeakEwma => Box::new(peak_ewma::PeakEwma::new(world.seed, world.providers.len())),
            Kind::Livepeer => Box::new(livepeer::Livepeer::new(world)),
            Kind::Cheapest => Box::new(cheapest::Cheapest::new(world.seed)),
            Kind::Reported => Box::new(reported::Reported::new(world.seed, world.providers.len())),
            Kind::OneQueue => Box::new(one_queue::OneQueue::new(world)),
            Kind::Bound => Box::new(bound::Bound::new(world)),
            Kind::Ours => Box::new(ours::Ours::new(world)),
        }
    }
}

/// The provider with the least of something; of equal ones, each with the same chance.
pub(crate) fn least<K: PartialOrd>(
    rng: &mut crate::rng::Rng,
    providers: impl IntoIterator<Item = usize>,
    key: impl Fn(usize) -> K,
) -> Option<usize> {
    let (mut best, mut equal): (Option<(usize, K)>, usize) = (None, 0);
    for provider in providers {
        let key = key(provider);
        match best.as_ref().map(|(_, least)| key.partial_cmp(least)) {
            Some(Some(std::cmp::Ordering::Greater) | None) => {}
            Some(Some(std::cmp::Ordering::Equal)) => {
                equal += 1;
                if rng.below(equal) == 0 {
                    best = Some((provider, key));
                }
            }
            Some(Some(std::cmp::Ordering::Less)) | None => (best, equal) = (Some((provider, key)), 1),
        }
    }
    best.map(|(provider, _)| provider)
}
