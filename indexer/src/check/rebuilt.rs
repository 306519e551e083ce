//! The state is a function of the ledger: folding it again from nothing gives the same hash.

use std::fmt::Write as _;

use mira_core::Hash;
use mira_store::Store;

use super::{CheckError, CheckResult};
use crate::rebuild::verify;

pub(super) async fn check(store: &dyn Store) -> Result<CheckResult, CheckError> {
    let report = verify(store).await?;
    let (live, rebuilt) = (hex(&report.live), hex(&report.rebuilt));
    let detail = if report.matches() {
        format!("{} events fold to {live}", report.events)
    } else {
        format!("the index is {live}, its {} events fold to {rebuilt}; run `mira rebuild`", report.events)
    };
    Ok(CheckResult { name: "rebuild_matches", ok: report.matches(), detail })
}

fn hex(hash: &Hash) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
