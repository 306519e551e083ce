//! A full disk under the node: it acts on nothing that it could not write down, and goes on when there is room.

use std::fs;

use libtest_mimic::Trial;
use mira_node::JOURNAL_FILE;
use mira_node::NodeConfig;
use mira_node::journal::{Journal, JournalError, LeaseTerms, Record};
use mira_wire::KeyStr;

use super::support::{Stage, ended};
use crate::disk::SmallDisk;

pub fn trials() -> Vec<Trial> {
    trials![mount: a_journal_takes_back_what_did_not_fit, a_node_waits_for_room_and_counts_every_shard_once]
}

/// A file grows by such pages; what is left of the last one takes some more records.
const PAGE: u64 = 4_096;
/// No record is longer, with its length and checksum.
const RECORD: u64 = 300;

fn accepted(number: u32) -> Record {
    let mut lease = [7; 32];
    lease[..4].copy_from_slice(&number.to_be_bytes());
    Record::LeaseAccepted { lease, terms: LeaseTerms { job: [1; 32], unit_price: 5, cap: 1, expires_at: 9 } }
}

async fn a_journal_takes_back_what_did_not_fit() {
    let disk = SmallDisk::mount(1);
    let path = disk.path().join("journal");
    let journal = Journal::open(&path).unwrap();
    journal.append(&accepted(0)).unwrap();
    disk.fill();
    let mut written = 1;
    let error = loop {
        match journal.append(&accepted(written)) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(u64::from(written) < PAGE, "the disk never fills up");
    };
    assert!(matches!(&error, JournalError::Full { .. }), "{error}");
    assert!(error.to_string().contains("its disk is full: free space there"), "{error}");
    let leases = |journal: &Journal| journal.read(|book| book.leases().count());
    assert_eq!(leases(&journal), written as usize, "what was not written did not happen");
    assert!(matches!(journal.append(&accepted(written)), Err(JournalError::Full { .. })));

    disk.free();
    journal.append(&accepted(written)).unwrap();
    journal.append(&accepted(written + 1)).unwrap();
    let good = fs::read(&path).unwrap();
    drop(journal);
    let again = Journal::open(&path).unwrap();
    assert_eq!(leases(&again), written as usize + 2);
    assert_eq!(fs::read(&path).unwrap(), good, "nothing had to be cut off");
}

async fn a_node_waits_for_room_and_counts_every_shard_once() {
    const SHARDS: usize = 40;
    const CAP: u64 = 1_000_000_000;
    let stage = Stage::set(41).await;
    let disk = SmallDisk::mount(16);
    // Nobody signs vouchers here.
    let credit_window = CAP;
    let config = NodeConfig { data_dir: disk.path().join("node"), credit_window, ..stage.config() };
    let node = stage.try_spawn(config.clone()).await.unwrap();
    let lease = stage.lease(CAP).await;
    stage.shards(lease, &[b"with room"]);
    stage.until("the first report", |script| script.usage.len() == 1).await;

    disk.fill();
    let inputs: Vec<String> = (0..SHARDS).map(|number| format!("without room {number}")).collect();
    let inputs: Vec<&[u8]> = inputs.iter().map(|input| input.as_bytes()).collect();
    stage.shards(lease, &inputs);
    let count = || stage.script.look(|script| script.accepted.len());
    let journal = config.data_dir.join(JOURNAL_FILE);
    let slack = || PAGE - fs::metadata(&journal).unwrap().len() % PAGE;
    loop {
        let before = (count(), slack());
        stage.beats(10).await;
        if before == (count(), slack()) && slack() < RECORD {
            break;
        }
        assert!(count() <= SHARDS, "the disk never fills up");
    }

    disk.free();
    stage.until("all shards", |script| script.accepted.len() == SHARDS + 1).await;
    let units = stage.script.look(|script| script.accepted_units(KeyStr(lease)));
    stage
        .until("the last report", |script| script.usage.last().is_some_and(|last| last.cumulative_units.get() == units))
        .await;
    let report = stage.script.look(|script| script.usage.last().cloned()).unwrap();
    assert_eq!(report.items as usize, SHARDS + 1);
    assert!(stage.town.usage_verifies(&report));
    node.kill();
    ended(node).await.unwrap();

    // The journal is whole: a node starts on it and has nothing to tell again.
    let node = stage.try_spawn(config).await.unwrap();
    stage.beats(5).await;
    assert_eq!(count(), SHARDS + 1);
    node.kill();
    ended(node).await.unwrap();
    stage.close().await;
}
