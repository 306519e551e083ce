//! A request: draw, decide, send.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::Router;
use crate::route::choose::{self, Choice, Note, Prices, Reject};
use crate::route::config::RouteConfig;
use crate::route::draw::{MAX_DRAW, Urn, draws};
use crate::route::flight::{Flight, Leg, RouteId, Stage, Try};
use crate::route::pool::{Member, Pool, PoolId, TargetId};
use crate::route::record::{Attempt, Candidate, NONE, RouteRecord, SCHEMA};
use crate::route::region::{Pair, RegionId, Regions};
use crate::route::server::Server;

/// A request to be routed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Among whom.
    pub pool: PoolId,
    /// Where it comes from.
    pub origin: RegionId,
    /// Its number in its pool: each once, as the draw follows from it.
    pub counter: u64,
    /// The most that it pays per 1,000,000 units.
    pub price_cap: u64,
    /// The units that a lease must still cover; 0 if that is settled elsewhere.
    pub max_units: u64,
}

/// A request that was routed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// Names it from now on.
    pub route: RouteId,
    /// Who serves it.
    pub primary: TargetId,
    /// Who would be asked second, as things are now.
    pub backup: Option<TargetId>,
    /// After how long without a first token a second attempt may be asked for.
    pub hedge_after_us: u32,
    /// How it was decided.
    pub record: RouteRecord,
}

/// A request that nobody may serve.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Unrouted {
    /// Members of the pool.
    pub pool: u32,
    /// Those that were looked at.
    pub drawn: u8,
    /// How many of them each limit rejected, in the order of `Reject::ALL`.
    pub rejected: [u8; Reject::ALL.len()],
}

/// What is the same for all candidates of a decision.
pub(super) struct View<'a> {
    pub(super) config: &'a RouteConfig,
    pub(super) servers: &'a [Server],
    /// Round trips from the origin.
    pub(super) distances: &'a [Pair],
    pub(super) prices: Prices,
    pub(super) usual_us: u32,
    pub(super) price_cap: u64,
    pub(super) max_units: u64,
    pub(super) now_us: u64,
}

impl View<'_> {
    /// A member as this decision sees it.
    #[inline]
    pub(super) fn candidate(&self, member: &Member, place: u32) -> Candidate {
        self.seen(member, self.servers[member.server as usize].capacity, place)
    }

    /// A member with its provider's capacity at hand. Always in line: eight times a decision, a call and a copy of the
    /// candidate cost a tenth of it.
    #[inline(always)]
    fn seen(&self, member: &Member, capacity: u16, place: u32) -> Candidate {
        let server = &self.servers[member.server as usize];
        let pair = self.distances.get(server.region.index()).copied().unwrap_or_default();
        let mut candidate = Candidate {
            target: member.target,
            place,
            owner: server.owner,
            region: server.region,
            in_flight: server.in_flight(),
            capacity,
            rejects: 0,
            notes: u8::from(!member.warm) * Note::Cold.bit(),
            rtt_us: pair.rtt_us,
            ewma_us: server.expected_us(self.usual_us, self.config, self.now_us),
            deviation_us: server.deviation_us.saturating_add(pair.deviation_us),
            price: member.price,
            reliability_ppm: server.reliability_ppm,
            score: 0,
        };
        candidate.rejects = choose::evident_rejects(&candidate, self.price_cap)
            | (u8::from(member.room < self.max_units) * Reject::Escrow.bit())
            | (u8::from(!member.available) * Reject::Unavailable.bit());
        if server.until_us > 0 {
            let due = server.until_us <= self.now_us && !server.probing;
            candidate.rejects |= u8::from(!due) * Reject::Suspended.bit();
            candidate.notes |= u8::from(due) * Note::Probe.bit();
        }
        candidate.score = choose::score(&candidate, &self.prices, server.weight);
        candidate
    }
}

pub(super) fn prices(config: &RouteConfig) -> Prices {
    Prices {
        deviation_weight_percent: config.deviation_weight_percent,
        price_weight_ppm: config.price_weight_ppm,
        cold_start_us: config.cold_start_us,
    }
}

impl Router {
    /// Routes a request and counts it as sent to its primary target.
    pub fn route(&mut self, ask: &Ask, now_us: u64) -> Result<Routed, Unrouted> {
        let Some(pool) = self.pools.get_mut(ask.pool.0 as usize).and_then(Option::as_mut) else {
            return Err(Unrouted { pool: 0, drawn: 0, rejected: [0; Reject::ALL.len()] });
        };
        let urn = pool.urn(ask.origin, &self.regions, &self.config);
        let mut record = opened(ask, pool, urn, &self.config, now_us);
        let (regions, config, servers) = (&self.regions, &self.config, &self.servers);
        let view = view(ask, pool, (regions, config, servers), now_us);
        let choice = look(&mut record, pool, &view);
        (record.winner, record.runner_up, record.backup) = (choice.winner, choice.runner_up, choice.backup);
        let Some(winner) = record.at(choice.winner).copied() else { return Err(unrouted(&record)) };
        let backup = record.at(choice.backup).map(|backup| backup.target);
        // Behind others it is late already: whoever has a slot first should have it.
        let queued = winner.rejects & Reject::Hot.bit() != 0;
        let RouteConfig { hedge_min_us, hedge_max_us, .. } = self.config;
        let late_us = if queued { hedge_min_us } else { pool.late.get_us().max(hedge_min_us).min(hedge_max_us) };
        record.hedge_after_us = late_us;
        (record.avoid_owner, record.avoid_region) = (winner.owner, winner.region);
        pool.bucket.earn(&self.config);
        let flight = Flight {
            pool: ask.pool,
            origin: ask.origin,
            owner: winner.owner,
            region: winner.region,
            backup,
            hedge_after_us: late_us,
            counter: ask.counter,
            price_cap: ask.price_cap,
            max_units: ask.max_units,
            queued,
            ..Flight::default()
        };
        let route = self.flights.open(flight);
        record.route = route;
        self.send(route, Leg::Primary, &winner, now_us);
        Ok(Routed { route, primary: winner.target, backup, hedge_after_us: late_us, record })
    }

    /// Counts an attempt as sent.
    pub(super) fn send(&mut self, route: RouteId, leg: Leg, to: &Candidate, now_us: u64) {
        let Some(entry) = self.targets.get_mut(to.target.0 as usize) else { return };
        entry.legs += 1;
        let server = entry.server;
        let probe = to.notes & Note::Probe.bit() != 0;
        let held = &mut self.servers[server as usize];
        held.sent(now_us, to.rtt_us);
        held.probing |= probe;
        let Some(flight) = self.flights.get_mut(route) else { return };
        let (target, rtt_us, sent_us) = (to.target, to.rtt_us, now_us);
        flight.tries[leg.index()] = Try { stage: Stage::Waiting, probe, server, target, rtt_us, sent_us };
    }
}

pub(super) fn view<'a>(
    ask: &Ask,
    pool: &Pool,
    (regions, config, servers): (&'a Regions, &'a RouteConfig, &'a [Server]),
    now_us: u64,
) -> View<'a> {
    View {
        config,
        servers,
        distances: regions.from(ask.origin),
        prices: prices(config),
        usual_us: pool.usual.get_us(),
        price_cap: ask.price_cap,
        max_units: ask.max_units,
        now_us,
    }
}

/// A record of a decision that is still to be taken.
pub(super) fn opened(ask: &Ask, pool: &Pool, urn: Urn, config: &RouteConfig, now_us: u64) -> RouteRecord {
    RouteRecord {
        schema: SCHEMA,
        attempt: Attempt::First,
        route: RouteId(0),
        job: pool.job,
        seed: pool.seed,
        counter: ask.counter,
        round: 0,
        near: urn.near,
        slots: urn.slots,
        pool: urn.members,
        draw: urn.draw,
        origin: ask.origin,
        now_us,
        price_cap: ask.price_cap,
        max_units: ask.max_units,
        deviation_weight_percent: config.deviation_weight_percent,
        price_weight_ppm: config.price_weight_ppm,
        cold_start_us: config.cold_start_us,
        len: 0,
        candidates: [Candidate::default(); MAX_DRAW],
        winner: NONE,
        runner_up: NONE,
        backup: NONE,
        hedge_after_us: 0,
        avoid_owner: 0,
        avoid_region: RegionId(0),
    }
}

/// Draws until someone has a free slot, or the rounds are over, and decides.
fn look(record: &mut RouteRecord, pool: &Pool, view: &View<'_>) -> Choice {
    for round in 0..view.config.rounds.max(1) {
        record.round = round;
        record.len = 0;
        fill(record, pool, view);
        let free = record.drawn().iter().any(|candidate| candidate.rejects == 0);
        if free || record.pool <= u32::from(record.draw) {
            break;
        }
    }
    choose::choose(record.drawn())
}

/// Adds the drawn members to those that a record holds already, each once.
pub(super) fn fill(record: &mut RouteRecord, pool: &Pool, view: &View<'_>) {
    let draws = draws(record.seed, record.counter, record.round, record.urn());
    let mut places = draws.numbers;
    if !draws.whole {
        let (near, anywhere) = places.split_at_mut(draws.near);
        near.iter_mut().for_each(|slot| *slot = pool.near_place(record.origin, *slot));
        anywhere.iter_mut().for_each(|slot| *slot = pool.place(*slot));
    }
    // First all members, then a field of all their providers: each time eight loads that do not wait for
    // each other, where memory is what a decision mostly waits for.
    let members = places.map(|place| pool.members.get(place as usize));
    let servers = members.map(|member| member.map_or(0, |member| member.server));
    let capacities = servers.map(|server| view.servers.get(server as usize).map_or(0, |server| server.capacity));
    for (place, (member, capacity)) in places[..draws.len].iter().zip(members.iter().zip(capacities)) {
        if record.drawn().iter().any(|seen| seen.place == *place) {
            continue;
        }
        let (Some(member), Some(free)) = (member, record.candidates.get_mut(usize::from(record.len))) else {
            continue;
        };
        *free = view.seen(member, capacity, *place);
        record.len += 1;
    }
}

fn unrouted(record: &RouteRecord) -> Unrouted {
    Unrouted { pool: record.pool, drawn: record.len, rejected: rejected(record.drawn()) }
}

/// How many each limit rejects.
pub(super) fn rejected(drawn: &[Candidate]) -> [u8; Reject::ALL.len()] {
    let mut counts = [0; Reject::ALL.len()];
    for (count, limit) in counts.iter_mut().zip(Reject::ALL) {
        let hit = drawn.iter().filter(|candidate| candidate.rejects & limit.bit() != 0).count();
        *count = u8::try_from(hit).unwrap_or(u8::MAX);
    }
    counts
}
