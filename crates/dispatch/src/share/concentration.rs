//! How concentrated something is among owners, in whole numbers.

use std::collections::BTreeMap;

use mira_core::Key;

/// How something spreads over owners.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Concentration {
    /// The Herfindahl index times 10,000, rounded down: the sum of the squares of all shares.
    pub herfindahl_e4: u32,
    /// The fewest owners that hold half of it: those whose loss would halve it.
    pub owners_for_half: u32,
}

/// The concentration of what is held, counted by owner and not by node.
pub fn concentration(holdings: impl IntoIterator<Item = (Key, u64)>) -> Concentration {
    let mut by_owner: BTreeMap<Key, u128> = BTreeMap::new();
    for (owner, held) in holdings {
        *by_owner.entry(owner).or_default() += u128::from(held);
    }
    let total: u128 = by_owner.values().sum();
    if total == 0 {
        return Concentration::default();
    }
    let mut holdings: Vec<u128> = by_owner.into_values().collect();
    holdings.sort_unstable_by(|a, b| b.cmp(a));
    // Shares in millionths: their squares sum to at most 10^12.
    let squares: u128 = holdings.iter().map(|held| (held * 1_000_000 / total).pow(2)).sum();
    let (mut held, mut owners) = (0u128, 0u32);
    for holding in &holdings {
        if held * 2 >= total {
            break;
        }
        held += holding;
        owners = owners.saturating_add(1);
    }
    Concentration { herfindahl_e4: u32::try_from(squares / 100_000_000).unwrap_or(u32::MAX), owners_for_half: owners }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(holdings: &[(u8, u64)]) -> Concentration {
        concentration(holdings.iter().map(|(owner, held)| ([*owner; 32], *held)))
    }

    #[test]
    fn one_owner_is_all() {
        assert_eq!(of(&[(1, 5), (1, 7)]), Concentration { herfindahl_e4: 10_000, owners_for_half: 1 });
        assert_eq!(of(&[]), Concentration::default());
        assert_eq!(of(&[(1, 0)]), Concentration::default());
    }

    #[test]
    fn equal_owners_share() {
        let four = [(1, 10), (2, 10), (3, 10), (4, 10)];
        assert_eq!(of(&four), Concentration { herfindahl_e4: 2_500, owners_for_half: 2 });
        assert_eq!(of(&[(1, u64::MAX), (2, u64::MAX)]).herfindahl_e4, 5_000);
    }
}
