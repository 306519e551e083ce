//! An auditor: draws accepted results, has other operators run them again, pays for that, and keeps the verdicts.
//!
//! ```text
//! draw ─▶ sampled ─▶ ask: an ordinary job that excludes who ran it ─▶ answer ─▶ verdict ─▶ pay ─▶ close
//! ```
//!
//! [`mira_indexer::audit`] draws and judges, [`mira_requester`] asks and pays; here they are put together. Every
//! step is in the database before the next, so that a run that was cut off is taken up by the next one.

mod draw;
mod pay;
mod step;

use std::time::Duration;

use mira_indexer::audit::{Book, Row};
use mira_requester::Requester;
use mira_store::Store;
use mira_wire::{Time, clock};

use crate::{error::Error, output::Output};

/// How to audit.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What is drawn.
    pub seed: u64,
    /// The most results to draw in one run.
    pub limit: usize,
    /// How long to wait for one run of one shard.
    pub patience: Duration,
    /// The deadline of audit jobs, from when they are made.
    pub deadline_secs: u32,
    /// How long to wait at the end for escrow to come back.
    pub closing: Duration,
}

/// An audit after this run.
pub struct Audited {
    /// As it is now.
    pub row: Row,
    /// Why it is not decided, if it is not.
    pub waits: Option<String>,
}

/// What came of a run.
pub struct Report {
    /// Accepted results that were looked at.
    pub results: u64,
    /// Those of them that the seed draws.
    pub drawn: u64,
    /// Newly sampled ones, and those that earlier runs left open.
    pub audits: Vec<Audited>,
    /// Audit jobs whose escrow came back.
    pub closed: u64,
    /// What came back, payment base units.
    pub refunded: u64,
    /// Audit jobs that cannot be closed yet; the next run tries again.
    pub closing: u64,
}

/// Everything that an audit needs.
struct Auditor<'a> {
    requester: &'a Requester,
    store: &'a dyn Store,
    book: Book<'a>,
    options: Options,
    output: Output,
}

/// Audits once: what is open, then what is newly drawn.
pub async fn run(requester: &Requester, store: &dyn Store, options: Options, output: Output) -> Result<Report, Error> {
    let book = Book::open(store, options.seed).await.map_err(stored)?;
    let auditor = Auditor { requester, store, book, options, output };
    let open = auditor.book.open_audits().await.map_err(stored)?;
    let drawn = auditor.draw().await?;
    let mut audits = Vec::new();
    for row in open.into_iter().chain(drawn.sampled) {
        audits.push(auditor.settle(row).await?);
    }
    let returned = auditor.close().await?;
    Ok(Report {
        results: drawn.results,
        drawn: drawn.taken,
        audits,
        closed: returned.closed,
        refunded: returned.refunded,
        closing: returned.waiting,
    })
}

fn stored(error: mira_store::Error) -> Error {
    Error::failed("auditing", error)
}

/// Unix milliseconds now.
fn now_ms() -> i64 {
    Time::from_unsigned_ms(clock::now_ms()).ms()
}
