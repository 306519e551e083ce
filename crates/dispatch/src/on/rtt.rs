//! A measured round trip.

use crate::engine::Engine;
use crate::input::route::Rtt;

pub(crate) fn apply(engine: &mut Engine, rtt: &Rtt) {
    let router = &mut engine.serving.router;
    let (from, to) = (router.region(rtt.from), router.region(rtt.to));
    router.observe_rtt(from, to, rtt.rtt_us);
}
