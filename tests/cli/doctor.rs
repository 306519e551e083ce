//! `mira doctor`: whether everything can be reached and agrees.

use super::network::shared;
use super::process::Mira;
use serde_json::Value;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: on_a_network_all_is_well, it_says_what_is_wrong, without_a_network_nothing_is_reached]
}

fn check<'a>(document: &'a Value, name: &str) -> &'a Value {
    let checks = document["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name} in {document}"))
}

async fn on_a_network_all_is_well() {
    let net = shared();
    let somebody = net.stranger();
    let document = net.of(&somebody).arg("doctor").run().await.document();
    assert_eq!(document["ok"], true);
    assert_eq!(check(&document, "keypair")["detail"], somebody.key.to_string());
    let mint = format!("payment mint {}", net.config().await.payment_mint);
    assert_eq!(check(&document, "network")["detail"], mint);
    assert_eq!(check(&document, "api")["detail"], "ready");
    assert!(check(&document, "cluster")["detail"].as_str().unwrap().starts_with("finalized slot "));
}

async fn it_says_what_is_wrong() {
    let net = shared();
    let somebody = net.stranger();
    for (args, broken) in [
        (["--keypair", "/nonexistent/id.json"], "keypair"),
        (["--api", "http://127.0.0.1:1"], "api"),
        (["--api", net.url("rpc_url")], "api"),
    ] {
        let command = net.mira().args(["--keypair".as_ref(), somebody.keypair().as_os_str()]).args(["doctor"]);
        let command = if broken == "keypair" { net.mira().arg("doctor") } else { command };
        let document = command.args(args).run().await.verdict();
        assert_eq!(document["ok"], false);
        for name in ["keypair", "cluster", "network", "api"] {
            assert_eq!(check(&document, name)["ok"], name != broken, "{document}");
        }
    }
}

async fn without_a_network_nothing_is_reached() {
    let folder = tempfile::tempdir().unwrap();
    let command = Mira::new().within(folder.path()).args(["--json", "--url", "http://127.0.0.1:1", "doctor"]);
    let document = command.run().await.verdict();
    for name in ["keypair", "cluster", "network", "api"] {
        assert_eq!(check(&document, name)["ok"], false, "{document}");
    }
    assert_eq!(check(&document, "api")["detail"], "the Mira API's URL is not known");
}
