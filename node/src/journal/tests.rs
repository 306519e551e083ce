//! Crashes at every byte, and damage that no crash explains.

use std::fs;

use super::*;

const LEASE: [u8; 32] = [7; 32];

fn records() -> Vec<Record> {
    let terms = LeaseTerms { job: [1; 32], unit_price: 5, cap: 1_000, expires_at: 1_700_000_000 };
    let done = Done { shard: 3, attempt: 1, output: [9; 32], units: 44 };
    let usage = SignedUsage { seq: 1, cumulative_units: 44, items: 1, outputs_hash: [8; 32], signature: [6; 64] };
    let voucher = SignedVoucher { cumulative_amount: 9, cumulative_units: 44, signature: [5; 64] };
    vec![
        Record::LeaseAccepted { lease: LEASE, terms },
        Record::LeaseOpened { lease: LEASE, voucher_signer: [2; 32] },
        Record::ShardDone { lease: LEASE, done },
        Record::ShardJudged { lease: LEASE, shard: 3, attempt: 1, accepted: true, cumulative_units: 44 },
        Record::UsageSigned { lease: LEASE, usage },
        Record::UsageStored { lease: LEASE, seq: 1 },
        Record::VoucherReceived { lease: LEASE, voucher },
        Record::Settled { lease: LEASE, amount: 9 },
        Record::LeaseGone { lease: LEASE },
    ]
}

fn folded(records: &[Record]) -> Book {
    let mut book = Book::default();
    for record in records {
        book.apply(record);
    }
    book
}

/// Writes all records and gives the file's length after each, the empty journal's first.
fn write_all(path: &std::path::Path) -> Vec<usize> {
    let journal = Journal::open(path).expect("creates");
    let length = || fs::read(path).expect("reads").len();
    let mut lengths = vec![length()];
    for record in records() {
        journal.append(&record).expect("writes");
        lengths.push(length());
    }
    lengths
}

#[test]
fn everything_written_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("journal");
    write_all(&path);
    let journal = Journal::open(&path).expect("opens again");
    assert_eq!(journal.read(Clone::clone), folded(&records()));
}

#[test]
fn a_file_cut_anywhere_keeps_every_whole_record() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("journal");
    let lengths = write_all(&path);
    let whole = fs::read(&path).expect("reads");
    for cut in 0..=whole.len() {
        fs::write(&path, &whole[..cut]).expect("cuts");
        let kept = lengths.iter().filter(|length| **length <= cut).count().saturating_sub(1);
        let journal = Journal::open(&path).unwrap_or_else(|e| panic!("cut at {cut}: {e}"));
        assert_eq!(journal.read(Clone::clone), folded(&records()[..kept]), "cut at {cut}");
        // And it goes on from there. A disk sync for each record of each cut would take half a minute.
        if cut % 37 != 0 && !lengths.contains(&cut) {
            continue;
        }
        for record in &records()[kept..] {
            journal.append(record).expect("writes");
        }
        drop(journal);
        assert_eq!(fs::read(&path).expect("reads"), whole, "cut at {cut}");
    }
}

#[test]
fn garbage_in_the_last_record_is_cut_off() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("journal");
    let lengths = write_all(&path);
    let mut bytes = fs::read(&path).expect("reads");
    *bytes.last_mut().expect("not empty") ^= 0xff;
    fs::write(&path, &bytes).expect("writes");
    let journal = Journal::open(&path).expect("opens");
    assert_eq!(journal.read(Clone::clone), folded(&records()[..lengths.len() - 2]));
}

#[test]
fn damage_before_the_end_is_an_error() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("journal");
    let lengths = write_all(&path);
    let whole = fs::read(&path).expect("reads");
    // The checksum and body of every record but the last.
    for pair in lengths[..lengths.len() - 1].windows(2) {
        for at in pair[0] + 4..pair[1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).expect("writes");
            let error = Journal::open(&path).expect_err("refused");
            assert!(matches!(error, JournalError::Damaged { offset, .. } if offset == pair[0] as u64), "{error}");
        }
    }
}

#[test]
fn another_file_and_a_second_node_are_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("journal");
    fs::write(&path, "something else entirely").expect("writes");
    assert!(matches!(Journal::open(&path), Err(JournalError::Header { .. })));
    assert_eq!(fs::read(&path).expect("reads"), b"something else entirely");
    let path = folder.path().join("mine");
    let _first = Journal::open(&path).expect("opens");
    assert!(matches!(Journal::open(&path), Err(JournalError::InUse { .. })));
}
