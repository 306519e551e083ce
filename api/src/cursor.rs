//! Opaque cursors: where the next page starts.
//!
//! A cursor says which list and which order it is of, so that one of another list is refused instead
//! of giving a page from somewhere. It is not signed: it can only say where to go on reading.

use mira_core::Key;
use mira_store::model::{Order, Ordinal, PageRequest, ReconClass};
use mira_wire::Kind;
use mira_wire::page::{DEFAULT_LIMIT, MAX_LIMIT};

use crate::problem::{ApiProblem, Result, refuse};

/// Tags of what a cursor points at.
const KEY: u8 = b'k';
const ORD: u8 = b'o';
const NUMBER: u8 = b'n';
const ITEM: u8 = b'i';
const SHARD: u8 = b's';

/// The page size asked for.
pub fn limit(asked: Option<u32>) -> Result<u32> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(limit @ 1..=MAX_LIMIT) => Ok(limit),
        Some(other) => refuse(Kind::InvalidLimit, format!("{other} is not from 1 to {MAX_LIMIT}")),
    }
}

fn encode(tag: u8, list: &str, place: &[u8]) -> String {
    let mut bytes = vec![tag];
    bytes.extend_from_slice(place);
    bytes.extend_from_slice(list.as_bytes());
    bs58::encode(bytes).into_string()
}

fn decode<const N: usize>(tag: u8, list: &str, cursor: &str) -> Result<[u8; N]> {
    let wrong = || ApiProblem::new(Kind::InvalidCursor, "start again without a cursor");
    // Long enough for every cursor below, so that a hostile one costs nothing.
    if cursor.len() > 256 {
        return Err(wrong());
    }
    let bytes = bs58::decode(cursor).into_vec().map_err(|_| wrong())?;
    let rest = bytes.strip_prefix(&[tag]).and_then(|rest| rest.strip_suffix(list.as_bytes())).ok_or_else(wrong)?;
    rest.try_into().map_err(|_| wrong())
}

/// The cursor after a key.
pub fn after_key(list: &str, key: &Key) -> String {
    encode(KEY, list, key)
}

/// The key of a cursor.
pub fn key(list: &str, cursor: &str) -> Result<Key> {
    decode(KEY, list, cursor)
}

/// The cursor after a number.
pub fn after_number(list: &str, number: u64) -> String {
    encode(NUMBER, list, &number.to_be_bytes())
}

/// The number of a cursor.
pub fn number(list: &str, cursor: &str) -> Result<u64> {
    decode(NUMBER, list, cursor).map(u64::from_be_bytes)
}

/// The number of a cursor of a list whose numbers are in a column: no table can hold a larger one, and none was
/// ever given out.
pub fn small_number(list: &str, cursor: &str) -> Result<u64> {
    let number = number(list, cursor)?;
    match i64::try_from(number) {
        Ok(_) => Ok(number),
        Err(_) => refuse(Kind::InvalidCursor, "start again without a cursor"),
    }
}

/// The cursor after an item of a reconciliation run.
pub fn after_item(list: &str, run: u64, lease: &Key, class: ReconClass) -> String {
    let mut bytes = [0; 41];
    bytes[..8].copy_from_slice(&run.to_be_bytes());
    bytes[8..40].copy_from_slice(lease);
    bytes[40] = class.code();
    encode(ITEM, list, &bytes)
}

/// The run, lease and class of a cursor.
pub fn item(list: &str, cursor: &str) -> Result<(u64, Key, ReconClass)> {
    let bytes: [u8; 41] = decode(ITEM, list, cursor)?;
    let (mut run, mut lease) = ([0; 8], [0; 32]);
    run.copy_from_slice(&bytes[..8]);
    lease.copy_from_slice(&bytes[8..40]);
    let run = u64::from_be_bytes(run);
    match ReconClass::from_code(bytes[40]) {
        // No table can hold a larger number, and none was ever given out.
        Some(class) if i64::try_from(run).is_ok() => Ok((run, lease, class)),
        _ => refuse(Kind::InvalidCursor, "start again without a cursor"),
    }
}

/// The cursor after a job's shard.
pub fn after_shard(list: &str, job: &Key, shard: u32) -> String {
    let mut bytes = [0; 36];
    bytes[..32].copy_from_slice(job);
    bytes[32..].copy_from_slice(&shard.to_be_bytes());
    encode(SHARD, list, &bytes)
}

/// The job and shard of a cursor.
pub fn shard(list: &str, cursor: &str) -> Result<(Key, u32)> {
    let bytes: [u8; 36] = decode(SHARD, list, cursor)?;
    let (mut job, mut shard) = ([0; 32], [0; 4]);
    job.copy_from_slice(&bytes[..32]);
    shard.copy_from_slice(&bytes[32..]);
    Ok((job, u32::from_be_bytes(shard)))
}

fn ord_bytes(ord: &Ordinal) -> [u8; 76] {
    let mut bytes = [0; 76];
    bytes[..8].copy_from_slice(&ord.slot.to_be_bytes());
    bytes[8..72].copy_from_slice(&ord.signature);
    bytes[72..74].copy_from_slice(&ord.ix.to_be_bytes());
    bytes[74..].copy_from_slice(&ord.inner_ix.to_be_bytes());
    bytes
}

/// The cursor at a place of the ledger.
pub fn at_ord(list: &str, ord: &Ordinal) -> String {
    encode(ORD, list, &ord_bytes(ord))
}

/// The place of a cursor.
pub fn ord(list: &str, cursor: &str) -> Result<Ordinal> {
    let bytes: [u8; 76] = decode(ORD, list, cursor)?;
    let mut slot = [0; 8];
    slot.copy_from_slice(&bytes[..8]);
    let mut signature = [0; 64];
    signature.copy_from_slice(&bytes[8..72]);
    Ok(Ordinal {
        slot: u64::from_be_bytes(slot),
        signature,
        ix: u16::from_be_bytes([bytes[72], bytes[73]]),
        inner_ix: u16::from_be_bytes([bytes[74], bytes[75]]),
    })
}

/// The page that a list's `sort`, `limit` and `cursor` ask for.
pub fn page(list: &str, sort: Option<&str>, asked: Option<u32>, cursor: Option<&str>) -> Result<PageRequest> {
    let limit = limit(asked)?;
    let order = match sort {
        None | Some("key") => Order::Key { after: cursor.map(|cursor| key(list, cursor)).transpose()? },
        Some("recent") => Order::Recent { before: cursor.map(|cursor| ord(list, cursor)).transpose()? },
        Some(other) => {
            return refuse(Kind::InvalidParameter, format!("sort {other:?} does not exist: use key or recent"));
        }
    };
    Ok(PageRequest { order, limit })
}

/// The cursor of the page after one that ended with this row.
pub fn next(list: &str, order: Order, key: &Key, ord: &Ordinal) -> String {
    match order {
        Order::Key { .. } => after_key(list, key),
        Order::Recent { .. } => at_ord(list, ord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        assert_eq!(key("jobs", &after_key("jobs", &[7; 32])).unwrap(), [7; 32]);
        assert_eq!(number("usage", &after_number("usage", u64::MAX)).unwrap(), u64::MAX);
        assert_eq!(small_number("epochs", &after_number("epochs", 7)).unwrap(), 7);
        assert!(small_number("epochs", &after_number("epochs", u64::MAX)).is_err());
        let item_of = (3, [7; 32], ReconClass::Replayed);
        assert_eq!(item("recon", &after_item("recon", item_of.0, &item_of.1, item_of.2)).unwrap(), item_of);
        assert!(item("recon", &after_item("recon", u64::MAX, &item_of.1, item_of.2)).is_err());
        assert_eq!(shard("audits", &after_shard("audits", &[7; 32], u32::MAX)).unwrap(), ([7; 32], u32::MAX));
        let place = Ordinal { slot: 1, signature: [9; 64], ix: 3, inner_ix: u16::MAX };
        assert_eq!(ord("events", &at_ord("events", &place)).unwrap(), place);
    }

    #[test]
    fn one_of_another_list_or_order_is_refused() {
        let cursor = after_key("jobs", &[7; 32]);
        for result in [key("leases", &cursor).err(), number("jobs", &cursor).err(), ord("jobs", &cursor).err()] {
            assert_eq!(result.unwrap().0.kind(), Some(Kind::InvalidCursor));
        }
        for text in ["", "0OIl", "abc", &"1".repeat(10_000)] {
            assert!(key("jobs", text).is_err());
        }
    }

    #[test]
    fn limits_and_sorts_are_checked() {
        assert_eq!(limit(None).unwrap(), DEFAULT_LIMIT);
        for bad in [0, MAX_LIMIT + 1, u32::MAX] {
            assert_eq!(limit(Some(bad)).unwrap_err().0.kind(), Some(Kind::InvalidLimit));
        }
        assert_eq!(page("jobs", Some("x"), None, None).unwrap_err().0.kind(), Some(Kind::InvalidParameter));
        let recent = page("jobs", Some("recent"), Some(1), Some(&after_key("jobs", &[7; 32])));
        assert_eq!(recent.unwrap_err().0.kind(), Some(Kind::InvalidCursor));
    }
}
