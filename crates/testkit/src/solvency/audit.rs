//! Two invariants of which the ledger sees only a part: no provider claims more than its leaf (6), and whoever
//! plays every role ends with less than it began (8).

use super::cast::Cast;
use crate::world::{SUPPLY, World};
use mira_chain::event::Event;
use mira_core::Key;
use mira_core::amount::Payment;
use std::collections::BTreeMap;

/// What has to be remembered for them.
pub struct Audit {
    /// What all players together held at first.
    began: Purses,
    /// The largest leaf that each provider ever had under a final root.
    leaves: BTreeMap<Key, Payment>,
}

/// What all players together hold, read from their token accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Purses {
    stake: u128,
    payment: u128,
}

impl Purses {
    fn of(world: &World, cast: &Cast) -> Self {
        let held = |purse| u128::from(world.balance(&purse).unwrap());
        let keys: Vec<_> = cast.everyone().iter().map(|actor| actor.pubkey()).collect();
        Self {
            stake: keys.iter().map(|key| held(world.stake_purse(key))).sum(),
            payment: keys.iter().map(|key| held(world.payment_purse(key))).sum(),
        }
    }
}

impl Audit {
    /// Before the first step.
    pub fn begin(world: &World, cast: &Cast) -> Self {
        Self { began: Purses::of(world, cast), leaves: BTreeMap::new() }
    }

    /// After each accepted step: the sixth, of each provider alone.
    ///
    /// # Panics
    /// If it does not hold.
    pub fn step(&mut self, world: &World, cast: &Cast, events: &[Event]) {
        for event in events {
            let Event::EpochFinalized(event) = event else { continue };
            for (provider, amount) in cast.leaves(&event.epoch.root).expect("every root is of a proposal") {
                let largest = self.leaves.entry(*provider).or_default();
                *largest = (*largest).max(*amount);
            }
        }
        for (provider, entry) in &world.model.providers {
            let leaf = self.leaves.get(provider).copied().unwrap_or_default();
            assert!(entry.books.claimed <= leaf, "{:?} claimed of a leaf of {leaf:?}", entry.books.claimed);
        }
    }

    /// When everyone is out: the eighth, with all players as the coalition. What the treasury paid to one of
    /// them, and what strangers had sent to a job's vault, is none of its own.
    ///
    /// # Panics
    /// If it does not hold, or stake was lost otherwise than by burning.
    pub fn end(&self, world: &World, cast: &Cast) {
        let (ended, mut fees, mut gifts, mut largest_share) = (Purses::of(world, cast), 0, 0, 0);
        for event in &world.events {
            match event {
                Event::NetworkInitialized(e) => largest_share = e.params.reward_share_bps,
                Event::ParamsUpdated(e) => largest_share = largest_share.max(e.params_after.reward_share_bps),
                Event::LeaseSettled(e) => fees += u128::from(e.fee),
                Event::JobClosed(e) => gifts += u128::from(e.foreign),
                Event::TreasuryWithdrawn(e) => gifts += u128::from(e.amount),
                _ => {}
            }
        }
        let (kept, rewards) = (ended.payment, fees * u128::from(largest_share) / 10_000);
        let had = self.began.payment + gifts;
        assert!(kept + fees <= had + rewards, "{kept} kept of {had}: {fees} paid in fees, {rewards} rewards at most");
        let burned = u128::from(SUPPLY - world.supply(&world.stake_mint));
        assert_eq!(ended.stake + burned, self.began.stake, "stake that was not burned is gone");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::PURSE;
    use solana_sdk::pubkey::Pubkey;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    fn begun() -> (World, Cast, Audit) {
        let mut world = World::network();
        let cast = Cast::new(&mut world);
        let audit = Audit::begin(&world, &cast);
        (world, cast, audit)
    }

    /// Whether a script may end with that much in somebody's purse of a mint.
    fn may_end(mint: fn(&World) -> Pubkey, held: u64) -> bool {
        let (mut world, cast, audit) = begun();
        world.put_purse(&cast.stranger.pubkey(), mint(&world), held);
        catch_unwind(AssertUnwindSafe(|| audit.end(&world, &cast))).is_ok()
    }

    #[test]
    fn whoever_plays_gains_nothing() {
        assert!([PURSE - 1, PURSE].into_iter().all(|held| may_end(|world| world.payment_mint, held)));
        assert!(!may_end(|world| world.payment_mint, PURSE + 1));
    }

    #[test]
    fn stake_is_burned_or_comes_back() {
        assert!(may_end(|world| world.stake_mint, PURSE));
        assert!([PURSE - 1, PURSE + 1].into_iter().all(|held| !may_end(|world| world.stake_mint, held)));
    }

    #[test]
    fn a_claim_without_a_leaf_shows() {
        let (mut world, cast, mut audit) = begun();
        world.run(&world.register_provider(&cast.owners[0], &cast.operators[0]));
        audit.step(&world, &cast, &[]);
        world.model.providers.values_mut().for_each(|entry| entry.books.claimed = Payment::new(1));
        assert!(catch_unwind(AssertUnwindSafe(|| audit.step(&world, &cast, &[]))).is_err());
    }
}
