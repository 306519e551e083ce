//! `mira audit run`, on a real chain with nodes that lie.

use super::liars::Town;
use crate::cli::network::number;
use crate::cli::process::Mira;
use crate::dispatch::stage::provider;
use mira_core::Key;
use mira_core::amount::Payment;
use mira_indexer::audit::{Record, rate_ceil, takes};
use mira_indexer::epoch::{self, Inputs, Rate};
use mira_indexer::reconcile::{Class, State, look};
use mira_store::model::{JobFilter, JobRow, Order, PageRequest};
use mira_wire::clock;
use serde_json::Value;
use solana_sdk::pubkey::Pubkey;
use std::collections::{BTreeMap, BTreeSet};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: liars_are_found_and_the_honest_pass, bad_input_is_refused]
}

/// A seed that draws all of these shards of providers that nothing is known of.
fn drawing(shards: &[(Pubkey, u32)]) -> u64 {
    let all = |seed: &u64| {
        let rate = rate_ceil(Record::default());
        shards.iter().all(|(job, shard)| takes(*seed, &job.to_bytes(), *shard, rate))
    };
    let seed = (1..).find(all).unwrap();
    println!("seed {seed} draws {shards:?}");
    seed
}

fn key(value: &Value) -> Key {
    value.as_str().unwrap().parse::<Pubkey>().unwrap().to_bytes()
}

async fn liars_are_found_and_the_honest_pass() {
    let mut town = Town::found().await;
    // The first falsifies the shard with the dog; whoever is asked about the cow first, that one.
    let texts = ["the cat sat on the mat and", "the dog ate of the log and", "the cow ran to the sea and"];
    let job = town.work(&texts).await;
    let other = town.work(&["the owl flew over the hill and"]).await;
    let seed = drawing(&[(job, 0), (job, 1), (job, 2), (other, 0)]);
    let before = town.auditor.requester.balances().await.unwrap().payment;
    alone(&town, seed).await;
    assert_eq!(town.auditor.requester.balances().await.unwrap().payment, before, "nothing was sent");
    town.others_come().await;
    cut_off(&town, seed).await;
    let found = town.audit(seed).run().await.verdict();
    let liar = provider(town.perjurer()).to_bytes();
    verdicts(&found, job, other, liar);
    let runs = evidence(&town, job, liar).await;
    paid(&town, &runs, &found, before).await;

    // The books say so too, before and after the job's end.
    let own_lease = key(&runs[&1][0]["lease"]);
    let false_lease = key(&runs[&2][1]["lease"]);
    let now_ms = i64::try_from(clock::now_ms()).unwrap();
    let report = look(&*town.stage.store, now_ms).await.unwrap();
    let failed = report.items.iter().filter(|item| item.class == Class::AuditFailed);
    let failed: BTreeMap<Key, State> = failed.map(|item| (item.lease, item.state)).collect();
    assert_eq!(failed, BTreeMap::from([(own_lease, State::Exception), (false_lease, State::Closed)]));
    town.close(job).await;
    town.close(other).await;
    rewards(&town, [own_lease, false_lease]).await;

    // Nothing is audited twice, and what is known now is held against whose it is.
    let again = town.audit(seed).run().await.document();
    assert_eq!((again["audits"].as_array().unwrap().len(), number(&again["refunded"])), (0, 0));
    assert_eq!((&again["ok"], &again["results"]), (&true.into(), &4.into()));
    town.stop().await;
}

/// With nobody else there, nobody is asked, and the audit stays open.
async fn alone(town: &Town, seed: u64) {
    let found = town.audit(seed).args(["--limit", "1"]).run().await.document();
    let [audit] = found["audits"].as_array().unwrap().as_slice() else { panic!("{found:#}") };
    assert_eq!((&audit["state"], &found["drawn"]), (&"sampled".into(), &4.into()), "{found:#}");
    let waits = audit["waits"].as_str().unwrap();
    assert!(waits.starts_with("nobody else can run it now") && waits.contains("deny_list rejected 1"), "{waits}");
}

/// A run that ends before the answer has asked for it: the next run takes the answer and does not ask again.
async fn cut_off(town: &Town, seed: u64) {
    let hurried = ["--limit", "0", "--patience-secs", "0", "--closing-secs", "0"];
    let found = town.audit(seed).args(hurried).run().await.document();
    let [audit] = found["audits"].as_array().unwrap().as_slice() else { panic!("{found:#}") };
    assert_eq!((&audit["state"], &found["closed"]), (&"sampled".into(), &0.into()), "{found:#}");
    assert!(audit["waits"].as_str().unwrap().ends_with("has no result yet"), "{found:#}");
}

/// The dog's shard is the provider's lie, the cow's is the one of who was asked; all else passes.
fn verdicts(found: &Value, job: Pubkey, other: Pubkey, liar: Key) {
    assert_eq!((&found["ok"], &found["results"], &found["drawn"]), (&false.into(), &4.into(), &4.into()), "{found:#}");
    let states =
        serde_json::json!({ "sampled": 0, "mismatch": 0, "passed": 2, "failed": 1, "cleared": 1, "inconclusive": 0 });
    assert_eq!(found["states"], states, "{found:#}");
    let audits = found["audits"].as_array().unwrap();
    let of = |job: Pubkey, shard: u32| {
        let is = |audit: &&Value| audit["job"] == job.to_string() && audit["shard"] == shard;
        audits.iter().find(is).unwrap_or_else(|| panic!("no {shard} in {found:#}"))
    };
    let says = |audit: &Value, state: &str, wrong: Option<Key>| {
        assert_eq!(
            (&audit["state"], &audit["waits"], &audit["rate_bps"]),
            (&state.into(), &Value::Null, &5_000.into())
        );
        let named = audit["wrong_provider"].as_str().map(|text| text.parse::<Pubkey>().unwrap().to_bytes());
        assert_eq!(named, wrong, "{audit}");
    };
    says(of(job, 0), "passed", None);
    says(of(job, 1), "failed", Some(provider(0).to_bytes()));
    says(of(job, 2), "cleared", Some(liar));
    says(of(other, 0), "passed", None);
}

/// What the API shows of a job's audits: every run, by shard. Each is of another owner and another operator.
async fn evidence(town: &Town, job: Pubkey, liar: Key) -> BTreeMap<u64, Vec<Value>> {
    let shown = town.mira().args(["audit", "show", "--job", &job.to_string()]).run().await.document();
    let audits = shown["audits"].as_array().unwrap();
    let runs = |audit: &Value| (audit["shard"].as_u64().unwrap(), audit["runs"].as_array().unwrap().clone());
    let runs: BTreeMap<u64, Vec<Value>> = audits.iter().map(runs).collect();
    assert_eq!(runs.values().map(Vec::len).collect::<Vec<_>>(), [2, 3, 3]);
    for shard in runs.values() {
        for role in ["provider", "owner", "operator", "lease"] {
            let distinct: BTreeSet<&str> = shard.iter().map(|run| run[role].as_str().unwrap()).collect();
            assert_eq!(distinct.len(), shard.len(), "{role}: {shard:?}");
        }
    }
    assert_eq!(key(&runs[&2][1]["provider"]), liar);
    // The outputs themselves are there to be compared: a lie is one byte longer.
    let bytes = async |run: &Value| {
        let hash = run["output"].as_str().unwrap().parse().unwrap();
        town.stage.client.get_blob(hash).await.unwrap()
    };
    let (lie, truth) = (bytes(&runs[&1][0]).await, bytes(&runs[&1][1]).await);
    assert_eq!((&lie[..truth.len()], &lie[truth.len()..]), (&truth[..], &b"!"[..]));
    runs
}

/// Six audit jobs are closed: five answers are paid for, and the false one is not.
async fn paid(town: &Town, runs: &BTreeMap<u64, Vec<Value>>, found: &Value, before: u64) {
    assert_eq!((&found["closed"], &found["closing"]), (&6.into(), &0.into()), "{found:#}");
    for (shard, run) in runs.iter().flat_map(|(shard, runs)| runs[1..].iter().map(move |run| (*shard, run))) {
        town.closed(key(&run["job"])).await;
        let lease = town.stage.store.lease(&key(&run["lease"])).await.unwrap().unwrap();
        let false_one = shard == 2 && key(&run["provider"]) == provider(town.perjurer()).to_bytes();
        assert_eq!(lease.settled.is_zero(), false_one, "shard {shard}: {lease:?}");
    }
    let spent = before - town.auditor.requester.balances().await.unwrap().payment;
    let requester = Some(town.auditor.requester.address().to_bytes());
    let request = PageRequest { order: Order::default(), limit: 10 };
    let jobs = town.stage.store.jobs(&JobFilter { requester, ..JobFilter::default() }, request).await.unwrap().rows;
    let sum = |part: fn(&JobRow) -> Payment| jobs.iter().map(|row| part(row).get()).sum::<u64>();
    assert_eq!((jobs.len(), sum(|row| row.paid)), (6, spent));
    assert_eq!(sum(|row| row.funded), spent + number(&found["refunded"]));
    assert!(spent > 0);
}

/// The lease with the lie counts nothing, all others count, and the audits are observed.
async fn rewards(town: &Town, failed: [Key; 2]) {
    let store = &*town.stage.store;
    let read = async || -> Inputs { epoch::read(store, None, BTreeMap::new()).await.unwrap() };
    // An epoch counts what was decided until its block's time, and that of the newest block comes after.
    let known = async || {
        let rates = read().await.providers.into_values().filter_map(|input| input.observed.audits);
        rates.map(|rate| rate.of).sum::<u64>() == 5
    };
    town.stage.until("the audits are before the index's time", known).await;
    let inputs = read().await;
    assert!(inputs.leases.contains_key(&failed[0]), "it settled");
    for (lease, input) in &inputs.leases {
        assert!(!input.matched.is_zero(), "{input:?}");
        let eligible = if failed.contains(lease) { 0 } else { input.matched.get() };
        assert_eq!(input.eligible.get(), eligible, "{input:?}");
    }
    let rate = |id: u8| inputs.providers.get(&provider(id).to_bytes()).and_then(|input| input.observed.audits);
    assert_eq!(rate(0), Some(Rate { good: 3, of: 4 }));
    for id in [1, 2] {
        assert_eq!(rate(id), (town.perjurer() == id).then_some(Rate { good: 0, of: 1 }), "{id}");
    }
}

async fn bad_input_is_refused() {
    let audit = |args: &[&str]| Mira::new().args(["--json", "audit", "run"]).args(args);
    audit(&["--seed", "1"]).run().await.misused("--database <URL>");
    audit(&["--database", "sqlite:x"]).run().await.misused("--seed <SEED>");
    let large = audit(&["--database", "sqlite:x", "--seed", "9223372036854775808"]).run().await;
    large.misused("9223372036854775808 is not in");
    let nowhere = audit(&["--database", "sqlite:x", "--seed", "1", "--keypair", "/nonexistent/id.json"]).run().await;
    nowhere.refused("/nonexistent/id.json");
}
