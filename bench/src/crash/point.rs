//! The places where the indexer is killed: around every call that it makes to its database and its endpoint.

use anyhow::{Context, bail};
use std::fmt;
use std::str::FromStr;

/// A call of the indexer's shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Reading the stored cursor: as a standby, and at a session's start.
    Cursor,
    /// Taking the stream.
    TakeOver,
    /// A sign of life.
    Beat,
    /// Reading the network's row.
    Network,
    /// Reading the rows that events touch.
    Load,
    /// Writing slots, events, rows and cursor.
    Commit,
    /// Replacing the confirmed rows.
    Overlay,
    /// Asking the endpoint which cluster it is.
    Genesis,
    /// Asking for the finalized slot.
    Finalized,
    /// Listing slots; what follows is the fetch.
    List,
    /// Fetching a block.
    Block,
    /// Listing confirmed slots.
    ConfirmedList,
    /// Fetching a confirmed block.
    ConfirmedBlock,
}

/// Before the call, while it is under way, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The call is not made.
    Before,
    /// The call has begun.
    During,
    /// The call is done, and nobody knows.
    After,
}

/// A place and a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Where.
    pub place: Place,
    /// When.
    pub when: When,
}

/// How a process kills itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    /// Where and when.
    pub point: Point,
    /// At which of the process's calls there, from 1.
    pub nth: u64,
    /// [`When::During`]: after how many steps of the call, from 1. If the call has fewer, when it is done.
    pub step: u64,
}

/// All places with their names.
pub const PLACES: [(Place, &str); 13] = [
    (Place::Cursor, "cursor"),
    (Place::TakeOver, "take_over"),
    (Place::Beat, "beat"),
    (Place::Network, "network"),
    (Place::Load, "load"),
    (Place::Commit, "commit_slot"),
    (Place::Overlay, "replace_confirmed"),
    (Place::Genesis, "genesis_hash"),
    (Place::Finalized, "finalized_slot"),
    (Place::List, "produced_slots"),
    (Place::Block, "block"),
    (Place::ConfirmedList, "confirmed_slots"),
    (Place::ConfirmedBlock, "confirmed_block"),
];

/// All moments with their names.
pub const WHEN: [(When, &str); 3] = [(When::Before, "before"), (When::During, "during"), (When::After, "after")];

impl Place {
    /// How many such calls a process is sure to make.
    pub const fn calls(self) -> u64 {
        match self {
            Self::TakeOver | Self::Network | Self::Genesis => 1,
            Self::Cursor | Self::Beat => 2,
            Self::Load | Self::Overlay => 6,
            _ => 12,
        }
    }

    /// How many steps such a call has, about: one for each time that it waits for an answer.
    pub const fn steps(self) -> u64 {
        match self {
            Self::Commit | Self::Overlay => 16,
            Self::TakeOver | Self::Beat | Self::Load => 4,
            _ => 1,
        }
    }
}

fn name<T: PartialEq>(names: &[(T, &'static str)], of: &T) -> &'static str {
    names.iter().find(|(known, _)| known == of).map_or("?", |(_, name)| name)
}

fn named<T: Copy>(names: &[(T, &'static str)], name: &str) -> anyhow::Result<T> {
    let found = names.iter().find(|(_, known)| *known == name);
    found.map(|(known, _)| *known).with_context(|| format!("there is no {name:?}"))
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", name(&WHEN, &self.when), name(&PLACES, &self.place))
    }
}

impl fmt::Display for Strike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.point, self.nth, self.step)
    }
}

impl FromStr for Strike {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        let [when, place, nth, step] = parts.as_slice() else {
            bail!("a strike is WHEN:PLACE:CALL:STEP, not {text:?}");
        };
        let point = Point { place: named(&PLACES, place)?, when: named(&WHEN, when)? };
        Ok(Self { point, nth: nth.parse()?, step: step.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strike_is_read_as_it_is_written() {
        for (place, _) in PLACES {
            for (when, _) in WHEN {
                let strike = Strike { point: Point { place, when }, nth: 3, step: 7 };
                assert_eq!(strike.to_string().parse::<Strike>().ok(), Some(strike));
            }
        }
        assert!("before:commit_slot:1".parse::<Strike>().is_err());
        assert!("before:lunch:1:1".parse::<Strike>().is_err());
    }
}
