//! `mira provider show`.

use super::super::network::{TOKEN, number, shared};
use super::super::process::until;
use super::{provider, registered};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_provider_is_shown_when_it_is_final, there_must_be_a_provider]
}

async fn a_provider_is_shown_when_it_is_final() {
    let net = shared();
    let owner = registered(net).await;
    provider(net, &owner, "stake").arg("1000").run().await.document();
    let staked = async || {
        let shown = provider(net, &owner, "show").run().await;
        let document = shown.is_ok().then(|| shown.document())?;
        (number(&document["data"]["total_stake"]) > 0).then_some(document)
    };
    let document = until("the index shows the stake", staked).await;
    let data = &document["data"];
    assert_eq!(data["provider"], owner.provider().to_string());
    assert_eq!((&data["region"], &data["resource_class"]), (&"eu-west".into(), &"idle".into()));
    assert_eq!((number(&data["own_stake"]), &data["status"]), (1_000 * TOKEN, &"active".into()));

    let by_address = net.mira().args(["provider", "show", &owner.provider().to_string()]).run().await.document();
    assert_eq!(&by_address["data"], data, "the address needs no keypair");
}

async fn there_must_be_a_provider() {
    let net = shared();
    let nobody = net.stranger();
    provider(net, &nobody, "show").run().await.refused("There is no such provider as far as the index has seen");
    net.mira().args(["provider", "show", "nobody"]).run().await.misused("`nobody` is not an address");
    let no_key = net.mira().args(["provider", "show"]).run().await;
    no_key.refused("cannot read /nonexistent/.config/solana/id.json");
    let no_api = provider(net, &nobody, "show").args(["--api", "http://127.0.0.1:1"]).run().await;
    no_api.refused("no answer from the API, check that it runs and that its address is right");
    let no_url = provider(net, &nobody, "show").args(["--api", "ftp://127.0.0.1"]).run().await;
    no_url.refused("is not the address of an API");
}
