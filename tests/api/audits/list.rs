//! `GET /v1/audits`.

use libtest_mimic::Trial;
use mira_core::amount::Units;
use mira_indexer::audit::{Accepted, Book, Ran, Row};
use mira_wire::audit::{Audit, AuditsQuery};
use mira_wire::{KeyStr, Kind};

use crate::api::support::{World, assert_problem};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: audits_page_with_every_run, bad_queries_are_refused]
}

const JOB: [u8; 32] = [0x61; 32];
const NOW_MS: i64 = 1_700_000_000_000;

/// A run of a party of its own.
fn ran(party: u8, output: u8) -> Ran {
    let [provider, owner, operator] = [0x40, 0x80, 0xc0].map(|role| [role + party; 32]);
    Ran { lease: [party; 32], provider, owner, operator, output: [output; 32], units: Units::new(party.into()) }
}

/// Samples a shard of the first party, and what others got for it.
async fn audit(book: &Book<'_>, shard: u32, others: &[Ran]) -> Row {
    let accepted = Accepted { job: JOB, shard, ran: ran(1, 7) };
    let mut row = book.sample(&accepted, NOW_MS).await.unwrap().unwrap();
    for other in others {
        row = book.ask(&row, Some([0x70; 32])).await.unwrap();
        row = book.take(&row, other, NOW_MS + 5_000).await.unwrap();
    }
    row
}

async fn audits_page_with_every_run() {
    let world = World::start().await;
    let all = AuditsQuery::default();
    assert_eq!(world.client.audits(&all).await.unwrap().data, []);
    let book = Book::open(&*world.store, 42).await.unwrap();
    audit(&book, 0, &[ran(2, 7)]).await;
    audit(&book, 1, &[ran(2, 8), ran(3, 8)]).await;
    audit(&book, 2, &[ran(2, 8), ran(3, 7)]).await;
    audit(&book, 3, &[]).await;

    let page = world.client.audits(&all).await.unwrap();
    let states: Vec<_> = page.data.iter().map(|audit| (audit.shard, audit.state.as_str(), audit.runs.len())).collect();
    assert_eq!(states, [(0, "passed", 2), (1, "failed", 3), (2, "cleared", 3), (3, "sampled", 1)]);
    let failed = &page.data[1];
    assert_eq!((failed.seed.get(), failed.rate_bps), (42, 5_000));
    assert_eq!((failed.wrong_lease, failed.wrong_provider), (Some(KeyStr([1; 32])), Some(KeyStr([0x41; 32]))));
    assert_eq!((failed.sampled_at.ms(), failed.decided_at.unwrap().ms()), (NOW_MS, NOW_MS + 5_000));
    // All that a dispute needs of each run: who, under which lease, which output.
    let runs: Vec<_> =
        failed.runs.iter().map(|run| (run.job.get()[0], run.lease.get()[0], run.output.get()[0])).collect();
    assert_eq!(runs, [(0x61, 1, 7), (0x70, 2, 8), (0x70, 3, 8)]);
    assert_eq!((failed.runs[2].owner, failed.runs[2].operator), (KeyStr([0x83; 32]), KeyStr([0xc3; 32])));

    let two = AuditsQuery { limit: Some(2), ..AuditsQuery::default() };
    let start = world.client.audits(&two).await.unwrap();
    let rest = world.client.audits(&AuditsQuery { cursor: start.next_cursor, ..two }).await.unwrap();
    assert_eq!((start.data.as_slice(), rest.data.as_slice()), (&page.data[..2], &page.data[2..]));
    assert_eq!(rest.next_cursor, None);
    let shards = async |query: AuditsQuery| {
        let found: Vec<Audit> = world.client.audits(&query).await.unwrap().data;
        found.iter().map(|audit| audit.shard).collect::<Vec<_>>()
    };
    let state = |state: &str| AuditsQuery { state: Some(state.to_owned()), ..AuditsQuery::default() };
    assert_eq!(shards(state("failed")).await, [1]);
    assert!(shards(AuditsQuery { job: Some(KeyStr([1; 32])), ..AuditsQuery::default() }).await.is_empty());
    assert_eq!(shards(AuditsQuery { wrong_provider: Some(KeyStr([0x42; 32])), ..AuditsQuery::default() }).await, [2]);
    let own = AuditsQuery { lease: Some(KeyStr([1; 32])), provider: Some(KeyStr([0x41; 32])), ..state("passed") };
    assert_eq!(shards(own).await, [0]);
    world.stop().await;
}

async fn bad_queries_are_refused() {
    let world = World::start().await;
    assert_problem(world.get("/v1/audits?limit=0").await, Kind::InvalidLimit).await;
    assert_problem(world.get("/v1/audits?state=odd").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/audits?verdict=failed").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/audits?job=abc").await, Kind::InvalidParameter).await;
    assert_problem(world.get("/v1/audits?cursor=abc").await, Kind::InvalidCursor).await;
    world.stop().await;
}
