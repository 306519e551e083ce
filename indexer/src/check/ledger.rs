//! The ledger is whole: every slot is there or proven skipped, no aggregate's event is missing, no gap was
//! noted and no transaction set aside.

use mira_store::Store;

use super::finding::Findings;
use super::{CheckError, CheckResult};
use crate::prove::prove;

pub(super) async fn check(store: &dyn Store) -> Result<CheckResult, CheckError> {
    let report = prove(store).await?;
    let mut findings = Findings::default();
    report.named.iter().for_each(|hole| findings.wrong(hole.to_string()));
    let cursor = report.cursor.map_or("no slot".to_owned(), |slot| format!("slot {slot}"));
    Ok(findings.result("ledger_complete", format!("{} events up to {cursor}, none missing", report.events)))
}
