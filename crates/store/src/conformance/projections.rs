//! Writing and reading single rows.

use super::{Bench, commit, sample};
use crate::Error;
use crate::model::{JobRow, Projection, ProjectionKey, ProjectionTable, Set, state_hash};

pub async fn rows_come_back(bench: &Bench) {
    let store = &bench.store;
    assert_eq!(store.network().await.unwrap(), None);
    bench.with(sample::world()).await;
    assert_eq!(store.network().await.unwrap(), Some(sample::network()));
    assert_eq!(store.rewards().await.unwrap(), Some(sample::rewards()));
    let shards = store.fee_shards().await.unwrap();
    assert_eq!(shards, (0..16).map(sample::fee_shard).collect::<Vec<_>>());
    for n in 0..4 {
        assert_eq!(store.provider(&sample::key(n)).await.unwrap(), Some(sample::provider(n)));
        assert_eq!(store.job(&sample::key(n)).await.unwrap(), Some(sample::job(n)));
        assert_eq!(store.lease(&sample::key(n)).await.unwrap(), Some(sample::lease(n, n % 3)));
        let position = store.stake_position(&sample::key(n % 4), &sample::key(n)).await.unwrap();
        assert_eq!(position, Some(sample::position(n % 4, n)));
        assert_eq!(store.dispute(&sample::key(n)).await.unwrap(), Some(sample::dispute(n)));
        assert_eq!(store.epoch(u64::from(254 + n)).await.unwrap(), Some(sample::epoch(254 + n)));
    }
    assert_eq!(store.dispute(&sample::key(99)).await.unwrap(), None);
    assert_eq!(store.epoch(1).await.unwrap(), None);
    assert_eq!(store.provider(&sample::key(99)).await.unwrap(), None);
    assert_eq!(store.stake_position(&sample::key(0), &sample::key(1)).await.unwrap(), None);
}

pub async fn a_row_must_advance(bench: &Bench) {
    let claim = bench.with(vec![sample::job(1).into(), sample::job(2).into()]).await;
    let newer = JobRow { seq: 4, leases_total: 77, ..sample::job(1) };
    for stale in [sample::job(2), JobRow { seq: 0, ..sample::job(2) }] {
        let offered = stale.seq;
        let writes = vec![newer.clone().into(), stale.into(), sample::job(3).into()];
        let error = bench.store.commit_slot(commit(&claim, 11, writes)).await.unwrap_err();
        let Error::SeqGap { table: "job", key, offered: found, stored: Some(1) } = &error else { panic!("{error}") };
        assert!(key.starts_with("00000002aa") && *found == offered, "{error}");
        assert_eq!(bench.store.job(&sample::key(1)).await.unwrap(), Some(sample::job(1)));
    }
    bench.store.commit_slot(commit(&claim, 11, vec![newer.clone().into()])).await.unwrap();
    assert_eq!(bench.store.job(&sample::key(1)).await.unwrap(), Some(newer));
}

pub async fn many_keys_load_at_once(bench: &Bench) {
    let rows: Vec<Projection> = (0..700).map(|n| sample::position(n % 7, n).into()).collect();
    bench.with(rows.clone()).await;
    let mut keys: Vec<_> = rows.iter().map(Projection::key).collect();
    keys.push(ProjectionKey::Job { job: sample::key(1) });
    let mut loaded = bench.store.load(Set::Live, &keys).await.unwrap();
    loaded.sort_by_key(Projection::key);
    let mut expected = rows;
    expected.sort_by_key(Projection::key);
    assert_eq!(loaded, expected);
    assert!(bench.store.load(Set::Shadow, &keys).await.unwrap().is_empty());
    assert!(bench.store.load(Set::Live, &[]).await.unwrap().is_empty());

    let table = ProjectionTable::StakePosition;
    let rest = bench.store.scan(Set::Live, table, Some(expected[498].key()), 1_000).await.unwrap();
    assert_eq!(rest, expected[499..]);
    let wrong = Some(ProjectionKey::Job { job: sample::key(1) });
    let error = bench.store.scan(Set::Live, table, wrong, 1).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
}

pub async fn the_digest_is_the_pure_hash(bench: &Bench) {
    let empty = bench.store.state_digest(Set::Live, "test").await.unwrap();
    assert_eq!((empty.hash, empty.rows, empty.last, empty.cursor), (state_hash([]), 0, None, None));
    let mut rows = sample::world();
    rows.extend((100..2_100).map(|n| Projection::from(sample::job(n))));
    bench.with(rows.clone()).await;
    let digest = bench.store.state_digest(Set::Live, "test").await.unwrap();
    assert_eq!(digest.hash, state_hash(&rows));
    assert_eq!(digest.rows, rows.len() as u64);
    assert_eq!(digest.last, rows.iter().map(Projection::ord).max());
    assert_eq!(bench.store.state_digest(Set::Shadow, "test").await.unwrap().hash, state_hash([]));
}

pub async fn a_key_may_be_a_number(bench: &Bench) {
    let store = &bench.store;
    let epochs: Vec<_> = [1, 2, 255, 256, 65_536].map(sample::epoch).to_vec();
    let claim = bench.with(epochs.iter().cloned().map(Projection::from).collect()).await;
    let table = ProjectionTable::Epoch;
    let rest = store.scan(Set::Live, table, Some(ProjectionKey::Epoch { number: 2 }), 10).await.unwrap();
    assert_eq!(rest, epochs[2..].iter().cloned().map(Projection::from).collect::<Vec<_>>());
    let keys = [256, 1].map(|number| ProjectionKey::Epoch { number });
    assert_eq!(store.load(Set::Live, &keys).await.unwrap().len(), 2);
    let stale = commit(&claim, 11, vec![epochs[3].clone().into()]);
    let error = store.commit_slot(stale).await.unwrap_err();
    let Error::SeqGap { table: "epoch", key, offered: 4, stored: Some(4) } = &error else { panic!("{error}") };
    assert_eq!(key, "256");
    let newest = store.epochs(None, 2).await.unwrap();
    assert_eq!((newest.rows, newest.more), (vec![epochs[4].clone(), epochs[3].clone()], true));
    let oldest = store.epochs(Some(255), 2).await.unwrap();
    assert_eq!((oldest.rows, oldest.more), (vec![epochs[1].clone(), epochs[0].clone()], false));
}
