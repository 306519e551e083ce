//! The proof that no block lies between the last one read and the next.
//!
//! A block names its parent's slot and hash. If the parent is the last block that was read, every
//! slot between the two produced nothing, whatever the endpoint lists. Otherwise the endpoint left
//! a block out, or follows another chain.

use mira_chain::source::SlotBlock;

use super::Tip;
use crate::convert::base58;
use crate::stop::Stop;

/// Proves that `block` directly follows `tip`; without one, that it is the first from `start` on.
pub(super) fn prove(start: u64, tip: Option<Tip>, block: &SlotBlock) -> Result<(), Stop> {
    let (slot, parent) = (block.slot, block.parent_slot);
    let Some(tip) = tip else {
        // Slot 0 names itself as its parent.
        let first = slot == start || (slot > start && parent < start);
        return if first { Ok(()) } else { Err(Stop::NoStart { start, slot, parent }) };
    };
    if parent > tip.slot && parent < slot {
        return Err(Stop::UnprovedSkip { after: tip.slot, slot, parent });
    }
    if parent == tip.slot && block.parent_blockhash == tip.blockhash && slot > tip.slot {
        return Ok(());
    }
    let (expected, found) = (base58(&tip.blockhash), base58(&block.parent_blockhash));
    Err(Stop::Fork { slot, parent, at: tip.slot, expected, found })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn block(slot: u64, parent_slot: u64, parent: u8) -> SlotBlock {
        SlotBlock {
            slot,
            parent_slot,
            blockhash: [9; 32],
            parent_blockhash: [parent; 32],
            block_time: None,
            transactions: 0,
            forged: 0,
            events: Vec::new(),
        }
    }

    const TIP: Option<Tip> = Some(Tip { slot: 10, blockhash: [1; 32] });

    #[test]
    fn the_next_block_proves_the_slots_between() {
        assert_eq!(prove(0, TIP, &block(11, 10, 1)), Ok(()));
        assert_eq!(prove(0, TIP, &block(15, 10, 1)), Ok(()));
    }

    #[test]
    fn a_block_left_out_is_noticed() {
        let stop = prove(0, TIP, &block(15, 12, 1)).unwrap_err();
        assert_eq!(stop, Stop::UnprovedSkip { after: 10, slot: 15, parent: 12 });
    }

    #[test]
    fn another_chain_is_noticed() {
        assert!(matches!(prove(0, TIP, &block(11, 10, 2)), Err(Stop::Fork { .. })));
        assert!(matches!(prove(0, TIP, &block(11, 9, 1)), Err(Stop::Fork { .. })));
        assert!(matches!(prove(0, TIP, &block(11, 11, 1)), Err(Stop::Fork { .. })));
        assert!(matches!(prove(0, TIP, &block(10, 10, 1)), Err(Stop::Fork { .. })));
    }

    #[test]
    fn the_first_block_proves_that_none_came_before() {
        assert_eq!(prove(0, None, &block(0, 0, 0)), Ok(()));
        assert_eq!(prove(5, None, &block(5, 4, 0)), Ok(()));
        assert_eq!(prove(5, None, &block(8, 4, 0)), Ok(()));
        assert_eq!(prove(5, None, &block(8, 6, 0)), Err(Stop::NoStart { start: 5, slot: 8, parent: 6 }));
    }
}
