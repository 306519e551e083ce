//! What the players try next.
//!
//! Each function gives a step of one group for the world as it is, and says whether it is hostile; `None`
//! if the group has nothing to act on. The model decides whether it is accepted.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;
mod time;

use super::cast::Cast;
use super::dice::Dice;
use super::tally::Attack;
use crate::step::Step;
use crate::world::World;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

/// A step, and what makes it hostile.
pub type Try = (Step, Option<Attack>);

/// What every script begins with: two providers with stake, judges and authorities.
pub fn opening(world: &World, cast: &Cast) -> Vec<Step> {
    let keys = |actors: &[crate::Actor]| actors.iter().map(crate::Actor::pubkey).collect::<Vec<_>>();
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
            time::pass(world, dice);
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

/// Hostile if somebody else than the right one signs.
fn by(right: &[u8; 32], actor: &crate::Actor) -> Option<Attack> {
    (actor.key() != *right).then_some(Attack::WrongSigner)
}

/// One of a map's addresses.
fn pick<V>(map: &BTreeMap<[u8; 32], V>, dice: &mut Dice) -> Option<Pubkey> {
    let all: Vec<_> = map.keys().collect();
    if all.is_empty() { None } else { Some(Pubkey::from(**dice.pick(&all))) }
}
