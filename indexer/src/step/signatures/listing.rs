//! The program's transactions, page by page from the newest down to what is known.
//!
//! A server that does not know the transaction that a page begins after answers with an empty page, as
//! at the end of the history. So each page begins one transaction early, and has to show that one.

use mira_chain::source::{ListedTransaction, MAX_SIGNATURES};
use mira_store::model::Signature;

use crate::stop::Stop;

/// The first page of a round: usually it holds all that is new, and one that is known.
const FIRST_PAGE: u16 = 25;

/// The page to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) before: Option<Signature>,
    pub(super) limit: u16,
}

/// What a page leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Ask),
    /// The list joins what is known.
    Done,
}

/// A list under way.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    floor: Option<u64>,
    known: bool,
    /// Newest first.
    listed: Vec<ListedTransaction>,
    /// The transaction that the page has to begin with.
    overlap: Option<ListedTransaction>,
}

impl Listing {
    /// Lists what lies above `floor`; with `known`, until one at or below it is seen.
    pub(super) fn new(floor: Option<u64>, known: bool) -> (Self, Ask) {
        let limit = if known { FIRST_PAGE } else { MAX_SIGNATURES };
        (Self { floor, known, listed: Vec::new(), overlap: None }, Ask { before: None, limit })
    }

    pub(super) fn page(&mut self, page: &[ListedTransaction]) -> Result<Next, Stop> {
        let fresh = match (self.overlap, page) {
            (None, page) => page,
            (Some(last), [first, fresh @ ..]) if *first == last => fresh,
            (Some(last), _) => return Err(unjoined(last.slot)),
        };
        let above = self.floor.map_or(fresh.len(), |floor| fresh.partition_point(|listed| listed.slot > floor));
        self.listed.extend_from_slice(&fresh[..above]);
        if above < fresh.len() {
            return Ok(Next::Done);
        }
        // Nothing more: the history has ended, unless what is known of it was not reached.
        let [.., before, last] = self.listed.as_slice() else { return self.short(fresh) };
        if fresh.is_empty() {
            return self.ended(last.slot);
        }
        let (before, last) = (before.signature, *last);
        self.overlap = Some(last);
        Ok(Next::Ask(Ask { before: Some(before), limit: MAX_SIGNATURES }))
    }

    /// With less than two transactions there is nothing to begin a page between.
    fn short(&mut self, fresh: &[ListedTransaction]) -> Result<Next, Stop> {
        match fresh.last() {
            Some(only) => Ok(Next::Ask(Ask { before: Some(only.signature), limit: MAX_SIGNATURES })),
            None => self.ended(self.floor.unwrap_or_default()),
        }
    }

    fn ended(&self, slot: u64) -> Result<Next, Stop> {
        if self.known { Err(unjoined(slot)) } else { Ok(Next::Done) }
    }

    /// All of the list.
    pub(super) fn oldest_first(mut self) -> Result<Vec<ListedTransaction>, Stop> {
        self.listed.reverse();
        for slot in self.listed.chunk_by(|a, b| a.slot == b.slot) {
            let mut signatures: Vec<_> = slot.iter().map(|listed| listed.signature).collect();
            signatures.sort_unstable();
            if signatures.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
                let slot = slot.first().map_or(0, |listed| listed.slot);
                return Err(Stop::Unavailable { slot, reason: "a transaction is listed twice".to_owned() });
            }
        }
        if !self.listed.is_sorted_by(|older, newer| older.slot <= newer.slot) {
            let reason = "the list of transactions is not in the order of slots".to_owned();
            return Err(Stop::Unavailable { slot: self.floor.unwrap_or_default(), reason });
        }
        Ok(self.listed)
    }
}

fn unjoined(slot: u64) -> Stop {
    let reason = "the endpoint's list of the program's transactions breaks off here".to_owned();
    Stop::Unavailable { slot, reason }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn line(number: u8) -> ListedTransaction {
        ListedTransaction { signature: [number; 64], slot: u64::from(number), failed: false }
    }

    fn lines(numbers: impl IntoIterator<Item = u8>) -> Vec<ListedTransaction> {
        numbers.into_iter().map(line).collect()
    }

    fn after(number: u8) -> Next {
        Next::Ask(Ask { before: Some([number; 64]), limit: MAX_SIGNATURES })
    }

    fn breaks_off(result: Result<Next, Stop>) -> bool {
        matches!(result, Err(Stop::Unavailable { reason, .. }) if reason.contains("breaks off"))
    }

    #[test]
    fn a_list_ends_at_what_is_known() {
        let (mut listing, ask) = Listing::new(Some(5), true);
        assert_eq!(ask, Ask { before: None, limit: FIRST_PAGE });
        assert_eq!(listing.page(&lines([9, 8, 5, 4])).unwrap(), Next::Done);
        assert_eq!(listing.oldest_first().unwrap(), lines([8, 9]));
    }

    #[test]
    fn pages_overlap_and_the_end_of_the_history_ends_them() {
        let (mut listing, ask) = Listing::new(None, false);
        assert_eq!(ask, Ask { before: None, limit: MAX_SIGNATURES });
        assert_eq!(listing.page(&lines([9, 8, 7])).unwrap(), after(8));
        assert_eq!(listing.page(&lines([7, 6, 2])).unwrap(), after(6));
        assert_eq!(listing.page(&lines([2])).unwrap(), Next::Done);
        assert_eq!(listing.oldest_first().unwrap(), lines([2, 6, 7, 8, 9]));
    }

    #[test]
    fn a_server_that_lost_its_place_is_no_end() {
        for page in [lines([]), lines([6, 5]), lines([3])] {
            let (mut listing, _) = Listing::new(None, false);
            listing.page(&lines([9, 8, 7])).unwrap();
            assert!(breaks_off(listing.page(&page)), "{page:?}");
        }
    }

    #[test]
    fn a_history_that_was_known_may_not_be_gone() {
        let (mut listing, _) = Listing::new(Some(5), true);
        assert!(breaks_off(listing.page(&[])));
        let (mut listing, _) = Listing::new(Some(5), true);
        assert_eq!(listing.page(&lines([9, 8])).unwrap(), after(9));
        assert!(breaks_off(listing.page(&lines([8]))));
    }

    #[test]
    fn histories_of_none_and_one_are_whole() {
        let (mut listing, _) = Listing::new(None, false);
        assert_eq!(listing.page(&[]).unwrap(), Next::Done);
        let (mut listing, _) = Listing::new(None, false);
        assert_eq!(listing.page(&lines([9])).unwrap(), after(9));
        assert_eq!(listing.page(&[]).unwrap(), Next::Done);
        assert_eq!(listing.oldest_first().unwrap(), lines([9]));
    }

    #[test]
    fn what_is_listed_twice_or_out_of_order_is_refused() {
        for numbers in [vec![9, 9], vec![8, 9]] {
            let (mut listing, _) = Listing::new(Some(0), false);
            listing.page(&lines(numbers.clone())).unwrap();
            assert!(listing.oldest_first().is_err(), "{numbers:?}");
        }
    }
}
