//! Rows become values and come back; two different rows never become the same bytes.

use super::*;
use mira_core::amount::{Bps, Payment, Shares};
use mira_core::position::Ticket;
use mira_core::tier::Tier;

use crate::Error;
use crate::model::{EventId, JobState, Ordinal};
use crate::sql::{Cells, decode};

row! {
    /// One field of every shape.
    struct Sample in "sample" keyed 1 {
        key: [u8; 4],
        small: u8,
        number: u64,
        time: Option<i64>,
        flag: bool,
        amount: Payment,
        wide: Shares,
        rate: Bps,
        tier: Tier,
        state: JobState,
        name: String,
        tickets: Vec<Ticket>,
        id: EventId,
    }
}

fn sample() -> Sample {
    Sample {
        key: [1, 2, 3, 4],
        small: 255,
        number: u64::try_from(i64::MAX).unwrap(),
        time: None,
        flag: true,
        amount: Payment::MAX,
        wide: Shares::MAX,
        rate: Bps::ONE,
        tier: Tier::Batch,
        state: JobState::Closed,
        name: "é".into(),
        tickets: vec![Ticket { shares: Shares::MAX, unlock_ts: -1 }, Ticket { shares: Shares::new(1), unlock_ts: 2 }],
        id: EventId { signature: [9; 64], ix: 65_535, inner_ix: 0 },
    }
}

/// What a driver would give back: it knows no unsigned numbers.
fn stored(row: &impl Row) -> Vec<Value> {
    let signed = |value| match value {
        Value::Uint(n) => Value::Int(i64::try_from(n).unwrap()),
        other => other,
    };
    row.values().into_iter().map(signed).collect()
}

struct Stored(Vec<Value>);

impl Cells for Stored {
    fn cell(&self, index: usize, _: Kind) -> Result<Value, String> {
        self.0.get(index).cloned().ok_or_else(|| "no such column".to_owned())
    }
}

#[test]
fn rows_come_back() {
    assert_eq!(decode::<Sample>(&Stored(stored(&sample()))).unwrap(), sample());
}

#[test]
fn columns_are_those_of_the_fields() {
    let list =
        "key, small, number, time, flag, amount, wide, rate, tier, state, name, tickets, signature, ix, inner_ix";
    assert_eq!(Sample::table().list, list);
    assert_eq!(Sample::table().key_list, "key");
}

#[test]
fn a_corrupt_value_names_table_column_and_key() {
    let cases = [
        ("small", 1, Value::Int(256), "out of range"),
        ("number", 2, Value::Int(-1), "negative"),
        ("flag", 4, Value::Int(2), "neither 0 nor 1"),
        ("amount", 5, Value::Null(Kind::Amount), "null"),
        ("rate", 7, Value::Int(10_001), "no Bps"),
        ("state", 9, Value::Int(3), "no JobState"),
        ("tickets", 11, Value::Bytes(vec![0; 25]), "multiple of 24"),
        ("signature", 12, Value::Bytes(vec![0; 63]), "64 must be"),
    ];
    for (name, index, value, why) in cases {
        let mut values = stored(&sample());
        values[index] = value;
        let error = decode::<Sample>(&Stored(values)).unwrap_err();
        let Error::Corrupt { table: "sample", column, key, why: found } = &error else { panic!("{error}") };
        assert_eq!((column.as_str(), key.as_str()), (name, "01020304"));
        assert!(found.contains(why), "{error}");
    }
}

#[test]
fn canonical_bytes_tell_rows_apart() {
    let base = sample();
    let others = [
        Sample { key: [1, 2, 3, 5], ..base.clone() },
        Sample { time: Some(0), ..base.clone() },
        Sample { amount: Payment::ZERO, ..base.clone() },
        Sample { tickets: Vec::new(), ..base.clone() },
        Sample { name: String::new(), ..base.clone() },
    ];
    for other in others {
        assert_ne!(other.canonical(), base.canonical());
    }
    assert_eq!(base.canonical(), base.clone().canonical());
}

#[test]
fn ordinals_take_four_columns_and_sort_by_slot_first() {
    let mut columns = Vec::new();
    Ordinal::columns("ord", &mut columns);
    let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["slot", "signature", "ix", "inner_ix"]);
    let early = Ordinal { slot: 1, signature: [9; 64], ix: 9, inner_ix: 9 };
    assert!(early < Ordinal { slot: 2, signature: [0; 64], ix: 0, inner_ix: 0 });
}
