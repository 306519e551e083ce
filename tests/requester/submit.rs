//! Bad submissions: each has its kind, and nothing is uploaded, sent or paid for it.

use bytes::Bytes;
use mira_chain::ix;
use mira_core::tier::Tier;
use mira_requester::Submission;
use mira_wire::spec::MAX_MODULE_BYTES;
use solana_sdk::signer::Signer;

use super::patron::{MODULE, PURSE, Patron, shards, submission};
use crate::dispatch::stage::Stage;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: bad_submissions_send_nothing]
}

/// Each rule broken, with the kind that names it.
fn bad(stage: &Stage) -> Vec<(Submission, &'static str)> {
    let good = || submission(500_000);
    let (cut, long) = (Bytes::from_static(&MODULE[..MODULE.len() - 1]), Bytes::from(vec![0; MAX_MODULE_BYTES + 1]));
    vec![
        (Submission { payment_mint: Some(stage.net.stake_mint), ..good() }, "wrong-mint"),
        (Submission { funding: PURSE + 1, ..good() }, "balance-too-low"),
        (Submission { funding: 0, ..good() }, "nothing-funded"),
        (Submission { funding: 19_999, ..good() }, "funding-too-small"),
        (Submission { deadline_secs: 0, ..good() }, "deadline-out-of-range"),
        (Submission { deadline_secs: 1_201, ..good() }, "deadline-out-of-range"),
        (Submission { tier: Tier::Training, ..good() }, "bad-spec"),
        (Submission { tier: Tier::Pipeline, ..good() }, "bad-spec"),
        (Submission { stages: vec![Bytes::from_static(MODULE)], ..good() }, "bad-spec"),
        (Submission { tier: Tier::Pipeline, stages: vec![cut.clone()], ..good() }, "bad-module"),
        (Submission { max_share_bps: 100, ..good() }, "funding-too-small"),
        (Submission { max_share_bps: 5_000, ..good() }, "spec-invalid"),
        (Submission { module: Bytes::from_static(b"\x7fELF"), ..good() }, "bad-module"),
        (Submission { module: cut, ..good() }, "bad-module"),
        (Submission { module: long, ..good() }, "bad-module"),
        (Submission { max_unit_price: 0, ..good() }, "price-zero"),
        (Submission { max_unit_price: u64::MAX, est_units_per_shard: u64::MAX, ..good() }, "price-too-high"),
        (Submission { max_share_bps: 0, ..good() }, "share-out-of-range"),
        (Submission { max_share_bps: 10_001, ..good() }, "share-out-of-range"),
        (Submission { max_leases: 0, ..good() }, "share-out-of-range"),
        (Submission { shards: Vec::new(), ..good() }, "bad-spec"),
        (Submission { shards: [shards(), vec![Bytes::new()]].concat(), ..good() }, "bad-spec"),
        (Submission { region: "EU West".to_owned(), ..good() }, "bad-spec"),
        (Submission { fuel_limit: 0, ..good() }, "bad-spec"),
    ]
}

async fn bad_submissions_send_nothing() {
    let stage = Stage::set([7; 32]).await;
    let (patron, poor) = (Patron::arrive(&stage, 40).await, Patron::with_lamports(&stage, 41, 19_999_999).await);
    let before = (patron.books(&stage).await, poor.books(&stage).await);
    let mut refused = bad(&stage).into_iter().map(|(submission, kind)| (&patron, submission, kind)).collect::<Vec<_>>();
    refused.push((&poor, submission(500_000), "lamports-too-low"));
    for (who, submission, kind) in refused {
        let mut step = |step| panic!("{kind}: {step:?}");
        let error = who.requester.submit(&submission, &mut step).await.expect_err(kind);
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().len() > 20, "{kind} says what to do: {error}");
        assert_eq!(who.requester.check(&submission).await.expect_err(kind).kind(), kind);
    }
    patron.requester.check(&submission(500_000)).await.expect("all the rest of it is good");
    let net = &stage.net;
    net.send(&[ix::set_pause(&net.admin.pubkey(), true)], &[&net.admin]).await.unwrap();
    let mut step = |step| panic!("paused: {step:?}");
    let error = patron.requester.submit(&submission(500_000), &mut step).await.expect_err("it is paused");
    assert_eq!(error.kind(), "network-paused", "{error}");
    assert_eq!((patron.books(&stage).await, poor.books(&stage).await), before);
    stage.stop().await;
}
