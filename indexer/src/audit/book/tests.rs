//! Audits kept in a real SQLite file, from the draw to the verdict.

use super::*;
use mira_core::amount::Units;
use std::sync::Arc;

fn ran(party: u8, output: u8) -> Ran {
    let [provider, owner, operator] = [50, 100, 150].map(|role| [role + party; 32]);
    Ran { lease: [party; 32], provider, owner, operator, output: [output; 32], units: Units::new(5) }
}

async fn store(folder: &std::path::Path) -> Arc<dyn Store> {
    mira_store::open(&format!("sqlite:{}", folder.join("mira.sqlite").display())).await.unwrap()
}

/// Samples a shard of the first party and lets others run it; gives the audit's end.
async fn audited(book: &Book<'_>, shard: u32, others: &[(u8, u8)]) -> AuditRow {
    let accepted = Accepted { job: [9; 32], shard, ran: ran(1, 7) };
    let mut audit = book.sample(&accepted, 10).await.unwrap().expect("new");
    for (party, output) in others {
        audit = book.ask(&audit, Some([200; 32])).await.unwrap();
        audit = book.take(&audit, &ran(*party, *output), 20).await.unwrap();
    }
    audit
}

#[tokio::test]
async fn what_is_drawn_is_decided_once_and_becomes_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path()).await;
    let book = Book::open(&*store, 3).await.unwrap();
    assert_eq!(book.rate(&[51; 32]).get(), 5_000);
    let passed = audited(&book, 0, &[(2, 7)]).await;
    assert_eq!((passed.state, passed.decided_ms, passed.wrong_provider), (AuditState::Passed, Some(20), None));
    assert_eq!((passed.seed, passed.rate.get(), passed.asked), (3, 5_000, None));
    let failed = audited(&book, 1, &[(2, 8), (3, 8)]).await;
    assert_eq!((failed.state, failed.wrong_lease), (AuditState::Failed, Some([1; 32])));
    let cleared = audited(&book, 2, &[(2, 8), (3, 7)]).await;
    assert_eq!((cleared.state, cleared.wrong_provider), (AuditState::Cleared, Some([52; 32])));
    let open = audited(&book, 3, &[(2, 8)]).await;
    assert_eq!((open.state, open.decided_ms), (AuditState::Mismatch, None));
    assert_eq!(book.excluded(&open).await.unwrap(), [101, 151, 102, 152].map(|key: u8| [key; 32]));
    assert_eq!(book.open_audits().await.unwrap(), std::slice::from_ref(&open));
    let accepted = Accepted { job: [9; 32], shard: 3, ran: ran(1, 7) };
    assert_eq!(book.sample(&accepted, 30).await.unwrap(), None, "a shard is sampled once");
    let given_up = book.give_up(&open, 40).await.unwrap();
    assert_eq!((given_up.state, given_up.wrong_lease), (AuditState::Inconclusive, None));
    assert!(book.take(&given_up, &ran(3, 7), 50).await.is_err(), "nobody was asked");
    assert!(book.ask(&given_up, Some([1; 32])).await.is_err(), "it is decided");

    // Two passes and a failure for the first, a failure for the second: as of the next opening.
    assert_eq!(book.rate(&[51; 32]).get(), 5_000, "a run's draws do not depend on its own verdicts");
    let next = Book::open(&*store, 3).await.unwrap();
    let expected = |passed, failed| rate_ceil(Record { passed, failed });
    assert_eq!((next.rate(&[51; 32]), next.rate(&[52; 32])), (expected(2, 1), expected(0, 1)));
    assert_eq!(next.rate(&[53; 32]), expected(0, 0), "who confirms for an audit knows that it is one");
    store.close().await;
}
