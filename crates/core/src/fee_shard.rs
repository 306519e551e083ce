//! Where fees wait until they are swept: sixteen shards, so that unrelated leases settle in
//! parallel, and one reward vault.

use crate::Key;
use crate::amount::Payment;
use crate::error::{Error, Result};
use crate::rewards::Rewards;

/// How many shards there are.
pub const FEE_SHARDS: u8 = 16;

/// The shard that takes a lease's fees: the first byte of its key, modulo [`FEE_SHARDS`].
pub fn shard_of(lease: &Key) -> u8 {
    let [first, ..] = lease;
    first.checked_rem(FEE_SHARDS).unwrap_or(0)
}

/// What one shard has counted since it was made. Its vault holds the difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeShard {
    /// Fees of all settlements so far.
    pub collected: Payment,
    /// Of these, what was moved to the reward vault.
    pub swept: Payment,
}

/// A sweep: the shard and the rewards after it, and what moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swept {
    /// The shard after.
    pub shard: FeeShard,
    /// The rewards after.
    pub rewards: Rewards,
    /// What moves from the shard's vault to the reward vault.
    pub amount: Payment,
}

impl FeeShard {
    /// The shard after one more settlement's fee.
    pub fn collect(&self, fee: Payment) -> Result<FeeShard> {
        Ok(FeeShard { collected: self.collected.checked_add(fee)?, ..*self })
    }

    /// Moves all that is unswept. Refuses with [`Error::NothingToSweep`].
    pub fn sweep(&self, rewards: &Rewards) -> Result<Swept> {
        let amount = self.collected.checked_sub(self.swept)?;
        if amount.is_zero() {
            return Err(Error::NothingToSweep);
        }
        let shard = FeeShard { swept: self.collected, ..*self };
        Ok(Swept { shard, rewards: rewards.sweep(amount)?, amount })
    }

    /// `swept ≤ collected`, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        if self.swept <= self.collected { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_chooses() {
        let mut lease = [7u8; 32];
        lease[0] = 0x35;
        assert_eq!(shard_of(&lease), 5);
    }

    #[test]
    fn a_sweep_moves_all_and_only_once() {
        let shard = FeeShard::default().collect(Payment::new(9)).unwrap();
        let swept = shard.sweep(&Rewards { swept: Payment::new(1), ..Rewards::default() }).unwrap();
        assert_eq!(swept.amount, Payment::new(9));
        assert_eq!(swept.rewards.swept, Payment::new(10));
        assert_eq!(swept.shard.sweep(&swept.rewards), Err(Error::NothingToSweep));
        assert_eq!(swept.shard.invariant(), Ok(()));
        let broken = FeeShard { collected: Payment::ZERO, swept: Payment::new(1) };
        assert_eq!(broken.invariant(), Err(Error::InvariantBroken));
        assert_eq!(broken.sweep(&Rewards::default()), Err(Error::MathOverflow));
        let full = Rewards { swept: Payment::MAX, ..Rewards::default() };
        assert_eq!(shard.sweep(&full), Err(Error::MathOverflow));
    }
}
