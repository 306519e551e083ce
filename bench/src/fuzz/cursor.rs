//! The API's cursors: opaque to clients, and the first thing that a hostile one changes.
//!
//! What holds: a cursor leads back to its place, in its own list and order only. Any text that another list, another
//! order or nobody made is the one problem `invalid-cursor`, which says what to do. What is taken is exactly the text
//! that its place is written as.

use super::draw::Draw;
use mira_api::cursor;
use mira_api::problem::Result;
use mira_core::Key;
use mira_store::model::{Ordinal, ReconClass};
use mira_wire::Kind;

/// What enough inputs meet.
pub const CLASSES: [&str; 3] = ["its place", "refused", "another place"];

/// The lists that there are, and some whose names end alike.
const LISTS: [&str; 9] = ["jobs", "shards", "providers", "reconciliation", "events", "usage", "leases", "s", "ds"];

/// Where a cursor leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Key(Key),
    Number(u64),
    Item(u64, Key, ReconClass),
    Ord(Ordinal),
}

/// The ways to read a cursor.
const READERS: [fn(&str, &str) -> Result<Place>; 4] = [
    |list, text| cursor::key(list, text).map(Place::Key),
    |list, text| cursor::number(list, text).map(Place::Number),
    |list, text| cursor::item(list, text).map(|(run, lease, class)| Place::Item(run, lease, class)),
    |list, text| cursor::ord(list, text).map(Place::Ord),
];

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    let (place, list) = (Place::draw(draw), *draw.pick(&LISTS));
    let text = place.write(list);
    match draw.below(5) {
        0 => {
            let read: Vec<_> = READERS.iter().filter_map(|read| taken(*read, list, &text)).collect();
            assert_eq!(read, [place], "of {list}");
            "its place"
        }
        1 => {
            let other = *draw.pick(&LISTS);
            let read = READERS.iter().any(|read| taken(*read, other, &text).is_some());
            assert_eq!(read, other == list, "a cursor of {list} in {other}");
            if read { "its place" } else { "refused" }
        }
        2 => {
            let mut bytes = text.into_bytes();
            draw.mutate(&mut bytes);
            anywhere(list, &String::from_utf8_lossy(&bytes))
        }
        3 => {
            let mut bytes = bs58::decode(text).into_vec().expect("it is base58");
            draw.mutate(&mut bytes);
            anywhere(list, &bs58::encode(bytes).into_string())
        }
        _ => {
            let text = if draw.any() { draw.text(300) } else { bs58::encode(draw.bytes(100)).into_string() };
            anywhere(list, &text)
        }
    }
}

/// Text that may be a cursor of a list.
fn anywhere(list: &str, text: &str) -> &'static str {
    let read = READERS.iter().filter_map(|read| taken(*read, list, text)).count();
    assert!(read < 2, "{text} is two places");
    if read == 1 { "another place" } else { "refused" }
}

/// The place that a text is taken for. It is the text that this place is written as; what is not taken is refused
/// in the one way.
fn taken(read: fn(&str, &str) -> Result<Place>, list: &str, text: &str) -> Option<Place> {
    match read(list, text) {
        Ok(place) => {
            assert_eq!(place.write(list), text, "{place:?} has another spelling");
            Some(place)
        }
        Err(problem) => {
            assert_eq!(problem.0.kind(), Some(Kind::InvalidCursor), "{problem:?}");
            assert!(problem.0.detail.contains("without a cursor"), "{problem:?} does not say what to do");
            None
        }
    }
}

impl Place {
    fn draw(draw: &mut Draw<'_>) -> Self {
        match draw.below(4) {
            0 => Self::Key(draw.any()),
            1 => Self::Number(draw.any()),
            2 => {
                let class = class(draw);
                // No run has a greater number: it is a table's key.
                Self::Item(draw.any::<u64>() >> 1, draw.any(), class)
            }
            _ => Self::Ord(Ordinal { slot: draw.any(), signature: draw.any(), ix: draw.any(), inner_ix: draw.any() }),
        }
    }

    fn write(&self, list: &str) -> String {
        match self {
            Self::Key(key) => cursor::after_key(list, key),
            Self::Number(number) => cursor::after_number(list, *number),
            Self::Item(run, lease, class) => cursor::after_item(list, *run, lease, *class),
            Self::Ord(ord) => cursor::at_ord(list, ord),
        }
    }
}

/// A class of differences.
fn class(draw: &mut Draw<'_>) -> ReconClass {
    let classes: Vec<_> = (0..=u8::MAX).filter_map(ReconClass::from_code).collect();
    *draw.pick(&classes)
}
