//! Providers and stakers.

use super::{Try, all, amount, by, payment};
use crate::actor::Actor;
use crate::solvency::cast::Cast;
use crate::solvency::dice::Dice;
use crate::solvency::tally::Attack;
use crate::step::Step;
use crate::world::World;
use mira_chain::{ix, pda};
use mira_core::position::Position;
use solana_sdk::pubkey::Pubkey;

/// The next step of this group.
pub fn next(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    match dice.roll(8) {
        0 => (register(world, cast, dice), None),
        1 => update(world, cast, dice),
        2 | 3 => {
            let staker = match dice.roll(12) {
                0 => return by_the_whale(world, cast, dice),
                1..=4 => cast.anyone(dice),
                _ => dice.pick(&cast.delegators).clone(),
            };
            let most = if dice.once_in(2) { 2_000_000 } else { 50_000 };
            let (amount, attack) = payment(world, dice, &world.stake_purse(&staker.pubkey()), most);
            (world.stake(&staker, &cast.provider(dice), amount), attack)
        }
        _ => leave(world, cast, dice),
    }
}

fn register(world: &World, cast: &Cast, dice: &mut Dice) -> Step {
    let at = usize::try_from(dice.roll(3)).unwrap();
    world.register_provider(&cast.owners[at], &cast.operators[at])
}

/// As much as one pool can ever hold, mostly the one that most leases are opened with.
fn by_the_whale(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    let owner = if dice.once_in(3) { dice.pick(&cast.owners) } else { &cast.owners[0] };
    let (amount, attack) = all(world, dice, &world.stake_purse(&cast.whale.pubkey()));
    (world.stake(&cast.whale, &pda::provider(&owner.pubkey()), amount), attack)
}

fn update(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    let owner = dice.pick(&cast.owners).clone();
    let provider = pda::provider(&owner.pubkey());
    let actor = cast.mostly(&owner.key(), dice);
    let half = |dice: &mut Dice| dice.once_in(2);
    let args = ix::UpdateProviderArgs {
        operator: half(dice).then(|| dice.pick(&cast.operators).pubkey()),
        draining: half(dice).then(|| dice.once_in(4)),
        commission_bps: half(dice).then(|| u16::try_from(dice.roll(10_001)).unwrap()),
        ..ix::UpdateProviderArgs::default()
    };
    let payout = world.payment_purse(&dice.pick(&cast.owners).pubkey());
    let payout = half(dice).then_some(&payout);
    (world.update_provider(&actor, &provider, payout, args), by(&owner.key(), &actor))
}

/// Requests, cancels or withdraws of somebody's position.
fn leave(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    let positions: Vec<_> = world.model.positions.iter().collect();
    if positions.is_empty() || dice.once_in(10) {
        let (stranger, provider) = (cast.anyone(dice), cast.provider(dice));
        let none = !world.model.positions.contains_key(&(provider.to_bytes(), stranger.key()));
        let step = world.request_unstake(&stranger, &provider, u128::from(dice.roll(10)));
        return (step, none.then_some(Attack::WrongSigner));
    }
    let ((provider, staker), position) = *dice.pick(&positions);
    let (provider, staker) = (Pubkey::from(*provider), cast.of(staker));
    if position.tickets.is_empty() || dice.once_in(3) {
        return request(world, &staker, &provider, position, dice);
    }
    let tickets = u64::try_from(position.tickets.len()).unwrap();
    let ticket = u8::try_from(dice.roll(tickets + 1)).unwrap();
    if dice.once_in(3) {
        return (world.cancel_unstake(&staker, &provider, ticket), None);
    }
    (world.withdraw_stake(&cast.anyone(dice), &staker, &provider, ticket), None)
}

fn request(world: &World, staker: &Actor, provider: &Pubkey, position: &Position, dice: &mut Dice) -> Try {
    let held = u64::try_from(position.shares.get()).unwrap_or(u64::MAX);
    let (shares, attack) = if dice.once_in(3) { (held, None) } else { amount(dice, held) };
    (world.request_unstake(staker, provider, u128::from(shares)), attack)
}
