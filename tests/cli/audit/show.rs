//! `mira audit show`.

use crate::api::support::World;
use crate::cli::process::Mira;
use mira_core::amount::Units;
use mira_indexer::audit::{Accepted, Book, Ran};
use mira_wire::KeyStr;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: all_pages_are_shown_and_filters_hold, bad_input_is_refused]
}

/// The result of a party of its own.
fn ran(party: u8, output: u8) -> Ran {
    let [provider, owner, operator] = [0x40, 0x80, 0xc0].map(|role| [role + party; 32]);
    Ran { lease: [party; 32], provider, owner, operator, output: [output; 32], units: Units::new(1) }
}

async fn all_pages_are_shown_and_filters_hold() {
    let world = World::start().await;
    let book = Book::open(&*world.store, 1).await.unwrap();
    for shard in 0..120 {
        let accepted = Accepted { job: [9; 32], shard, ran: ran(1, 7) };
        let mut row = book.sample(&accepted, 1).await.unwrap().unwrap();
        // One is found out, and all others are not decided.
        for other in [ran(2, 8), ran(3, 8)].iter().filter(|_| shard == 110) {
            row = book.ask(&row, Some([8; 32])).await.unwrap();
            row = book.take(&row, other, 2).await.unwrap();
        }
    }
    let url = world.running.url();
    let show = |args: &[&str]| Mira::new().args(["--api", &url, "audit", "show"]).args(args);
    let shown = show(&["--json"]).run().await.document();
    let shards: Vec<u64> =
        shown["audits"].as_array().unwrap().iter().map(|audit| audit["shard"].as_u64().unwrap()).collect();
    assert_eq!(shards, (0..120).collect::<Vec<_>>());
    let wrong = KeyStr([0x41; 32]).to_string();
    let found = show(&["--json", "--wrong-provider", &wrong]).run().await.document();
    let [audit] = found["audits"].as_array().unwrap().as_slice() else { panic!("{found:#}") };
    assert_eq!(
        (&audit["shard"], &audit["state"], &audit["wrong_provider"]),
        (&110.into(), &"failed".into(), &wrong.into())
    );
    let none = show(&["--json", "--state", "passed"]).run().await.document();
    assert_eq!(none["audits"].as_array().unwrap().len(), 0);
    world.stop().await;
}

async fn bad_input_is_refused() {
    let world = World::start().await;
    let url = world.running.url();
    let show = |args: &[&str]| Mira::new().args(["--json", "--api", &url, "audit", "show"]).args(args);
    show(&["--state", "odd"]).run().await.refused("state \"odd\" does not exist");
    show(&["--job", "it"]).run().await.misused("`it` is not an address: 32 bytes in base58");
    Mira::new().args(["audit", "show"]).run().await.refused("the Mira API's URL is not known");
    world.stop().await;
}
