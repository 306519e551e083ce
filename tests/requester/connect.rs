//! Cluster, network record and API must belong together.

use mira_store::model::NetworkRow;
use solana_sdk::signer::Signer;

use super::patron::connect;
use crate::api::support::{World, rows};
use crate::chain::net::Net;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: what_does_not_belong_together_is_refused]
}

async fn refused(net: &Net, world: &World, kind: &str, words: &str) {
    let before = world.state().await;
    let error = connect(world.client.base(), net.chain.rpc_url(), 40).await.err().expect("it is refused");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(world.state().await, before);
}

async fn what_does_not_belong_together_is_refused() {
    let (net, elsewhere) = (Net::start().await, World::start().await);
    refused(&net, &elsewhere, "wrong-network", "this cluster has no Mira network").await;
    net.send(&[net.initialize(&net.admin.pubkey())], &[&net.admin]).await.unwrap();
    refused(&net, &elsewhere, "wrong-network", "do not name the same cluster").await;

    let row = NetworkRow { cluster_id: net.genesis, ..rows::network() };
    let fork = World::with_rows(vec![row.into()]).await;
    refused(&net, &fork, "wrong-network", "the API serves another program").await;

    let early = World::with_rows(Vec::new()).await;
    refused(&net, &early, "network-not-found", "not initialized as far as the index has seen").await;

    let gone = early.client.base().to_owned();
    for world in [elsewhere, fork, early] {
        world.stop().await;
    }
    let error = connect(&gone, net.chain.rpc_url(), 40).await.err().expect("nobody answers");
    assert_eq!(error.kind(), "api", "{error}");
    net.chain.shutdown().await;
}
