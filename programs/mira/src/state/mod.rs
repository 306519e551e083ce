//! What the program's accounts hold, and what must be true of each.
//!
//! Every type turns itself into `mira_core`'s data (`to_core`), takes the result of a transition back
//! (`apply`, which counts the event and calls `invariant` last), and does nothing else: all
//! arithmetic is core's. Layouts may change until the first public deployment.

mod config;
mod dispute;
mod fee_shard;
mod job;
mod lease;
mod provider;
mod reward_state;
mod stake_position;

pub use config::{Config, NetworkParams, MAX_REWARD_AUTHORITIES, MAX_VERIFIERS, VERSION};
pub use dispute::Dispute;
pub use fee_shard::FeeShard;
pub use job::Job;
pub use lease::Lease;
pub use provider::Provider;
pub use reward_state::{Epoch, EpochApproval, PendingEpoch, RewardState};
pub use stake_position::{StakePosition, Ticket, MAX_TICKETS};

use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::Bps;

/// The number of an aggregate's next event.
fn next_seq(seq: u64) -> Result<u64> {
    seq.checked_add(1).ok_or(error!(MiraError::MathOverflow))
}

/// A stored rate, which was checked before it was stored.
fn stored_bps(bps: u16) -> Result<Bps> {
    Bps::new(bps).ok_or(error!(MiraError::InvariantBroken))
}

/// Turns a failed check of stored data into the program's error.
fn checked<T>(result: mira_core::Result<T>) -> Result<T> {
    Ok(result.map_err(MiraError::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_fits_one_creation_and_a_second_layout_is_seen() {
        // Sizes that clients and rent estimates rely on; a change here is a change of layout.
        const PARAMS: usize = 42 + 2 + 8 + 3 * 4 + 2 * 2 + 3 * 4;
        const EPOCH: usize = 8 + 32 + 2 * 8 + 32;
        assert_eq!(Config::SPACE, 8 + 3 + 8 + 2 + 2 * 32 + 33 + 4 * 32 + PARAMS + 4 + 4 + 5 * 32 + 4 + 7 * 32);
        assert_eq!(
            Provider::SPACE,
            8 + 3 * 32 + 1 + 8 + 8 + 3 * 16 + 8 + 2 * 2 + 8 + 16 + 8 + 4 + 2 * 16 + 32 + 8 + 8 + 1
        );
        assert_eq!(StakePosition::SPACE, 8 + 2 * 32 + 16 + 4 + MAX_TICKETS * 24 + 16 + 8 + 1);
        assert_eq!(Job::SPACE, 8 + 32 + 8 + 32 + 33 + 32 + 2 + 6 * 8 + 2 * 3 + 4 + 5 * 8 + 1 + 8 + 2);
        assert_eq!(Lease::SPACE, 8 + 2 * 32 + 4 + 3 * 32 + 8 + 2 + 5 * 8 + 2 * 8 + 2 * 4 + 2 * 8 + 3 + 32 + 8 + 1);
        assert_eq!(FeeShard::SPACE, 8 + 1 + 3 * 8 + 2);
        assert_eq!(
            RewardState::SPACE,
            8 + 5 * 8 + EPOCH + 8 + 8 + 2 + (1 + EPOCH + 2 + 16) + 4 + MAX_REWARD_AUTHORITIES * 64
        );
        assert_eq!(Dispute::SPACE, 8 + 3 * 32 + 1 + 8 + 2 * 32 + 1 + 3 * 8 + 2 * 4 + 2 + 4 + 3 + 8 + 1);
    }

    #[test]
    fn a_broken_account_says_so() {
        let shard = FeeShard { shard: 16, collected: 0, swept: 0, seq: 1, bump: 255, vault_bump: 255 };
        assert!(shard.invariant().is_err());
        assert!(FeeShard { shard: 15, ..shard.clone() }.invariant().is_ok());
        assert!(FeeShard { shard: 15, swept: 1, ..shard }.invariant().is_err());
        let rewards = RewardState::begin(7, 255, 255);
        assert!(rewards.invariant().is_ok());
        assert!(RewardState { swept: 1, ..rewards.clone() }.invariant().is_err());
        assert!(RewardState { claimed: 1, swept: 1, seq: 1, ..rewards }.invariant().is_err());
    }
}
