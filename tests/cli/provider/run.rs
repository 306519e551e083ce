//! `mira provider run`: from nothing to a provider that serves and is paid, each step a command.

use super::super::job::TEXT;
use super::super::network::{TOKEN, number, shared};
use super::super::process::until;
use super::{provider, registered};

/// A kind of machine that only the provider of this test has.
const CLASS: &str = "suite-run";
/// One owner may hold the whole escrow: there is only one.
const WORK: [&str; 6] = ["--resource-class", CLASS, "--max-share-bps", "10000", "--shards", "4"];

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_new_provider_serves_a_job_and_is_paid, what_cannot_serve_does_not_start]
}

async fn a_new_provider_serves_a_job_and_is_paid() {
    let net = shared();
    let (owner, requester) = (net.person().await, net.person().await);
    let register = provider(net, &owner, "register").args(["--region", "eu-west", "--resource-class", CLASS]);
    register.run().await.document();
    provider(net, &owner, "stake").arg("5000").run().await.document();
    let before = net.purse(&owner.key).await.payment;
    let run = provider(net, &owner, "run").args(["--price", "0.0015", "--slots", "2"]);
    let serving = run.arg("--folder").arg(owner.path("node")).serve();

    let input = requester.file("input.txt", TEXT);
    let job = |verb: &str| net.of(&requester).args(["job", verb]);
    let offered = async || {
        let quote = job("quote").args(WORK).arg("--input").arg(&input).run().await.document();
        (quote["data"]["feasible"] == true).then_some(quote)
    };
    let quote = until("the node makes its offer", offered).await;
    assert_eq!((&quote["data"]["candidates"], &quote["data"]["price_low"]), (&1.into(), &"1500".into()));

    let made = job("create").args(WORK).arg("--input").arg(&input).run().await.document();
    assert_eq!((&made["status"], &made["shards_done"]), (&"done".into(), &4.into()));
    let address = made["job"].as_str().unwrap();
    let shown = net.mira().args(["job", "show", address]).run().await.document();
    let shards = shown["shards"]["shards"].as_array().unwrap();
    assert!(shards.iter().all(|shard| shard["provider"] == owner.provider().to_string()), "{shown}");
    let closed = job("close").arg(address).run().await.document();
    let paid = number(&closed["paid"]);
    let earned = net.purse(&owner.key).await.payment - before;
    assert!(paid > 0 && earned > 0, "{closed}");
    assert!(paid - earned <= paid / 100 + 10, "a fee of 1 %, rounded up: {earned} of {paid}");
    serving.interrupt().await;

    let free = async || {
        let shown = provider(net, &owner, "show").run().await.document();
        (shown["data"]["open_leases"] == 0).then_some(shown)
    };
    let shown = until("the index shows the leases ended", free).await;
    assert_eq!((number(&shown["data"]["exposure"]), number(&shown["data"]["own_stake"])), (0, 5_000 * TOKEN));
}

async fn what_cannot_serve_does_not_start() {
    let net = shared();
    let (owner, stranger) = (registered(net).await, net.person().await);
    let folder = owner.path("node");
    let run = |price: &str| provider(net, &owner, "run").args(["--price", price]).arg("--folder").arg(&folder);
    run("0").run().await.refused("a price of 0 earns nothing");
    run("free").run().await.refused("`free` is not an amount; write a number such as 12 or 0.25");
    run("1").args(["--slots", "0"]).run().await.misused("0 is not in 1..=256");
    run("1").args(["--machine", "gpus=0.5"]).run().await.misused("a machine has whole GPUs");
    let wrong = run("1").arg("--operator-keypair").arg(stranger.keypair()).run().await;
    wrong.refused(&format!("provider {} is run by {}, not by {}", owner.provider(), owner.key, stranger.key));
    let missing = run("1").args(["--operator-keypair", "/nonexistent/hot.json"]).run().await;
    missing.refused("cannot read /nonexistent/hot.json");
    let nobody = provider(net, &stranger, "run").args(["--price", "1"]).arg("--folder").arg(&folder).run().await;
    nobody.refused(&format!("there is no provider at {}", stranger.provider()));
    assert!(!folder.exists());
}
