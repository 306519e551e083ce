//! `mira faucet`: tokens of a local network.

use super::network::{GIVEN, Purse, TOKEN, shared};
use super::process::Mira;
use mira_core::Key;
use std::os::unix::fs::PermissionsExt;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_missing_keypair_is_made_and_gets_tokens, another_address_gets_what_is_asked_for, bad_amounts_give_nothing, only_a_local_network_has_one]
}

async fn a_missing_keypair_is_made_and_gets_tokens() {
    let net = shared();
    let path = net.stranger().path("new.json");
    let faucet = || net.mira().arg("--keypair").arg(&path).arg("faucet");
    let document = faucet().run().await.document();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes: Vec<u8> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let key: Key = bytes[32..].try_into().unwrap();
    assert_eq!(document["to"], solana_sdk::pubkey::Pubkey::new_from_array(key).to_string());
    assert_eq!((&document["stake"], &document["payment"]), (&"10000000000".into(), &"10000000000".into()));
    let once = Purse { lamports: 10_000_000_000, stake: GIVEN, payment: GIVEN };
    assert_eq!(net.purse(&key.into()).await, once);

    faucet().run().await.document();
    let twice = Purse { lamports: 20_000_000_000, stake: 2 * GIVEN, payment: 2 * GIVEN };
    assert_eq!(net.purse(&key.into()).await, twice, "the same file again");
}

async fn another_address_gets_what_is_asked_for() {
    let net = shared();
    let somebody = net.stranger();
    let to = somebody.key.to_string();
    let asked = net.mira().args(["faucet", &to, "--sol", "0", "--stake", "0", "--payment", "1.25"]);
    let document = asked.run().await.document();
    assert_eq!((&document["to"], &document["payment"]), (&to.as_str().into(), &"1250000".into()));
    assert_eq!(net.purse(&somebody.key).await, Purse { lamports: 0, stake: 0, payment: TOKEN + TOKEN / 4 });

    let raw = net.mira().args(["--raw", "faucet", &to, "--sol", "0", "--stake", "3", "--payment", "0"]);
    raw.run().await.document();
    assert_eq!(net.purse(&somebody.key).await.stake, 3, "base units");
}

async fn bad_amounts_give_nothing() {
    let net = shared();
    let somebody = net.stranger();
    let faucet = |args: [&str; 2]| net.of(&somebody).arg("faucet").args(args);
    for (args, message) in [
        (["--stake", "ten"], "`ten` is not an amount; write a number such as 12 or 0.25"),
        (["--payment", "1e3"], "`1e3` is not an amount; write a number such as 12 or 0.25"),
        (["--payment", "0.0000001"], "`0.0000001` has more than 6 decimals, which this mint cannot hold"),
        (["--stake", "18446744073710"], "`18446744073710` is more than an account can hold"),
    ] {
        faucet(args).run().await.refused(message);
    }
    let nothing = faucet(["--sol", "0"]).args(["--stake", "0", "--payment", "0"]);
    nothing.run().await.refused("nothing to hand out");
    faucet(["--sol", "1001"]).run().await.misused("1001 is not in 0..=1000");
    faucet(["--sol", "1"]).arg("nobody").run().await.misused("`nobody` is not an address: 32 bytes in base58");
    assert_eq!(net.purse(&somebody.key).await, Purse { lamports: 0, stake: 0, payment: 0 });
}

async fn only_a_local_network_has_one() {
    let net = shared();
    let somebody = net.stranger();
    let text = std::fs::read_to_string(&net.file).unwrap();
    let public: Vec<&str> = text.lines().filter(|line| !line.starts_with("faucet_keypair")).collect();
    let public = somebody.file("public.toml", public.join("\n").as_bytes());
    let faucet = |file| Mira::new().arg("--network").arg(file).arg("--keypair").arg(somebody.keypair()).arg("faucet");
    faucet(&public).run().await.refused("this network has no faucet");
    let missing = somebody.path("missing.toml");
    faucet(&missing).run().await.refused("`mira up` writes such a file; name it with --network FILE");
    let wrong = somebody.file("wrong.toml", b"rpc = 1");
    faucet(&wrong).run().await.refused("is not what it should be");
    let here = Mira::new().within(missing.parent().unwrap()).arg("faucet");
    here.run().await.refused("the network is not known");
}
