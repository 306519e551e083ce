//! Which guards a run removes: all, some by seed, or those that are named.

use anyhow::bail;
use sha2::{Digest, Sha256};

use super::guard::Guard;

/// The guards of a run.
pub enum Choice {
    /// Every one.
    All,
    /// As many, by seed.
    Some {
        /// How many.
        count: usize,
        /// The same seed chooses the same ones of the same list.
        seed: u64,
    },
    /// These numbers.
    These(Vec<u32>),
}

/// The chosen ones, in the order of the list. Refuses to choose none, and numbers that nothing has: a run
/// that removes nothing proves nothing.
pub fn choose<'g>(guards: &'g [Guard], choice: &Choice) -> anyhow::Result<Vec<&'g Guard>> {
    let chosen: Vec<&Guard> = match choice {
        Choice::All => guards.iter().collect(),
        Choice::These(numbers) => {
            if let Some(number) = numbers.iter().find(|number| guards.iter().all(|guard| guard.number != **number)) {
                bail!("there is no guard {number}; `cargo xtask mutants --guards --list` shows all {}", guards.len());
            }
            guards.iter().filter(|guard| numbers.contains(&guard.number)).collect()
        }
        Choice::Some { count, seed } => {
            let mut drawn: Vec<_> = guards.iter().map(|guard| (lot(*seed, guard.number), guard)).collect();
            drawn.sort_by_key(|(lot, _)| *lot);
            let mut chosen: Vec<&Guard> = drawn.into_iter().take(*count).map(|(_, guard)| guard).collect();
            chosen.sort_by_key(|guard| guard.number);
            chosen
        }
    };
    if chosen.is_empty() {
        bail!("no guard is chosen, so none would be removed; `--count` takes at least 1");
    }
    Ok(chosen)
}

fn lot(seed: u64, number: u32) -> [u8; 32] {
    Sha256::new().chain_update(seed.to_le_bytes()).chain_update(number.to_le_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{Choice, choose};
    use crate::mutants::guard::{Guard, Kind};

    fn guards(count: u32) -> Vec<Guard> {
        let guard = |number| Guard { number, file: String::new(), line: 1, kind: Kind::Line, text: number.to_string() };
        (1..=count).map(guard).collect()
    }

    fn numbers(choice: &Choice) -> Vec<u32> {
        choose(&guards(100), choice).unwrap().iter().map(|guard| guard.number).collect()
    }

    #[test]
    fn a_seed_chooses_the_same_ones_again_and_another_chooses_others() {
        let first = numbers(&Choice::Some { count: 30, seed: 7 });
        assert_eq!(first.len(), 30);
        assert!(first.is_sorted());
        assert_eq!(first, numbers(&Choice::Some { count: 30, seed: 7 }));
        assert_ne!(first, numbers(&Choice::Some { count: 30, seed: 8 }));
        assert_eq!(numbers(&Choice::Some { count: 500, seed: 7 }), numbers(&Choice::All));
        assert_eq!(numbers(&Choice::These(vec![3, 2])), [2, 3]);
    }
    #[test]
    fn a_run_that_would_remove_nothing_is_refused() {
        let refused = |count, choice| choose(&guards(count), &choice).unwrap_err().to_string();
        assert!(refused(100, Choice::Some { count: 0, seed: 7 }).contains("no guard is chosen"));
        assert!(refused(0, Choice::All).contains("no guard is chosen"));
        assert!(refused(100, Choice::These(vec![2, 101])).contains("there is no guard 101"));
        assert!(refused(100, Choice::These(vec![0])).contains("there is no guard 0"));
    }
}
