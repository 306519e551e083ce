//! `mira epoch claim`: two epochs of a real run, each of which pays exactly what its bundle and straight
//! lines say.

use super::document;
use super::oracle::{self, Expected, Has, unhex};
use super::run::Run;
use crate::cli::network::number;
use libtest_mimic::Trial;
use mira_chain::pda;
use serde_json::{Value, json};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

pub fn trials() -> Vec<Trial> {
    trials![async: claims_pay_exactly_what_the_bundles_say]
}

/// Builds, verifies, approves and finalizes the next epoch, and holds it against the oracle.
async fn settle(run: &Run, name: &str, previous: Option<&str>, before: &Expected) -> Expected {
    run.indexed().await;
    let (_, file) = run.build(name, previous).await;
    let verify = run.epoch(&run.network.admin, "verify").arg(&file).args(["--database", &run.database()]);
    verify.run().await.document();
    let swept = run.rewards().await.swept;
    run.due().await;
    run.finalized(name).await;

    let (expected, last) = (oracle::epoch(&run.worked, swept, before), run.rewards().await.last);
    assert_eq!((last.root, last.report_hash), (expected.root, oracle::report_hash(&document(&file))));
    assert_eq!(last.cumulative_fees, expected.cumulative_fees);
    assert_eq!(last.cumulative_total, expected.cumulative_total);
    expected
}

/// What each provider's payout account holds.
async fn payouts(run: &Run, expected: &Expected) -> BTreeMap<Pubkey, u64> {
    let mut held = BTreeMap::new();
    for key in expected.has.keys() {
        let payout = run.provider(key).await.payout;
        let account = run.network.rpc.token_account(&payout, Confirmed).await.unwrap().unwrap();
        held.insert(*key, account.amount);
    }
    held
}

/// A stranger claims for all; everybody gets the difference to before, and nobody anything twice.
async fn claim(run: &Run, name: &str, before: &Expected, expected: &Expected) {
    let (held, state) = (payouts(run, expected).await, run.rewards().await);
    let claim = || run.epoch(&run.network.requester, "claim").arg(run.path(name));
    let printed = claim().run().await.document();
    let paid = |line: &Value| (line["provider"].as_str().unwrap().parse().unwrap(), number(&line["amount"]));
    let paid: BTreeMap<Pubkey, u64> = printed["claims"].as_array().unwrap().iter().map(paid).collect();
    let had = |key: &Pubkey| before.has.get(key).map_or(0, |has| has.lifetime);
    let due = |(key, has): (&Pubkey, &Has)| (*key, has.lifetime - had(key));
    let due: BTreeMap<Pubkey, u64> = expected.has.iter().map(due).filter(|(_, due)| *due > 0).collect();
    assert_eq!(paid, due);
    let after = payouts(run, expected).await;
    let mut out = 0;
    for (key, has) in &expected.has {
        // A commission of 5 % to the owner, the rest stays for the shares.
        let owner = due.get(key).map_or(0, |due| due * 5 / 100);
        assert_eq!((run.provider(key).await.claimed, after[key]), (has.lifetime, held[key] + owner), "{key}");
        out += owner;
    }
    let books = run.rewards().await;
    assert_eq!((books.claimed, books.paid_out), (expected.cumulative_total, state.paid_out + out));
    let vault = run.network.rpc.token_account(&pda::reward_vault(), Confirmed).await.unwrap().unwrap();
    assert_eq!(vault.amount, books.swept - books.paid_out - books.to_treasury);
    assert_eq!(claim().run().await.document()["claims"], json!([]), "everything was claimed");
}

async fn claims_pay_exactly_what_the_bundles_say() {
    let mut run = Run::worked(38).await;
    let nothing = Expected::default();
    let first = settle(&run, "1.json", None, &nothing).await;
    assert_eq!(first.has.values().filter(|has| has.lifetime > 0).count(), 2, "one provider reported nothing");
    claim(&run, "1.json", &nothing, &first).await;
    let idle = first.has.iter().find(|(_, has)| has.lifetime == 0).unwrap().0;
    let refused = run.epoch(&run.network.requester, "claim").arg(run.path("1.json"));
    let message = format!("the bundle holds nothing for provider {idle}");
    refused.args(["--provider", &idle.to_string()]).run().await.refused(&message);

    // The third provider reports after all, another lease settles, of which the fees are not swept.
    let late = run.worked[2].lease;
    run.report(late, 1, 10_000, 1).await;
    run.worked[2].reported = 20_000;
    let job = run.network.job(2).await;
    run.work(job, 0, (40_000, Some(40_000))).await;
    let second = settle(&run, "2.json", Some("1.json"), &first).await;
    assert!(second.has[&run.worked[4].provider].fees < 1_200 + first.has[&run.worked[4].provider].fees);
    let old = run.epoch(&run.network.requester, "claim").arg(run.path("1.json"));
    old.run().await.refused("the bundle is not the last final epoch's, which is epoch 2");
    claim(&run, "2.json", &first, &second).await;

    // Swept, the rest counts in the third.
    run.sweep(&[run.worked[4].lease]).await;
    let third = settle(&run, "3.json", Some("2.json"), &second).await;
    claim(&run, "3.json", &second, &third).await;
    let counted: u64 = third.has.values().map(|has| has.fees).sum();
    let of = |bundle: &Value| number(&bundle["epoch"]["cumulative_fees"]);
    assert_eq!((counted, of(&document(&run.path("3.json")))), (third.cumulative_fees, third.cumulative_fees));
    assert_eq!(unhex(document(&run.path("3.json"))["epoch"]["root"].as_str().unwrap()), third.root);
    run.stop().await;
}
