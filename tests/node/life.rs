//! A node's ordinary life: offer, lease, work, report, voucher, settlement, drain.

use libtest_mimic::Trial;
use mira_wire::KeyStr;
use token_index::Index;

use super::support::{MODULE, Stage, ended};

pub fn trials() -> Vec<Trial> {
    trials![async: from_the_offer_to_the_money, a_wrong_key_does_not_start, a_module_that_traps_is_told, an_api_that_comes_back]
}

async fn from_the_offer_to_the_money() {
    let stage = Stage::set(11).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    let text = b"in the beginning was the word and the word was with the rest of it ".repeat(20);
    let inputs: Vec<&[u8]> = token_index::split(&text, 5).unwrap().into_iter().map(|range| &text[range]).collect();
    stage.shards(lease, &inputs);
    stage
        .until("all shards accepted and reported", |script| {
            let units = script.accepted_units(KeyStr(lease));
            script.accepted.len() == 5 && script.usage.last().is_some_and(|usage| usage.cumulative_units.get() == units)
        })
        .await;

    let mut merged = Index::default();
    for output in stage.script.look(super::support::Script::outputs) {
        merged.merge(&Index::decode(&output).unwrap()).unwrap();
    }
    assert_eq!(merged, Index::of(&text));
    let usage = stage.script.look(|script| script.usage.clone());
    for (report, seq) in usage.iter().zip(1..) {
        assert_eq!(report.seq.get(), seq, "no gap");
        assert!(stage.town.usage_verifies(report));
    }
    assert_eq!(usage.last().unwrap().items, 5);

    let amount = stage.vouch(lease);
    assert!(amount > 0);
    node.drain();
    ended(node).await.unwrap();
    let account = stage.town.lease(&lease).await.unwrap();
    assert_eq!(account.settled, amount, "a drain cashes what is vouched");
    assert_eq!(stage.town.job_account().await.paid, amount);
    stage.close().await;
}

async fn a_wrong_key_does_not_start() {
    let stage = Stage::set(12).await;
    let mut config = stage.config();
    config.operator = std::sync::Arc::new(solana_sdk::signature::Keypair::new());
    let error = stage.try_spawn(config).await.unwrap_err();
    assert!(matches!(error, mira_node::NodeError::WrongOperator { .. }), "{error}");
    let mut config = stage.config();
    config.provider = stage.town.job;
    assert!(stage.try_spawn(config).await.is_err());
    let mut config = stage.config();
    config.region = "EU West".into();
    assert!(matches!(stage.try_spawn(config).await, Err(mira_node::NodeError::Config { name: "region", .. })));
    stage.close().await;
}

async fn a_module_that_traps_is_told() {
    let stage = Stage::set(13).await;
    let node = stage.spawn().await;
    let lease = stage.lease(1_000_000_000).await;
    let job = KeyStr(stage.town.job.to_bytes());
    // Cut short, the module is no module any more.
    stage.script.edit(|script| script.queue(job, KeyStr(lease), &MODULE[..1000], &[b"some input"]));
    stage.until("the failure", |script| script.results.len() == 1).await;
    let outcome = stage.script.look(|script| script.results[0].outcome.clone());
    let mira_wire::node::Outcome::Error { fault, message } = outcome else { panic!("{outcome:?}") };
    assert_eq!(fault, mira_wire::node::Fault::Module);
    assert!(message.starts_with("malformed: "), "{message}");
    // And the node goes on.
    stage.shards(lease, &[b"good input"]);
    stage.until("the next shard", |script| script.accepted.len() == 1).await;
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}

async fn an_api_that_comes_back() {
    let stage = Stage::set(14).await;
    stage.script.edit(|script| script.down = true);
    let node = stage.spawn().await;
    stage.until("it finds nobody", |script| script.hang_ups >= 2).await;
    stage.script.edit(|script| script.down = false);
    let lease = stage.lease(1_000_000_000).await;
    let before = stage.script.look(|script| script.hang_ups);
    stage.script.edit(|script| script.down = true);
    stage.until("it loses everybody", |script| script.hang_ups >= before + 2).await;
    stage.script.edit(|script| script.down = false);
    stage.shards(lease, &[b"after the pause"]);
    stage.until("work goes on", |script| script.accepted.len() == 1 && script.usage.len() == 1).await;
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}
