//! Who staked with whom.

use mira_core::Key;
use mira_core::amount::{Payment, Shares};
use mira_core::position::Ticket;
use mira_core::reward::RewardIndex;

use super::super::Ordinal;
use crate::row::row;

row! {
    /// One staker's part of one provider's pool. A closed position keeps its row.
    pub struct StakePositionRow in "stake_position" keyed 2 {
        /// The provider.
        pub provider: Key,
        /// The staker; the provider's owner for its own stake.
        pub staker: Key,
        /// Active shares, tickets excluded.
        pub shares: Shares,
        /// Unbonding tickets, oldest first.
        pub tickets: Vec<Ticket>,
        /// The pool's reward index when this position last looked.
        pub reward_entry: RewardIndex,
        /// Earned until then and not claimed.
        pub reward_owed: Payment,
        /// The account was closed; the next stake makes it anew.
        pub closed: bool,
        /// The number, among the provider's events, of the last that changed this position.
        pub seq: u64,
        /// The place of that event.
        pub ord: Ordinal,
    }
}
