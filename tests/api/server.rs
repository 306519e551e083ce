//! What every route shares: ids, problems, limits, shutdown.

use std::time::Duration;

use libtest_mimic::Trial;
use mira_api::{Api, ApiConfig, ApiError, Limits};
use mira_wire::Kind;
use mira_wire::client::ApiClient;
use tokio_util::sync::CancellationToken;

use super::support::world::Setup;
use super::support::{World, assert_problem};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async:
        an_unknown_path_is_a_problem,
        a_wrong_method_is_a_problem,
        a_body_of_another_media_type_is_refused,
        broken_json_and_a_wrong_shape_are_told_apart,
        a_long_body_is_refused,
        a_slow_body_is_cut_off,
        a_request_has_an_id,
        any_page_may_read,
        a_server_that_cannot_start_says_why,
        nothing_listens_after_shutdown,
    ]
}

async fn an_unknown_path_is_a_problem() {
    let world = World::start().await;
    for path in ["/v2", "/v1", "/v1/jobs/", "/v1/network/x", "/%00"] {
        assert_problem(world.get(path).await, Kind::NotFound).await;
    }
    world.stop().await;
}

async fn a_wrong_method_is_a_problem() {
    let world = World::start().await;
    let response = world.send("DELETE", "/v1/network", &[], "").await;
    assert_eq!(response.headers()["allow"], "GET,HEAD");
    assert_problem(response, Kind::MethodNotAllowed).await;
    assert_problem(world.get("/v1/vouchers").await, Kind::MethodNotAllowed).await;
    world.stop().await;
}

async fn a_body_of_another_media_type_is_refused() {
    let world = World::start().await;
    let before = world.state().await;
    for headers in [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/jsonx")]] {
        assert_problem(world.send("POST", "/v1/quotes", headers, "{}").await, Kind::UnsupportedMediaType).await;
    }
    let accepted = world.send("POST", "/v1/quotes", &[("content-type", "Application/JSON; charset=utf-8")], "{}").await;
    assert_problem(accepted, Kind::InvalidBody).await;
    assert_eq!(world.state().await, before);
    world.stop().await;
}

async fn broken_json_and_a_wrong_shape_are_told_apart() {
    let world = World::start().await;
    for text in ["", "{", "{\"lease\":", "\u{feff}{}"] {
        assert_problem(world.post("/v1/vouchers", text).await, Kind::MalformedRequest).await;
    }
    for text in ["[]", "{}", "null", "{\"lease\":7}", "{\"unknown\":1}"] {
        assert_problem(world.post("/v1/vouchers", text).await, Kind::InvalidBody).await;
    }
    world.stop().await;
}

async fn a_long_body_is_refused() {
    let limits = Limits { json_bytes: 100, ..Limits::default() };
    let world = World::with(Setup { limits, ..Setup::default() }).await;
    assert_problem(world.post("/v1/vouchers", " ".repeat(101)).await, Kind::BodyTooLarge).await;
    assert_problem(world.post("/v1/vouchers", " ".repeat(100)).await, Kind::MalformedRequest).await;
    world.stop().await;
}

async fn a_slow_body_is_cut_off() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let limits = Limits { request: Duration::from_millis(200), ..Limits::default() };
    let world = World::with(Setup { limits, ..Setup::default() }).await;
    let mut connection = tokio::net::TcpStream::connect(world.running.addr).await.unwrap();
    let head =
        "POST /v1/vouchers HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = tokio::time::timeout(Duration::from_secs(10), connection.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("urn:mira:problem:timeout"), "{answer}");
    world.stop().await;
}

async fn a_request_has_an_id() {
    let world = World::start().await;
    let own = world.send("GET", "/livez", &[("x-request-id", "mine-7")], "").await;
    assert_eq!(own.headers()["x-request-id"], "mine-7");
    let strange = world.send("GET", "/livez", &[("x-request-id", "a b")], "").await;
    assert_ne!(strange.headers()["x-request-id"], "a b");
    let (a, b) = (world.get("/livez").await, world.get("/livez").await);
    assert_ne!(a.headers()["x-request-id"], b.headers()["x-request-id"]);
    world.stop().await;
}

async fn any_page_may_read() {
    let world = World::start().await;
    let response = world.send("GET", "/v1/network", &[("origin", "https://example.org")], "").await;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    world.stop().await;
}

async fn a_server_that_cannot_start_says_why() {
    let world = World::start().await;
    let start = async |config: ApiConfig| Api::spawn(config, CancellationToken::new()).await.unwrap_err();
    let config = world.config.clone();
    let taken = start(ApiConfig { bind: world.running.addr, ..config.clone() }).await;
    assert!(matches!(taken, ApiError::Bind { address, .. } if address == world.running.addr), "{taken}");
    let keypair = start(ApiConfig { dispatcher: [1; 64], ..config.clone() }).await;
    assert!(matches!(keypair, ApiError::Keypair), "{keypair}");
    let a_file = world.folder().join("mira.sqlite");
    let blobs = start(ApiConfig { blobs_dir: a_file, ..config }).await;
    assert!(matches!(blobs, ApiError::Blobs(_)), "{blobs}");
    world.stop().await;
}

async fn nothing_listens_after_shutdown() {
    let world = World::start().await;
    let client = ApiClient::new(&world.running.url()).unwrap();
    client.livez().await.unwrap();
    world.stop().await;
    let error = client.livez().await.unwrap_err();
    assert!(error.is_transient() && error.status().is_none(), "{error}");
}
