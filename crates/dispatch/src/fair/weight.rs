//! What a requester weighs: the funding of its open jobs, as a part of the richest requester's, with
//! a floor. Without the floor a rich requester could leave a small one next to nothing; with a floor
//! in money somebody would have to say how much.

use std::collections::{BTreeMap, BTreeSet};

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Payment;

/// The weight of the requester with the most escrow.
pub const MOST: u64 = 1_024;

/// How many times more than the poorest the richest weighs at most.
pub const RANGE: u64 = 64;

/// The least weight.
pub const LEAST: u64 = MOST / RANGE;

/// The escrow of open jobs by requester.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct Weights {
    jobs: BTreeMap<Key, (Key, u64)>,
    requesters: BTreeMap<Key, Open>,
    by_escrow: BTreeSet<(u64, Key)>,
}

#[derive(Clone, Copy, Debug, Default, BorshSerialize, BorshDeserialize)]
struct Open {
    escrow: u64,
    jobs: u32,
}

/// What a change of one job meant for its requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has work as before, or none as before.
    None,
    /// It was idle and has work.
    Arrived,
    /// It has no work any more.
    Left,
}

impl Weights {
    /// Takes a job's funding; nothing once it takes no more work.
    pub fn set(&mut self, job: &Key, requester: &Key, funded: Option<Payment>) -> Change {
        let before = self.requesters.get(requester).copied().unwrap_or_default();
        let was = match funded {
            Some(funded) => self.jobs.insert(*job, (*requester, funded.get())),
            None => self.jobs.remove(job),
        };
        let was_funded = was.map_or(0, |(_, funded)| funded);
        let is_funded = funded.map_or(0, Payment::get);
        let jobs = (before.jobs + u32::from(funded.is_some())).saturating_sub(u32::from(was.is_some()));
        let after = Open { escrow: before.escrow.saturating_sub(was_funded).saturating_add(is_funded), jobs };
        self.by_escrow.remove(&(before.escrow, *requester));
        if after.jobs == 0 {
            self.requesters.remove(requester);
        } else {
            self.requesters.insert(*requester, after);
            self.by_escrow.insert((after.escrow, *requester));
        }
        match (before.jobs, after.jobs) {
            (0, 1..) => Change::Arrived,
            (1.., 0) => Change::Left,
            _ => Change::None,
        }
    }

    /// What a requester weighs, from `LEAST` to `MOST`.
    pub fn of(&self, requester: &Key) -> u64 {
        self.at(self.requesters.get(requester).map_or(0, |open| open.escrow))
    }

    fn at(&self, escrow: u64) -> u64 {
        weigh(escrow, self.by_escrow.last().map_or(0, |(most, _)| *most))
    }

    /// The part of all weights that a requester would have with this much more escrow in open jobs, in
    /// parts of a million.
    pub fn share_ppm(&self, requester: &Key, more: Payment) -> u32 {
        let own = self.escrow(requester).get().saturating_add(more.get());
        let others = self.requesters.iter().filter(|(key, _)| *key != requester).map(|(_, open)| open.escrow);
        let most = others.clone().max().unwrap_or(0).max(own);
        let own = weigh(own, most);
        let total = others.fold(own, |sum, escrow| sum.saturating_add(weigh(escrow, most)));
        u32::try_from(own.saturating_mul(1_000_000) / total).unwrap_or(1_000_000)
    }

    /// Escrow in a requester's open jobs.
    pub fn escrow(&self, requester: &Key) -> Payment {
        Payment::new(self.requesters.get(requester).map_or(0, |open| open.escrow))
    }

    /// Weights of all requesters with open jobs together.
    pub fn total(&self) -> u64 {
        self.requesters.values().fold(0, |sum, open| sum.saturating_add(self.at(open.escrow)))
    }
}

/// Escrow as a part of the most there is, of `MOST`; at least `LEAST`.
fn weigh(escrow: u64, most: u64) -> u64 {
    let weight = (u128::from(escrow) * u128::from(MOST)).checked_div(u128::from(most)).unwrap_or(0);
    u64::try_from(weight).unwrap_or(MOST).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Key = [1; 32];
    const B: Key = [2; 32];
    const C: Key = [3; 32];

    #[test]
    fn by_escrow_with_a_floor() {
        let mut weights = Weights::default();
        for (job, requester, funded) in [([9; 32], A, 600), ([8; 32], A, 400), ([7; 32], B, 500), ([6; 32], C, 1)] {
            weights.set(&job, &requester, Some(Payment::new(funded)));
        }
        assert_eq!([weights.of(&A), weights.of(&B), weights.of(&C)], [MOST, MOST / 2, LEAST]);
        assert_eq!(weights.total(), MOST + MOST / 2 + LEAST);
    }

    #[test]
    fn coming_and_going() {
        let mut weights = Weights::default();
        let funded = |amount| Some(Payment::new(amount));
        assert_eq!(weights.set(&[9; 32], &A, funded(5)), Change::Arrived);
        assert_eq!(weights.set(&[9; 32], &A, funded(7)), Change::None);
        assert_eq!(weights.set(&[8; 32], &A, funded(1)), Change::None);
        assert_eq!(weights.escrow(&A), Payment::new(8));
        assert_eq!(weights.set(&[9; 32], &A, None), Change::None);
        assert_eq!(weights.set(&[9; 32], &A, None), Change::None, "told twice");
        assert_eq!(weights.set(&[8; 32], &A, None), Change::Left);
        assert_eq!((weights.escrow(&A), weights.total()), (Payment::ZERO, 0));
        assert_eq!(weights.set(&[8; 32], &A, None), Change::None);
    }

    #[test]
    fn shares_with_more_escrow() {
        let mut weights = Weights::default();
        weights.set(&[9; 32], &A, Some(Payment::new(4_000)));
        weights.set(&[8; 32], &B, Some(Payment::new(8_000)));
        let share = |requester, more| weights.share_ppm(requester, Payment::new(more));
        assert_eq!(share(&A, 0), 333_333);
        assert_eq!(share(&A, 4_000), 500_000);
        assert_eq!(share(&A, 12_000), 666_666, "the other weighs half as much then");
        assert_eq!(share(&C, 8_000), 400_000);
        assert_eq!(Weights::default().share_ppm(&C, Payment::new(1)), 1_000_000, "alone");
    }

    #[test]
    fn no_escrow_at_all_is_the_floor() {
        let mut weights = Weights::default();
        weights.set(&[9; 32], &A, Some(Payment::ZERO));
        assert_eq!(weights.of(&A), LEAST);
    }
}
