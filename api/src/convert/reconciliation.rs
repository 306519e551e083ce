//! Differences between the books.

use mira_store::model::ReconItem;
use mira_wire::reconciliation::BookDifference;
use mira_wire::{KeyStr, Time, U64Str};

/// One difference.
pub fn book_difference(item: &ReconItem) -> BookDifference {
    BookDifference {
        run: U64Str(item.run),
        lease: KeyStr(item.lease),
        class: item.class.as_str().to_owned(),
        owner: item.owner.as_str().to_owned(),
        state: item.state.as_str().to_owned(),
        amount: U64Str(item.amount.get()),
        since: Time::from_ms(item.since_ms),
    }
}
