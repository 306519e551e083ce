//! Who works, of several indexers on one database: whoever the cursor's row says, until it is silent for the hold
//! time. The rule is the store's, because the dispatcher keeps to the same one.

pub use mira_store::standby::{LOOKS, Verdict};

use mira_store::model::Cursor;

/// What a waiting indexer has seen of the cursor.
pub type Watch = mira_store::standby::Watch<Cursor>;

#[cfg(test)]
mod tests;
