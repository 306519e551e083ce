//! [`mira_dispatch::route::Router`], as the service runs it: all providers in one pool, each in a region of its own,
//! round trips measured by pings before the run.

use super::{Ask, Attempt, End, Hedge, Policy, View};
use crate::interactive::world::World;
use mira_core::label::Label;
use mira_dispatch::route::{
    self, Change, HedgeDenied, Leg, PoolId, RegionId, RouteConfig, RouteId, Router, Target, TargetId,
};

/// Pings to each provider from each front before the run: the average has settled by then.
const PINGS: usize = 16;
/// When to ask again for a second attempt that there was no budget or no target for. Microseconds.
const AGAIN_US: u64 = 50_000;
/// Draws for a request that no drawn target may serve, before any provider is taken.
const TRIES: u64 = 16;

/// The router and what it calls things.
pub struct Ours {
    router: Router,
    pool: PoolId,
    fronts: Vec<RegionId>,
    targets: Vec<TargetId>,
    /// For each attempt, its name in the router.
    names: Vec<Option<(RouteId, Leg)>>,
    price_cap: u64,
    hedge_after_us: u32,
}

/// How the router is tuned here; what is not named is its default.
pub fn config() -> RouteConfig {
    // The median price counts as much as 50 ms: about the spread of round trips among near providers.
    RouteConfig { price_weight_ppm: 50_000, ..RouteConfig::default() }
}

impl Ours {
    /// For a network, with the settings of [`config`].
    pub fn new(world: &World) -> Self {
        Self::with(world, config())
    }

    /// For a network, with other settings.
    pub fn with(world: &World, config: RouteConfig) -> Self {
        let mut router = Router::new(config, key(world.seed, 0));
        let mut region = |name: String| Label::parse(&name).map(|label| router.region(label)).unwrap_or_default();
        let fronts: Vec<RegionId> = (0..world.rtt_us.len()).map(|front| region(format!("front-{front}"))).collect();
        let homes: Vec<RegionId> = (0..world.providers.len()).map(|home| region(format!("home-{home}"))).collect();
        for (front, row) in fronts.iter().zip(&world.known_rtt_us) {
            for (home, rtt_us) in homes.iter().zip(row) {
                (0..PINGS).for_each(|_| router.observe_rtt(*front, *home, *rtt_us));
            }
        }
        let pool = router.pool(&key(world.seed, 1));
        let targets = world.providers.iter().zip(&homes).enumerate().map(|(index, (provider, home))| {
            let target = Target {
                provider: key(index as u64, 2),
                lease: key(index as u64, 3),
                owner: u32::try_from(provider.owner).unwrap_or(u32::MAX),
                region: *home,
                capacity: u16::try_from(provider.slots).unwrap_or(u16::MAX),
                unit_price: provider.price,
                room_units: u64::MAX,
                reliability_ppm: 1_000_000,
                warm: true,
            };
            router.add(pool, target).unwrap_or_default()
        });
        let targets = targets.collect();
        Ours { router, pool, fronts, targets, names: Vec::new(), price_cap: world.model.price_cap, hedge_after_us: 0 }
    }

    fn name(&mut self, attempt: usize, route: RouteId, leg: Leg) {
        self.names.resize(self.names.len().max(attempt + 1), None);
        self.names[attempt] = Some((route, leg));
    }

    fn named(&self, attempt: &Attempt) -> Option<(RouteId, Leg)> {
        self.names.get(attempt.id).copied().flatten()
    }

    fn provider(&self, target: TargetId) -> usize {
        // Targets are numbered in the order in which they are added.
        target.0 as usize
    }
}

impl Policy for Ours {
    fn route(&mut self, view: &View<'_>, ask: &Ask) -> usize {
        for draw in 0..TRIES {
            let asked = route::Ask {
                pool: self.pool,
                origin: self.fronts[ask.front],
                counter: ask.attempt as u64 * TRIES + draw,
                price_cap: self.price_cap,
                max_units: 0,
            };
            if let Ok(routed) = self.router.route(&asked, view.now_us) {
                self.name(ask.attempt, routed.route, Leg::Primary);
                self.hedge_after_us = routed.hedge_after_us;
                return self.provider(routed.primary);
            }
        }
        view.open[0]
    }

    fn hedge_at_us(&mut self, ask: &Ask) -> Option<u64> {
        Some(ask.at_us + u64::from(self.hedge_after_us))
    }

    fn hedge(&mut self, view: &View<'_>, ask: &Ask, first: &Attempt) -> Hedge {
        let Some((route, _)) = self.named(first) else { return Hedge::No };
        match self.router.hedge(route, view.now_us) {
            Ok(hedged) => {
                self.name(ask.attempt, route, Leg::Hedge);
                Hedge::To(self.provider(hedged.target))
            }
            Err(HedgeDenied::TooEarly { left_us }) => Hedge::Later(view.now_us + u64::from(left_us)),
            Err(HedgeDenied::Budget | HedgeDenied::NoTarget { .. }) => Hedge::Later(view.now_us + AGAIN_US),
            Err(HedgeDenied::UnknownRoute | HedgeDenied::AlreadyHedged | HedgeDenied::Answered) => Hedge::No,
        }
    }

    fn first_token(&mut self, attempt: &Attempt, now_us: u64) {
        if let Some((route, leg)) = self.named(attempt) {
            self.router.first_token(route, leg, now_us);
        }
    }

    fn done(&mut self, attempt: &Attempt, end: End, now_us: u64) {
        let Some((route, leg)) = self.named(attempt) else { return };
        let end = match end {
            End::Finished => route::End::Completed,
            End::Cancelled => route::End::Cancelled,
            End::Lost => route::End::TimedOut,
        };
        if self.router.done(route, leg, end, now_us).is_some_and(|ended| ended.idle) {
            // What was lost is routed anew, not hedged.
            self.router.close(route);
        }
    }

    fn closed(&mut self, provider: usize, _now_us: u64) {
        self.router.set_available(self.targets[provider], false);
    }

    fn opened(&mut self, provider: usize, _now_us: u64) {
        self.router.set_available(self.targets[provider], true);
    }

    fn priced(&mut self, provider: usize, price: u64, _now_us: u64) {
        self.router.update(self.targets[provider], Change { unit_price: Some(price), ..Change::default() });
    }
}

/// A key that no other number and kind gives.
fn key(number: u64, kind: u8) -> [u8; 32] {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&number.to_le_bytes());
    key[8] = kind;
    key
}
