//! Reconciliation runs.

use mira_core::amount::Payment;

use super::{Bench, sample};
use crate::Error;
use crate::model::{ReconClass, ReconItem, ReconOwner, ReconRun, ReconState};

fn run(run: u64) -> ReconRun {
    ReconRun {
        run,
        at_ms: -1,
        slot: (run > 1).then_some(run),
        leases: 9,
        matched_leases: 7,
        matched: u128::MAX,
        eligible: 1 << 64,
        eligible_fees: 0,
        items: 2,
    }
}

fn item(run: u64, lease: u32, class: ReconClass) -> ReconItem {
    let (owner, state) = (ReconOwner::Provider, ReconState::Exception);
    let (amount, target) = (Payment::MAX, Payment::new(256));
    ReconItem { run, lease: sample::key(lease), class, owner, state, amount, target, since_ms: 7 }
}

pub async fn runs_follow_each_other(bench: &Bench) {
    let store = &bench.store;
    assert_eq!(store.last_recon().await.unwrap(), None);
    for wrong in [0, 2] {
        let error = store.put_recon(run(wrong), Vec::new()).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid(why) if why.contains("expected 1")), "{error}");
    }
    store.put_recon(run(1), Vec::new()).await.unwrap();
    let error = store.put_recon(run(1), Vec::new()).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(why) if why.contains("run it again")), "{error}");

    // An item twice, or one of another run, takes its run with it.
    let twice = vec![item(2, 1, ReconClass::Replayed); 2];
    let error = store.put_recon(run(2), twice).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "recon_item" }), "{error}");
    let error = store.put_recon(run(2), vec![item(1, 1, ReconClass::Replayed)]).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    assert_eq!(store.last_recon().await.unwrap(), Some(run(1)));
    assert!(store.recon_items_of(&sample::key(1), 10).await.unwrap().is_empty());

    store.put_recon(run(2), Vec::new()).await.unwrap();
    store.put_recon(run(3), Vec::new()).await.unwrap();
    let page = store.recon_runs(None, 2).await.unwrap();
    assert_eq!((page.rows, page.more), (vec![run(3), run(2)], true));
    let page = store.recon_runs(Some(2), 2).await.unwrap();
    assert_eq!((page.rows, page.more), (vec![run(1)], false));
}

pub async fn items_page_by_run_and_by_lease(bench: &Bench) {
    let store = &bench.store;
    let (owed, replayed) = (ReconClass::Unvouchered, ReconClass::Replayed);
    let first = [item(1, 1, owed), item(1, 1, replayed), item(1, 2, owed), item(1, 300, replayed)];
    store.put_recon(run(1), first.iter().rev().cloned().collect()).await.unwrap();
    store.put_recon(run(2), vec![item(2, 1, replayed)]).await.unwrap();

    let page = store.recon_items(1, None, None, 3).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.more), (&first[..3], true));
    let page = store.recon_items(1, None, Some((sample::key(1), owed)), 10).await.unwrap();
    assert_eq!((page.rows.as_slice(), page.more), (&first[1..], false));
    let of_class = store.recon_items(1, Some(replayed), None, 10).await.unwrap().rows;
    assert_eq!(of_class, [first[1].clone(), first[3].clone()]);
    assert!(store.recon_items(3, None, None, 10).await.unwrap().rows.is_empty());

    let mut among = store.recon_items_among(1, &[2, 300, 4].map(sample::key)).await.unwrap();
    among.sort_by_key(|item| item.lease);
    assert_eq!(among, first[2..]);
    let of_lease = store.recon_items_of(&sample::key(1), 2).await.unwrap();
    assert_eq!(of_lease, [item(2, 1, replayed), item(1, 1, owed)]);

    assert_eq!(store.forget_recon(9).await.unwrap(), 1);
    assert_eq!(store.last_recon().await.unwrap(), Some(run(2)));
    assert_eq!(store.recon_items_of(&sample::key(1), 9).await.unwrap(), [item(2, 1, replayed)]);
    assert!(store.recon_items(1, None, None, 10).await.unwrap().rows.is_empty());
}
