//! The ledger is whole: no gap is known and no transaction was set aside as unreadable.

use mira_store::Store;
use mira_store::model::Gap;

use super::finding::Findings;
use super::{CheckError, CheckResult};
use crate::shell::STREAM;

pub(super) async fn check(store: &dyn Store) -> Result<CheckResult, CheckError> {
    let mut findings = Findings::default();
    for Gap { first, last, reason, .. } in store.gaps().await? {
        findings.wrong(format!("{first} to {last} are missing: {reason}"));
    }
    for letter in store.dead_letters(None, 10).await? {
        findings.wrong(format!("a transaction of slot {} was set aside: {}", letter.slot, letter.reason));
    }
    let events = store.event_count().await?;
    let cursor = store.cursor(STREAM).await?.and_then(|cursor| cursor.slot);
    let cursor = cursor.map_or("no slot".to_owned(), |slot| format!("slot {slot}"));
    Ok(findings.result("ledger_complete", format!("{events} events up to {cursor}, none missing")))
}
