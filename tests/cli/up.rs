//! `mira up`: a network that stays up for other terminals.

use super::network::{Net, shared};
use super::process::Mira;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: it_says_where_everything_is, it_ends_with_its_standard_input_and_leaves_nothing, what_cannot_start_writes_no_file]
}

async fn it_says_where_everything_is() {
    let net = shared();
    assert_eq!((&net.document["network"], &net.document["seed"]), (&net.file.to_str().unwrap().into(), &1.into()));
    assert_eq!(net.document["program_id"], mira_chain::pda::PROGRAM_ID.to_string());
    assert!(net.url("ws_url").starts_with("ws://127.0.0.1:"));
    let listed = net.api().index().await.unwrap();
    assert!(!listed.routes.is_empty());
    let network = net.api().network().await.unwrap().data;
    assert_eq!(network.cluster_id.get(), net.rpc().genesis_hash().await.unwrap());
}

async fn it_ends_with_its_standard_input_and_leaves_nothing() {
    let net = Net::up(&["--providers", "0", "--seed", "9"]);
    let (file, folder) = (net.file.clone(), net.folder.clone());
    assert_eq!(net.document["seed"], 9);
    let somebody = net.stranger();
    net.of(&somebody).arg("doctor").run().await.document();
    let url = net.url("rpc_url").to_owned();
    assert!(net.stop(), "it ends well");
    assert!(!file.exists() && !folder.exists());
    let gone = Mira::new().within(&std::env::temp_dir()).args(["--json", "--url", &url, "doctor"]).run().await;
    assert_eq!(gone.verdict()["checks"][1]["ok"], false);
}

async fn what_cannot_start_writes_no_file() {
    let net = shared();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mira.toml");
    let up = |args: &[&str]| Mira::new().within(folder.path()).args(["--json", "up"]).args(args).run();
    let port = net.url("rpc_url").rsplit(':').next().unwrap();
    let taken = up(&["--rpc-port", port, "--ws-port", "0", "--api-port", "0"]).await;
    taken.refused("starting the local chain failed");
    up(&["--slot-ms", "19"]).await.misused("19 is not in 20..=1000");
    up(&["--providers", "65"]).await.misused("65 is not in 0..=64");
    up(&["--rpc-port", "65536"]).await.misused("65536 is not in 0..=65535");
    assert!(!file.exists());
}
