//! Transactions in flight.

use super::{Bench, sample};
use crate::Error;
use crate::model::{IntentChange, IntentState, Put, TxIntent};

fn intent(n: u32) -> TxIntent {
    TxIntent {
        id: sample::key(n),
        kind: "settle".into(),
        subject: sample::key(9),
        last_valid_block_height: 150,
        signatures: vec![[1; 64]],
        bytes: vec![1, 2],
        state: IntentState::Pending,
        error: String::new(),
        created_ms: 1,
        updated_ms: 1,
    }
}

pub async fn an_intent_is_stored_once(bench: &Bench) {
    let store = &bench.store;
    assert_eq!(store.put_intent(intent(1)).await.unwrap(), Put::Stored);
    assert_eq!(store.put_intent(TxIntent { bytes: vec![9], ..intent(1) }).await.unwrap(), Put::Duplicate);
    assert_eq!(store.put_intent(TxIntent { kind: "close".into(), ..intent(1) }).await.unwrap(), Put::Conflict);
    assert_eq!(store.intent(&sample::key(1)).await.unwrap(), Some(intent(1)));
    assert_eq!(store.intent(&sample::key(2)).await.unwrap(), None);
}

pub async fn only_the_newest_signature_is_changed(bench: &Bench) {
    let store = &bench.store;
    store.put_intent(intent(1)).await.unwrap();
    store.put_intent(intent(2)).await.unwrap();
    let id = sample::key(1);
    let resigned = IntentChange::Resigned { signature: [2; 64], bytes: vec![3], last_valid_block_height: 300 };
    assert!(store.change_intent(&id, &[1; 64], resigned.clone(), 5).await.unwrap());
    assert!(!store.change_intent(&id, &[1; 64], resigned, 6).await.unwrap());
    let stored = store.intent(&id).await.unwrap().unwrap();
    assert_eq!((stored.signatures, stored.bytes, stored.updated_ms), (vec![[1; 64], [2; 64]], vec![3], 5));

    let pending = IntentChange::Over { state: IntentState::Pending, error: String::new() };
    let error = store.change_intent(&id, &[2; 64], pending, 7).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    let failed = IntentChange::Over { state: IntentState::Failed, error: "CapZero".into() };
    assert!(store.change_intent(&id, &[2; 64], failed.clone(), 8).await.unwrap());
    assert!(!store.change_intent(&id, &[2; 64], failed, 9).await.unwrap());
    assert_eq!(store.pending_intents(None, 10).await.unwrap(), [intent(2)]);
    assert!(store.pending_intents(Some(sample::key(2)), 10).await.unwrap().is_empty());
}
