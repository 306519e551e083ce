//! `GET /metrics`.

use libtest_mimic::Trial;

use crate::api::support::World;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: counts_requests_by_route]
}

async fn counts_requests_by_route() {
    let world = World::start().await;
    world.get("/v1/jobs/not-a-key").await;
    world.get("/no/such/path").await;
    let response = world.get("/metrics").await;
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = world.client.metrics().await.unwrap();
    // The recorder is the process's: other tests count too.
    let counted = |route: &str, status: &str| {
        text.lines().any(|line| {
            line.starts_with("mira_api_requests_total")
                && line.contains(&format!("route=\"{route}\""))
                && line.contains(&format!("status=\"{status}\""))
        })
    };
    assert!(counted("/v1/jobs/{job}", "400"), "{text}");
    assert!(counted("none", "404"), "{text}");
    assert!(!text.contains("not-a-key"), "paths must not become labels");
    assert!(text.contains("mira_api_index_ready"));
    world.stop().await;
}
