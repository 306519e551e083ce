//! What was written comes back, and no changed byte passes.

use super::*;
use crate::model::{ChainSlot, SlotState};

const SCHEMA: u64 = 9;

fn head() -> BackupHead {
    BackupHead { stream: "s".into(), schema: SCHEMA, made_ms: -1, slot: Some(7), state_hash: [3; 32], state_rows: 2 }
}

fn slot(slot: u64) -> ChainSlot {
    let state = SlotState::Present;
    ChainSlot { slot, state, parent_slot: 0, blockhash: [1; 32], parent_blockhash: [2; 32], block_time: None }
}

/// Two frames of rows.
fn file() -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = Writer::new(&mut file).unwrap();
    writer.mark(Part::Head, &head()).unwrap();
    writer.table::<ChainSlot>("chain_slot").unwrap();
    writer.rows(&[slot(1), slot(2)]).unwrap();
    writer.rows(&[slot(3)]).unwrap();
    let (bytes, rows) = writer.finish().unwrap();
    assert_eq!((bytes, rows), (file.len() as u64, 3));
    file
}

fn read(mut file: &[u8]) -> Result<Vec<ChainSlot>, BackupError> {
    let (mut reader, found) = Reader::new(&mut file, SCHEMA)?;
    assert_eq!(found, head());
    let mut rows = Vec::new();
    loop {
        match reader.next(rows.len() as u64)? {
            Frame::Table(begin) => assert_eq!(begin.name, "chain_slot"),
            Frame::Rows(payload) => rows.extend(payload.rows::<ChainSlot>()?),
            Frame::End => return Ok(rows),
        }
    }
}

#[test]
fn what_was_written_comes_back() {
    assert_eq!(read(&file()).unwrap(), [slot(1), slot(2), slot(3)]);
}

#[test]
fn every_changed_byte_is_found() {
    let good = file();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x40;
        let error = read(&bad).expect_err("a changed byte");
        match error {
            BackupError::Foreign | BackupError::Newer { .. } => assert!(at < MAGIC.len() + 4, "byte {at}: {error}"),
            BackupError::Damaged { .. } | BackupError::CutOff { .. } => {}
            other => panic!("byte {at}: {other}"),
        }
    }
}

#[test]
fn every_cut_is_found() {
    let good = file();
    for end in 0..good.len() {
        match read(&good[..end]).expect_err("a cut file") {
            BackupError::Foreign => assert!(end < MAGIC.len() + 4),
            BackupError::CutOff { at } => assert!(at <= end as u64),
            other => panic!("{end} bytes: {other}"),
        }
    }
    let longer = [&good[..], &[0]].concat();
    assert!(matches!(read(&longer), Err(BackupError::Damaged { why, .. }) if why.contains("follows its end")));
}

#[test]
fn frames_cannot_change_places() {
    let good = file();
    // The last two frames of rows have other lengths, so the first of them is looked for by its length.
    let lengths: Vec<usize> = [1, 2].map(|rows| rows * row_bytes() + 37).to_vec();
    let end = good.len() - end_bytes();
    let (second, first) = (end - lengths[0], end - lengths[0] - lengths[1]);
    let swapped = [&good[..first], &good[second..end], &good[first..second], &good[end..]].concat();
    assert_eq!(swapped.len(), good.len());
    assert!(matches!(read(&swapped), Err(BackupError::Damaged { at, .. }) if at == first as u64));
    let without = [&good[..first], &good[second..]].concat();
    assert!(matches!(read(&without), Err(BackupError::Damaged { .. })));
}

fn row_bytes() -> usize {
    let mut out = Vec::new();
    crate::row::Row::values(&slot(1)).iter().for_each(|value| value.canonical(&mut out));
    out.len()
}

/// One number, and what a frame adds.
fn end_bytes() -> usize {
    17 + 37
}

#[test]
fn a_newer_schema_is_refused() {
    let good = file();
    let error = Reader::new(&mut &good[..], SCHEMA - 1).err().unwrap();
    assert!(matches!(&error, BackupError::Newer { what } if what == "its schema is 9, this version's is 8"), "{error}");
}
