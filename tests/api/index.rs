//! `GET /`.

use libtest_mimic::Trial;

use super::support::World;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: lists_every_route, gives_browsers_a_page]
}

async fn lists_every_route() {
    let world = World::start().await;
    let index = world.client.index().await.unwrap();
    assert_eq!(index.name, "mira");
    for (method, path) in [
        ("GET", "/v1/network"),
        ("PUT", "/v1/blobs/{hash}"),
        ("GET", "/v1/blobs/{hash}"),
        ("POST", "/v1/jobs/{job}/place"),
        ("POST", "/v1/node/work"),
        ("GET", "/v1/stream"),
        ("GET", "/metrics"),
    ] {
        assert!(index.routes.iter().any(|route| route.method == method && route.path == path), "{method} {path}");
    }
    world.stop().await;
}

async fn gives_browsers_a_page() {
    let world = World::start().await;
    let response = world.send("GET", "/", &[("accept", "text/html,*/*;q=0.8")], "").await;
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(response.headers()["vary"], "accept");
    let page = response.text().await.unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("/v1/providers"));
    world.stop().await;
}
