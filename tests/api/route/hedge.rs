//! `POST /v1/route/{route}/hedge`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_wire::Kind;

use crate::api::support::interactive::{earn_a_hedge, request, serving};
use crate::api::support::refused;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: a_late_request_goes_to_another_owner_once, an_early_or_unknown_one_does_not]
}

async fn a_late_request_goes_to_another_owner_once() {
    let (world, routes) = serving().await;
    earn_a_hedge(&routes).await;
    let route = routes.route(&request()).await.unwrap();
    world.pass(Duration::from_micros(route.hedge_after_us.get()) + Duration::from_millis(2));
    let hedge = routes.hedge(route.route.get()).await.unwrap();
    assert_eq!(Some(hedge.target), route.backup);
    refused(routes.hedge(route.route.get()).await, Kind::HedgeRefused);
    world.stop().await;
}

async fn an_early_or_unknown_one_does_not() {
    let (world, routes) = serving().await;
    let route = routes.route(&request()).await.unwrap();
    refused(routes.hedge(route.route.get()).await, Kind::HedgeRefused);
    let before = world.state().await;
    refused(routes.hedge(route.route.get() + 1).await, Kind::RouteNotFound);
    assert_eq!(world.state().await, before, "what is nobody's is not written down");
    world.stop().await;
}
