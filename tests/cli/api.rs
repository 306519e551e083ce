//! `mira api`: a server over an index of its own.

use super::indexer::index;
use super::network::shared;
use super::process::{Mira, until};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: it_serves_an_index_until_it_is_interrupted, what_cannot_serve_does_not_start]
}

async fn it_serves_an_index_until_it_is_interrupted() {
    let net = shared();
    let dispatcher = net.stranger();
    let folder = tempfile::tempdir().unwrap();
    let (database, indexer) = index(net, folder.path()).await;
    let api = Mira::new().arg("--network").arg(&net.file).arg("--keypair").arg(dispatcher.keypair());
    let api = api.args(["api", "--bind", "127.0.0.1:0", "--database", &database, "--blobs"]);
    let mut api = api.arg(folder.path().join("blobs")).serve();
    let line = api.line("serving at ").await;
    let url = line.split("serving at ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let ready = async || {
        let doctor = net.of(&dispatcher).args(["--api", &url, "doctor"]).run().await;
        doctor.is_ok().then_some(())
    };
    until("the server is ready", ready).await;
    let served = mira_wire::client::ApiClient::new(&url).unwrap().network().await.unwrap().data;
    assert_eq!(served.dispatcher.get(), dispatcher.key.to_bytes());
    let other = net.api().network().await.unwrap().data;
    assert_eq!((served.cluster_id, served.payment_mint), (other.cluster_id, other.payment_mint));
    api.interrupt().await;
    indexer.interrupt().await;
    net.of(&dispatcher).args(["--api", &url, "doctor"]).run().await.verdict();
}

async fn what_cannot_serve_does_not_start() {
    let net = shared();
    let somebody = net.stranger();
    let blobs = somebody.path("blobs");
    let database = format!("sqlite:{}", somebody.path("api.sqlite").display());
    let api = |args: &[&str]| net.of(&somebody).args(["api", "--blobs"]).arg(&blobs).args(args);
    let taken = net.url("api_url").trim_start_matches("http://");
    api(&["--database", &database, "--bind", taken]).run().await.refused("starting the API failed");
    api(&["--database", "mysql://me@127.0.0.1/mira"]).run().await.refused("opening the database failed");
    api(&["--database", &database, "--bind", "here"]).run().await.misused("invalid socket address syntax");
    api(&["--database", &database, "--dispatch-keep-snapshots", "1"]).run().await.misused("1 is not in 2..=100");
    api(&["--database", &database, "--dispatch-snapshot-inputs", "99"])
        .run()
        .await
        .misused("99 is not in 100..=10000000");
    api(&[]).run().await.misused("--database <URL>");
    let no_key = net.mira().args(["api", "--bind", "127.0.0.1:0", "--database", &database]).run().await;
    no_key.refused("cannot read /nonexistent/.config/solana/id.json");
}
