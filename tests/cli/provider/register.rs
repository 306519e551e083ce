//! `mira provider register`.

use super::super::network::shared;
use super::{provider, registered};
use mira_chain::account::Provider;
use mira_chain::token;
use mira_core::hash::{Sha2, Sha256};
use solana_commitment_config::CommitmentLevel::Confirmed;

const TERMS: [&str; 4] = ["--region", "eu-west", "--resource-class", "idle"];

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: the_owner_gets_a_provider_with_its_terms, a_key_owns_one_provider, bad_terms_register_nothing, a_payout_of_another_mint_is_refused]
}

async fn the_owner_gets_a_provider_with_its_terms() {
    let net = shared();
    let (owner, operator) = (net.person().await, net.stranger());
    let metadata = owner.file("about.json", b"{}");
    let command = provider(net, &owner, "register").args(TERMS).args(["--commission-bps", "250"]);
    let command = command.args(["--operator", &operator.key.to_string()]).arg("--metadata").arg(metadata);
    let document = command.run().await.document();
    assert_eq!(document["provider"], owner.provider().to_string());
    let account: Provider = net.rpc().state(&owner.provider(), Confirmed).await.unwrap().unwrap();
    assert_eq!((account.owner, account.operator), (owner.key, operator.key));
    assert_eq!(account.payout, token::associated(&owner.key, &net.config().await.payment_mint));
    assert_eq!((&account.region[..7], &account.resource_class[..4]), (&b"eu-west"[..], &b"idle"[..]));
    assert_eq!((account.commission_bps, account.metadata_hash), (250, Sha2::hashv(&[b"{}"])));
    assert_eq!(account.total_stake, 0);
}

async fn a_key_owns_one_provider() {
    let net = shared();
    let owner = registered(net).await;
    let before = net.purse(&owner.key).await;
    let again = provider(net, &owner, "register").args(["--region", "us-east", "--resource-class", "idle"]);
    again.run().await.refused(&format!("{} is registered already", owner.provider()));
    assert_eq!(net.purse(&owner.key).await, before);
}

async fn bad_terms_register_nothing() {
    let net = shared();
    let owner = net.person().await;
    let before = net.purse(&owner.key).await;
    let register = |args: &[&str]| provider(net, &owner, "register").args(args);
    let label = "is no label: 1 to 16 of a-z, 0-9 and `-`";
    for (args, message) in [
        (&["--region", "EU", "--resource-class", "idle"][..], format!("`EU` {label}")),
        (&["--region", "eu-west", "--resource-class", "seventeen-letters"], format!("`seventeen-letters` {label}")),
        (&["--region", "eu-west"], "--resource-class".to_owned()),
    ] {
        register(args).run().await.misused(&message);
    }
    register(&TERMS).args(["--commission-bps", "10001"]).run().await.misused("10001 is not in 0..=10000");
    register(&TERMS).args(["--metadata", "/nonexistent/about"]).run().await.refused("cannot read /nonexistent/about");
    let nobody = net.mira().args(["provider", "register"]).args(TERMS);
    nobody.run().await.refused("cannot read /nonexistent/.config/solana/id.json");
    let wrong = net.mira().arg("--keypair").arg(owner.file("wrong.json", b"[1,2]"));
    wrong.args(["provider", "register"]).args(TERMS).run().await.refused("it is no keypair");
    assert!(net.rpc().account(&owner.provider(), Confirmed).await.unwrap().is_none());
    assert_eq!(net.purse(&owner.key).await, before);
}

async fn a_payout_of_another_mint_is_refused() {
    let net = shared();
    let owner = net.person().await;
    let config = net.config().await;
    let before = net.purse(&owner.key).await;
    let register = |payout: String| provider(net, &owner, "register").args(TERMS).args(["--payout", &payout]);
    let staked = token::associated(&owner.key, &config.stake_mint);
    let message = format!("{staked} holds tokens of mint {}", config.stake_mint);
    register(staked.to_string()).run().await.refused(&message);
    let nowhere = net.stranger().key;
    register(nowhere.to_string()).run().await.refused(&format!("there is no account at {nowhere}"));
    assert!(net.rpc().account(&owner.provider(), Confirmed).await.unwrap().is_none());
    assert_eq!(net.purse(&owner.key).await, before);
}
