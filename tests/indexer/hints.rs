//! Websocket hints: they wake the indexer, and nothing else.

use super::running::Running;
use libtest_mimic::Trial;
use mira_indexer::Config;
use mira_store::model::{ProjectionKey, Set};
use mira_store::scratch::Scratch;
use mira_testkit::network::Network;
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpListener;

pub fn trials() -> Vec<Trial> {
    trials![async: a_hint_makes_an_event_visible_long_before_the_next_poll, a_dead_websocket_changes_nothing]
}

const LONG: Duration = Duration::from_secs(60);
/// Longer than the test.
const HOUR: Duration = Duration::from_secs(3_600);

async fn start(folder: &Path, network: &Network, poll: Duration, websocket: &str) -> Running {
    let store = Scratch::sqlite(folder).open().await.unwrap();
    let config = Config { poll, hints: Some(websocket.parse().unwrap()), ..Config::default() };
    Running::with(config, store, &[network.rpc.url()])
}

async fn a_hint_makes_an_event_visible_long_before_the_next_poll() {
    let network = Network::start(1).await;
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &network, HOUR, network.chain.ws_url()).await;
    // The first poll is over: what comes now is seen because of a hint, or in an hour.
    running.reached(0).await;
    network.furnish().await;
    let slot = network.slot().await;
    running.reached(slot).await;
    let provider = ProjectionKey::Provider { provider: network.provider().to_bytes() };
    assert_eq!(running.store.load(Set::Live, &[provider]).await.unwrap().len(), 1);
    running.finish(slot).await;
    network.chain.shutdown().await;
}

async fn a_dead_websocket_changes_nothing() {
    let network = Network::start(2).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap());
    // It hangs up on the first, and says nothing to the second.
    let (connected, mut silent) = tokio::sync::mpsc::unbounded_channel();
    let server = tokio::spawn(async move {
        drop(listener.accept().await.unwrap());
        connected.send(listener.accept().await.unwrap()).unwrap();
        std::future::pending::<()>().await;
    });
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path(), &network, Duration::from_millis(20), &address).await;
    let _connection = tokio::time::timeout(LONG, silent.recv()).await.expect("it connects again").unwrap();
    network.furnish().await;
    let slot = network.slot().await;
    running.finish(slot).await;
    server.abort();
    network.chain.shutdown().await;
}
