//! Owners and delegators.

use super::Script;
use crate::Key;
use crate::amount::{Bps, Shares, Stake};
use crate::ledger::tests::cast::{DELEGATORS, PROVIDERS, amount, delegator, mostly, operator, owner, provider};
use crate::ledger::{Action, Ledger};
use crate::position::Position;
use crate::provider::{ProviderStatus, ProviderUpdate};
use crate::testing::Dice;
use std::vec::Vec;

fn rate(dice: &mut Dice) -> Bps {
    Bps::new(u16::try_from(dice.amount(14).min(10_000)).unwrap()).unwrap()
}

/// A provider and one who may have stake there: its owner as often as all others.
fn pair(dice: &mut Dice) -> (Key, Key) {
    let index = dice.below(PROVIDERS);
    let staker = match dice.below(4) {
        0 | 1 => owner(index),
        2 => delegator(dice.below(DELEGATORS)),
        _ => owner(dice.below(PROVIDERS)),
    };
    (provider(index), staker)
}

/// A pair with a position that it is about, or else any.
fn held(ledger: &Ledger, dice: &mut Dice, about: impl Fn(&Position) -> bool) -> (Key, Key) {
    let fit: Vec<(Key, Key)> = ledger.positions.iter().filter(|(_, books)| about(books)).map(|(key, _)| *key).collect();
    if fit.is_empty() || dice.one_in(8) { pair(dice) } else { dice.of(&fit) }
}

pub fn register_provider(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let missing = (0..PROVIDERS).find(|index| !ledger.providers.contains_key(&provider(*index)));
    let index = missing.unwrap_or(dice.below(PROVIDERS));
    Action::RegisterProvider {
        provider: provider(index),
        owner: owner(index),
        operator: operator(index),
        commission: rate(dice),
    }
}

pub fn update_provider(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let resting = |index: &u64| {
        ledger.providers.get(&provider(*index)).is_some_and(|entry| entry.books.status != ProviderStatus::Active)
    };
    let index = (0..PROVIDERS).find(resting).filter(|_| !dice.one_in(3)).unwrap_or(dice.below(PROVIDERS));
    let update = ProviderUpdate {
        draining: dice.of(&[None, Some(false), Some(false), Some(false), Some(true)]),
        commission: dice.one_in(3).then(|| rate(dice)),
    };
    let other = dice.one_in(6).then(|| operator(dice.below(PROVIDERS)));
    Action::UpdateProvider { provider: provider(index), actor: mostly(dice, owner(index)), operator: other, update }
}

pub fn stake(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let (provider, staker) = pair(dice);
    // Enough for leases most of the time, and for less than 10^6 shares the other times.
    let bits = dice.of(&[12, 20, 24, 44]);
    Action::Stake { provider, staker, amount: Stake::new(amount(dice, bits, ledger.flows.stake_in)) }
}

pub fn request_unstake(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let (provider, staker) = held(ledger, dice, |position| !position.shares.is_zero());
    let held = ledger.positions.get(&(provider, staker)).map_or(9, |position| position.shares.get());
    let shares = match dice.below(8) {
        0 => held,
        1 => held.saturating_add(1),
        2 => dice.of(&[0, 1, u128::MAX]),
        _ => u128::from(dice.any()) % (held / 2 + 2),
    };
    Action::RequestUnstake { provider, staker, shares: Shares::new(shares) }
}

/// One of those there are, or the one after the last.
fn ticket(ledger: &Ledger, at: (Key, Key), dice: &mut Dice) -> u8 {
    let tickets = ledger.positions.get(&at).map_or(0, |position| position.tickets.len() as u64);
    let beyond = u64::from(dice.one_in(8));
    u8::try_from(dice.below(tickets + beyond)).unwrap()
}

pub fn cancel_unstake(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let (provider, staker) = held(ledger, dice, |position| !position.tickets.is_empty());
    Action::CancelUnstake { provider, staker, ticket: ticket(ledger, (provider, staker), dice) }
}

pub fn withdraw_stake(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let ripe = |position: &Position| position.tickets.iter().any(|ticket| ticket.unlock_ts <= ledger.now);
    let (provider, staker) = held(ledger, dice, ripe);
    Action::WithdrawStake { provider, staker, ticket: ticket(ledger, (provider, staker), dice) }
}
