//! `POST /v1/route/{route}/done`.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_wire::route::{Leg, LegEnd, RouteAck, RouteDone};
use mira_wire::{Kind, U64Str};

use crate::api::support::interactive::{earn_a_hedge, request, routes, serving};
use crate::api::support::refused;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: the_last_attempt_ends_the_request, what_is_not_reported_times_out, a_new_session_goes_on]
}

fn done(leg: Leg, end: LegEnd) -> RouteDone {
    let first_token_us = (end == LegEnd::Completed).then_some(U64Str(150_000));
    RouteDone { leg, end, first_token_us, units: U64Str(300) }
}

async fn the_last_attempt_ends_the_request() {
    let (world, routes) = serving().await;
    earn_a_hedge(&routes).await;
    let route = routes.route(&request()).await.unwrap();
    let number = route.route.get();
    world.pass(Duration::from_micros(route.hedge_after_us.get()) + Duration::from_millis(2));
    routes.hedge(number).await.unwrap();
    let ack = routes.done(number, &done(Leg::Hedge, LegEnd::Completed)).await.unwrap();
    assert_eq!(ack, RouteAck { over: false });
    let ack = routes.done(number, &done(Leg::Primary, LegEnd::Cancelled)).await.unwrap();
    assert_eq!(ack, RouteAck { over: true });
    refused(routes.done(number, &done(Leg::Primary, LegEnd::Completed)).await, Kind::RouteNotFound);
    world.stop().await;
}

async fn what_is_not_reported_times_out() {
    let (world, routes) = serving().await;
    let route = routes.route(&request()).await.unwrap();
    // The job's time limit of 10 s and the dispatcher's grace.
    world.pass(Duration::from_secs(60));
    refused(routes.done(route.route.get(), &done(Leg::Primary, LegEnd::Completed)).await, Kind::RouteNotFound);
    world.stop().await;
}

async fn a_new_session_goes_on() {
    let (world, first) = serving().await;
    let route = first.route(&request()).await.unwrap();
    let second = routes(&world).await;
    let ack = second.done(route.route.get(), &done(Leg::Primary, LegEnd::Completed)).await.unwrap();
    assert_eq!(ack, RouteAck { over: true });
    world.stop().await;
}
