//! `mira provider withdraw`. A `mira up` network unbonds in minutes; here is one that does it in seconds.

use super::super::network::{GIVEN, shared};
use super::super::process::{Ended, Mira, until};
use super::{provider, registered};
use crate::chain::net::Net as Cluster;
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::signer::Signer;
use std::path::Path;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: unbonded_stake_comes_back_once_it_is_due, there_must_be_something_to_withdraw]
}

/// The file that `mira up` would write.
fn describe(cluster: &Cluster, folder: &Path) -> std::path::PathBuf {
    let keypair = folder.join("faucet.json");
    std::fs::write(&keypair, serde_json::to_string(&cluster.admin.to_bytes().to_vec()).unwrap()).unwrap();
    let mint = |name: &str, key| format!("[{name}]\naddress = \"{key}\"\ndecimals = 6\n");
    let head = format!(
        "rpc_url = \"{}\"\nws_url = \"{}\"\napi_url = \"http://127.0.0.1:1\"\nprogram_id = \"{}\"\ncluster_id = \"\"\nfaucet_keypair = {keypair:?}\n",
        cluster.chain.rpc_url(),
        cluster.chain.ws_url(),
        mira_chain::pda::PROGRAM_ID,
    );
    let file = folder.join("mira.toml");
    let mints = [mint("stake_mint", cluster.stake_mint), mint("payment_mint", cluster.payment_mint)].concat();
    std::fs::write(&file, head + &mints).unwrap();
    file
}

async fn unbonded_stake_comes_back_once_it_is_due() {
    let cluster = Cluster::start().await;
    let admin = cluster.admin.pubkey();
    cluster.send(&[cluster.initialize(&admin)], &[&cluster.admin]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = describe(&cluster, folder.path());
    let keypair = folder.path().join("id.json");
    let mira = |args: &[&str]| {
        Mira::new().arg("--json").arg("--network").arg(&file).arg("--keypair").arg(&keypair).args(args).run()
    };
    let owner = mira(&["faucet", "--sol", "1"]).await.document()["to"].as_str().unwrap().parse().unwrap();
    mira(&["provider", "register", "--region", "eu-west", "--resource-class", "idle"]).await.document();
    mira(&["provider", "stake", "0.001"]).await.document();
    mira(&["provider", "withdraw"]).await.refused("nothing is unbonding");
    mira(&["provider", "unstake", "0.0004"]).await.document();
    mira(&["provider", "unstake", "all"]).await.document();
    mira(&["provider", "withdraw"]).await.refused("nothing has unbonded yet; the first ticket does at");
    let held = async || cluster.rpc.token_balance(&owner, &cluster.stake_mint, Confirmed).await.unwrap();
    assert_eq!(held().await, GIVEN - 1_000);

    let mut back = 0;
    let both = async || {
        let tried: Ended = mira(&["provider", "withdraw"]).await;
        if tried.is_ok() {
            back += tried.document()["tickets"].as_u64().unwrap();
        }
        (back == 2).then_some(())
    };
    until("both tickets are due", both).await;
    assert_eq!(held().await, GIVEN);
    mira(&["provider", "withdraw"]).await.refused(&format!("{owner} has no stake with provider"));
    cluster.chain.shutdown().await;
}

async fn there_must_be_something_to_withdraw() {
    let net = shared();
    let owner = registered(net).await;
    let withdraw = || provider(net, &owner, "withdraw");
    let message = format!("{} has no stake with provider {}", owner.key, owner.provider());
    withdraw().run().await.refused(&message);
    provider(net, &owner, "stake").arg("1000").run().await.document();
    let staked = net.purse(&owner.key).await;
    withdraw().run().await.refused("nothing is unbonding");
    assert_eq!(net.purse(&owner.key).await, staked);
    provider(net, &owner, "unstake").arg("all").run().await.document();
    let unbonding = net.purse(&owner.key).await;
    withdraw().run().await.refused("nothing has unbonded yet; the first ticket does at");
    assert_eq!(net.purse(&owner.key).await, unbonding);
}
