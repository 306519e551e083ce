//! `POST /v1/route`.

use libtest_mimic::Trial;
use mira_wire::route::{EndedRoute, Leg, LegEnd, MAX_ENDED, RouteDone, RouteRequest};
use mira_wire::{KeyStr, Kind, U64Str};

use crate::api::support::interactive::{OTHER_LEASE, request, serving, serving_by};
use crate::api::support::world::Setup;
use crate::api::support::{assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        a_request_goes_to_a_lease_and_has_a_backup_of_another_owner,
        its_decision_is_kept_and_shown,
        what_ended_is_reported_with_the_next_one,
        answered_early_they_are_written_all_the_same,
        bad_ones_are_refused,
        without_a_session_nothing_is_routed,
    ]
}

async fn a_request_goes_to_a_lease_and_has_a_backup_of_another_owner() {
    let (world, routes) = serving().await;
    let route = routes.route(&request()).await.unwrap();
    let backup = route.backup.expect("there are two owners");
    let mut leases = [route.primary.lease.get(), backup.lease.get()];
    leases.sort_unstable();
    assert_eq!(leases, [rows::LEASE, OTHER_LEASE]);
    assert_eq!((route.primary.unit_price, backup.unit_price), (U64Str(1_000), U64Str(1_000)));
    assert!(route.hedge_after_us.get() > 0);
    world.stop().await;
}

async fn its_decision_is_kept_and_shown() {
    let (world, routes) = serving().await;
    let first = routes.route(&request()).await.unwrap();
    let second = routes.route(&request()).await.unwrap();
    assert_eq!((first.decision, second.decision), (U64Str(0), U64Str(1)));
    let shown = world.client.route_decision(1).await.unwrap().data;
    assert_eq!((shown.number, shown.job, shown.counter), (U64Str(1), KeyStr(rows::JOB), U64Str(1)));
    assert_eq!((shown.attempt.as_str(), shown.targets, shown.candidates.len()), ("first", 2, 2));
    assert_eq!(U64Str(shown.hedge_after_us.into()), second.hedge_after_us);
    assert!(shown.winner.is_some() && shown.backup.is_some() && shown.winner != shown.backup, "{shown:?}");
    refused(world.client.route_decision(2).await, Kind::DecisionNotFound);
    world.stop().await;
}

async fn what_ended_is_reported_with_the_next_one() {
    let (world, routes) = serving().await;
    let first = routes.route(&request()).await.unwrap();
    let done = RouteDone {
        leg: Leg::Primary,
        end: LegEnd::Completed,
        first_token_us: Some(U64Str(200_000)),
        units: U64Str(700),
    };
    let ended = vec![EndedRoute { route: first.route, done }];
    routes.route(&RouteRequest { ended: ended.clone(), ..request() }).await.unwrap();
    refused(routes.done(first.route.get(), &done).await, Kind::RouteNotFound);
    // One that is not known any more does not stand in the way of the next request.
    routes.route(&RouteRequest { ended, ..request() }).await.unwrap();
    world.stop().await;
}

async fn answered_early_they_are_written_all_the_same() {
    let (world, routes) = serving_by(Setup { write_behind: true, ..Setup::default() }).await;
    let before = world.store.next_route().await.unwrap();
    for _ in 0..8 {
        routes.route(&request()).await.unwrap();
    }
    world.shutdown.cancel();
    world.running.stopped().await;
    assert_eq!(world.store.next_route().await.unwrap(), before + 8);
    let verified = mira_api::dispatch::verify_log(&*world.store).await.unwrap();
    assert_eq!((verified.routes, verified.differences), (8, 0), "{verified:?}");
    world.stop().await;
}

async fn bad_ones_are_refused() {
    let (world, routes) = serving().await;
    let before = world.state().await;
    let done = RouteDone { leg: Leg::Primary, end: LegEnd::Failed, first_token_us: None, units: U64Str(0) };
    let many = vec![EndedRoute { route: U64Str(1), done }; MAX_ENDED + 1];
    for (bad, kind) in [
        (RouteRequest { max_units: U64Str(0), ..request() }, Kind::InvalidBody),
        (RouteRequest { region: Some("EU".to_owned()), ..request() }, Kind::InvalidLabel),
        (RouteRequest { ended: many, ..request() }, Kind::InvalidBody),
    ] {
        refused(routes.route(&bad).await, kind);
    }
    assert_eq!(world.state().await, before);
    // More than the job lets one request use: that is written down, and nothing is held for it.
    refused(routes.route(&RouteRequest { max_units: U64Str(1_000_001), ..request() }).await, Kind::NoRoute);
    world.stop().await;
}

async fn without_a_session_nothing_is_routed() {
    let (world, _) = serving().await;
    let before = world.state().await;
    let body = r#"{"max_units":"1"}"#;
    assert_problem(world.post("/v1/route", body).await, Kind::SessionInvalid).await;
    let headers = [("content-type", "application/json"), ("authorization", "Bearer AAAA")];
    assert_problem(world.send("POST", "/v1/route", &headers, body).await, Kind::SessionInvalid).await;
    assert_eq!(world.state().await, before);
    world.stop().await;
}
