//! Governance: now and then, so that most of a script runs under settled rules.

use super::{Try, amount, by, by_any};
use crate::actor::Actor;
use crate::solvency::cast::Cast;
use crate::solvency::dice::Dice;
use crate::solvency::tally::Attack;
use crate::world::World;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::params::Params;
use solana_sdk::pubkey::Pubkey;

/// The next step of this group.
pub fn next(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    let network = &world.model.network;
    let actor = cast.mostly(&network.admin, dice);
    let hostile = by(&network.admin, &actor);
    match dice.roll(10) {
        0 | 1 => {
            let (params, attack) = params(&network.params, dice);
            (world.update_params(&actor, &params), hostile.or(attack))
        }
        2 => (world.propose_admin(&actor, dice.pick(&cast.admins)), hostile),
        3 => {
            let pending = network.pending_admin.unwrap_or(network.guardian);
            let actor = cast.mostly(&pending, dice);
            (world.accept_admin(&actor), by(&pending, &actor))
        }
        4 => (world.set_guardian(&actor, dice.pick(&cast.admins)), hostile),
        5 => {
            let actor = if dice.once_in(2) { cast.of(&network.guardian) } else { actor };
            let attack = by_any(&[network.admin, network.guardian], &actor);
            (world.set_pause(&actor, dice.once_in(2)), attack)
        }
        6 if dice.once_in(3) => {
            (world.set_reward_authorities(&actor, &keys(&cast.authorities, &cast.stranger, dice)), hostile)
        }
        7 => {
            let guests = &cast.owners[0];
            (world.set_verifiers(&actor, &keys(&cast.verifiers, guests, dice)), hostile)
        }
        _ => {
            let held = world.model.rewards.books.treasury().unwrap().get();
            let (amount, attack) = amount(dice, held + 2);
            (world.withdraw_treasury(&actor, amount), hostile.or(attack))
        }
    }
}

/// The usual ones, sometimes with a guest, sometimes one of them twice.
fn keys(usual: &[Actor], guest: &Actor, dice: &mut Dice) -> Vec<Pubkey> {
    let mut keys: Vec<Pubkey> = usual.iter().map(Actor::pubkey).collect();
    match dice.roll(5) {
        0 => keys.push(guest.pubkey()),
        1 => keys.push(keys[0]),
        _ => {}
    }
    keys
}

/// A change of one parameter, mostly within its bounds.
fn params(present: &Params, dice: &mut Dice) -> (Params, Option<Attack>) {
    let mut params = *present;
    let bps = |dice: &mut Dice, most: u64| Bps::new(u16::try_from(1 + dice.roll(most)).unwrap()).unwrap();
    let secs = |dice: &mut Dice, most: u64| u32::try_from(1 + dice.roll(most)).unwrap();
    match dice.roll(9) {
        0 => params.fee_bps = bps(dice, 2_000),
        1 => params.stake_per_million = StakePerMillion::new(1 + dice.roll(2_000_000)),
        2 => params.min_stake = Stake::new(10 + dice.roll(5_000)),
        3 => params.grace_secs = secs(dice, 30),
        4 => params.dispute.max_slash_bps = bps(dice, 5_000),
        5 => params.dispute.bond_bps = bps(dice, 5_000),
        6 => params.reward.share_bps = bps(dice, 9_000),
        7 => params.unbonding_secs = 250 + secs(dice, 100),
        _ => {
            params.reward.share_bps = Bps::new(9_001).unwrap();
            return (params, Some(Attack::BoundaryAmount));
        }
    }
    (params, None)
}
