//! What the players try next.
//!
//! Each function gives a step of one group for the world as it is, and says whether it is hostile; `None`
//! if the group has nothing to act on. The model decides whether it is accepted.

mod admin;
mod dispute;
mod job;
mod lease;
pub mod reward;
mod stake;
mod time;

use super::cast::Cast;
use super::dice::Dice;
use super::tally::Attack;
use crate::actor::Actor;
use crate::step::Step;
use crate::world::World;
use mira_core::Key;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

/// A step, and what makes it hostile.
pub type Try = (Step, Option<Attack>);

/// What every script begins with: two providers with stake, judges and authorities.
pub fn opening(world: &World, cast: &Cast) -> Vec<Step> {
    let keys = |actors: &[Actor]| actors.iter().map(Actor::pubkey).collect::<Vec<_>>();
    let mut steps = vec![
        world.set_guardian(&world.admin, &cast.admins[2]),
        world.set_verifiers(&world.admin, &keys(&cast.verifiers)),
        world.set_reward_authorities(&world.admin, &keys(&cast.authorities)),
    ];
    for (at, amount) in [(0, 5_000_000), (1, 80_000)] {
        let (owner, operator) = (&cast.owners[at], &cast.operators[at]);
        let provider = mira_chain::pda::provider(&owner.pubkey());
        steps.push(world.register_provider(owner, operator));
        steps.push(world.stake(owner, &provider, amount));
    }
    steps
}

/// The next step. `None` when time passed, a gift was made, or there was nothing to act on.
pub fn next(world: &mut World, cast: &mut Cast, dice: &mut Dice) -> Option<Try> {
    // Nothing new begins while the network is paused, so a pause is short.
    if world.model.network.paused && dice.once_in(3) {
        return Some((world.set_pause(&cast.of(&world.model.network.admin), false), None));
    }
    match dice.roll(50) {
        0..=6 => Some(stake::next(world, cast, dice)),
        7..=11 => job::next(world, cast, dice),
        12..=31 => lease::next(world, cast, dice),
        32..=37 => dispute::next(world, cast, dice),
        38..=45 => reward::next(world, cast, dice),
        46 | 47 => Some(admin::next(world, cast, dice)),
        _ => {
            cast.jumped = time::pass(world, dice);
            None
        }
    }
}

/// An amount below `most`, or, now and then, one at the edge of what can be written.
fn amount(dice: &mut Dice, most: u64) -> (u64, Option<Attack>) {
    if dice.once_in(7) {
        let edges = [0, 1, most.saturating_add(1), u64::MAX - 1, u64::MAX];
        return (*dice.pick(&edges), Some(Attack::BoundaryAmount));
    }
    (dice.roll(most.max(1)), None)
}

/// What somebody pays out of `purse`: as [`amount`], or, now and then, all that is in it.
fn payment(world: &World, dice: &mut Dice, purse: &Pubkey, most: u64) -> (u64, Option<Attack>) {
    if dice.once_in(20) { all(world, dice, purse) } else { amount(dice, most) }
}

/// About as much as `purse` holds: one base unit more or less, all, half, or any part.
fn all(world: &World, dice: &mut Dice, purse: &Pubkey) -> (u64, Option<Attack>) {
    let held = world.balance(purse).unwrap_or_default();
    let edges = [held, held.saturating_sub(1), held.saturating_add(1), held / 2, dice.roll(held.max(1))];
    (*dice.pick(&edges), Some(Attack::BoundaryAmount))
}

/// Hostile if somebody else than the right one signs.
fn by(right: &Key, actor: &Actor) -> Option<Attack> {
    by_any(&[*right], actor)
}

/// Hostile if none of those signs who may.
fn by_any(rights: &[Key], actor: &Actor) -> Option<Attack> {
    (!rights.contains(&actor.key())).then_some(Attack::WrongSigner)
}

/// One of a map's addresses.
fn pick<V>(map: &BTreeMap<Key, V>, dice: &mut Dice) -> Option<Pubkey> {
    let all: Vec<_> = map.keys().collect();
    if all.is_empty() { None } else { Some(Pubkey::from(**dice.pick(&all))) }
}
