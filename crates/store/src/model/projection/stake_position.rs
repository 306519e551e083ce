//! Who staked with whom.

use mira_core::Key;
use mira_core::amount::Shares;
use mira_core::position::Ticket;

use super::super::Ordinal;
use crate::row::row;

row! {
    /// One staker's part of one provider's pool. A position without shares and tickets keeps its row.
    pub struct StakePositionRow in "stake_position" keyed 2 {
        /// The provider.
        pub provider: Key,
        /// The staker; the provider's owner for its own stake.
        pub staker: Key,
        /// Active shares, tickets excluded.
        pub shares: Shares,
        /// Unbonding tickets, oldest first.
        pub tickets: Vec<Ticket>,
        /// The number, among the provider's events, of the last that changed this position.
        pub seq: u64,
        /// The place of that event.
        pub ord: Ordinal,
    }
}
