//! Slots and events.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::{Claim, DeadLetter, Gap, SLOTS, SlotCommit};

pub async fn a_commit_is_all_or_nothing(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let events = vec![sample::event(11, 1), sample::event(11, 2)];
    let first = SlotCommit { events, ..commit(&claim, 11, vec![sample::job(1).into()]) };
    bench.store.commit_slot(first.clone()).await.unwrap();

    // The same event cannot come twice, not even in another slot; and nothing else of that commit stays.
    let claim = Claim { at: Some(11), ..claim };
    let mut again = sample::event(12, 2);
    again.ord.signature = first.events[0].ord.signature;
    let second =
        SlotCommit { events: vec![sample::event(12, 3), again], ..commit(&claim, 12, vec![sample::job(2).into()]) };
    let error = bench.store.commit_slot(second).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { table: "raw_event" }), "{error}");
    assert_eq!(bench.store.event_count().await.unwrap(), 2);
    assert_eq!(bench.store.job(&sample::key(2)).await.unwrap(), None);
    assert_eq!(bench.store.cursor("test").await.unwrap().unwrap().slot, Some(11));
    assert_eq!(bench.store.chain_slot(11).await.unwrap(), Some(sample::chain_slot(11)));
    assert_eq!(bench.store.chain_slot(12).await.unwrap(), None);
}

pub async fn malformed_commits_are_refused(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let good = commit(&claim, 12, Vec::new());
    let slots = |slots: [u64; 2]| slots.map(sample::chain_slot).to_vec();
    let bad = [
        SlotCommit { slot: 10, ..good.clone() },
        SlotCommit { slots: slots([12, 11]), ..good.clone() },
        SlotCommit { slots: slots([11, 13]), ..good.clone() },
        SlotCommit { slots: slots([10, 12]), ..good.clone() },
        SlotCommit { events: vec![sample::event(13, 1)], ..good.clone() },
        SlotCommit { writes: vec![sample::job(1).into(), sample::job(1).into()], ..good.clone() },
    ];
    for commit in bad {
        let error = bench.store.commit_slot(commit).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error}");
    }
    bench.store.commit_slot(good).await.unwrap();
}

pub async fn events_page_both_ways(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let mut events: Vec<_> = (0..400).rev().map(|n| sample::event(11 + u64::from(n % 3), n)).collect();
    let all = SlotCommit { events: events.clone(), ..commit(&claim, 13, Vec::new()) };
    bench.store.commit_slot(all).await.unwrap();
    events.sort_by_key(|event| event.ord);

    let store = &bench.store;
    assert_eq!(store.events_after(None, None, 1_000).await.unwrap(), events);
    let half = store.events_after(Some(events[199].ord), None, 1_000).await.unwrap();
    assert_eq!(half, events[200..]);
    let early = store.events_after(None, Some(12), 1_000).await.unwrap();
    assert_eq!(early, events.iter().filter(|event| event.ord.slot <= 12).cloned().collect::<Vec<_>>());
    assert_eq!(store.events_after(None, None, 0).await.unwrap().len(), 1);

    let newest = store.events_before(None, 3).await.unwrap();
    assert_eq!(newest, [&events[399], &events[398], &events[397]].map(Clone::clone));
    assert_eq!(store.events_before(Some(events[1].ord), 9).await.unwrap(), events[..1]);
    assert_eq!(store.last_ord().await.unwrap(), Some(events[399].ord));

    let one = &events[77];
    assert_eq!(store.event(one.ord.id()).await.unwrap().as_ref(), Some(one));
    assert_eq!(store.events_of(&one.ord.signature).await.unwrap(), std::slice::from_ref(one));
    assert_eq!(store.event(sample::ord(0, 9_999).id()).await.unwrap(), None);
}

pub async fn slots_page_upwards(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let slots: Vec<_> = [12, 13, 20].map(sample::chain_slot).to_vec();
    bench.store.commit_slot(SlotCommit { slots: slots.clone(), ..commit(&claim, 20, Vec::new()) }).await.unwrap();
    let first = bench.store.chain_slots(None, 2).await.unwrap();
    assert_eq!(first, [sample::chain_slot(10), slots[0].clone()]);
    assert_eq!(bench.store.chain_slots(Some(12), 10).await.unwrap(), slots[1..]);
    assert!(bench.store.chain_slots(Some(20), 10).await.unwrap().is_empty());
}

pub async fn gaps_and_dead_letters(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let gap = Gap { subject: SLOTS.to_vec(), first: 3, last: 5, reason: "pruned".into(), found_ms: 1 };
    bench.store.record_gap(&claim, gap.clone()).await.unwrap();
    bench.store.record_gap(&claim, Gap { found_ms: 2, ..gap.clone() }).await.unwrap();
    assert_eq!(bench.store.gaps().await.unwrap(), std::slice::from_ref(&gap));
    // Nobody else's to note or to forget.
    let stale = Claim { fence: claim.fence - 1, ..claim.clone() };
    let other = bench.store.record_gap(&stale, Gap { first: 9, ..gap.clone() }).await.unwrap_err();
    let closed = bench.store.close_gap(&stale, SLOTS, 3).await.unwrap_err();
    assert!(matches!((&other, &closed), (Error::StaleFence { .. }, Error::StaleFence { .. })), "{other}, {closed}");
    assert_eq!(bench.store.gaps().await.unwrap(), [gap]);
    assert!(bench.store.close_gap(&claim, SLOTS, 3).await.unwrap());
    assert!(!bench.store.close_gap(&claim, SLOTS, 3).await.unwrap());
    assert!(bench.store.gaps().await.unwrap().is_empty());

    let signature = sample::ord(0, 4).signature;
    let letter = DeadLetter { signature, slot: 11, reason: "unreadable".into(), bytes: vec![0; 3], recorded_ms: 5 };
    let dead_letters = vec![letter.clone()];
    bench.store.commit_slot(SlotCommit { dead_letters, ..commit(&claim, 11, Vec::new()) }).await.unwrap();
    assert_eq!(bench.store.dead_letters(None, 10).await.unwrap(), [letter]);
    assert_eq!(bench.store.dead_letter_count().await.unwrap(), 1);
    assert!(bench.store.dead_letters(Some(signature), 10).await.unwrap().is_empty());
}

pub async fn everything_survives_reopening(bench: &Bench) {
    bench.with(sample::world()).await;
    let before = bench.store.state_digest(crate::model::Set::Live, "test").await.unwrap();
    let other = bench.scratch.open().await.unwrap();
    assert_eq!(other.state_digest(crate::model::Set::Live, "test").await.unwrap(), before);
    assert_eq!(before.cursor, Some(10));
    other.ping().await.unwrap();
    other.close().await;
    assert!(other.ping().await.is_err());
}

pub async fn numbers_beyond_the_column_are_refused(bench: &Bench) {
    let claim = bench.with(Vec::new()).await;
    let error = bench.store.commit_slot(commit(&claim, u64::MAX, Vec::new())).await.unwrap_err();
    assert!(matches!(error, Error::OutOfRange { value: u64::MAX }), "{error}");
    let error = bench.store.chain_slot(1 << 63).await.unwrap_err();
    assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
}
