//! Sweeps, epochs, claims.

use super::{Try, by, by_any};
use crate::actor::Actor;
use crate::solvency::cast::{Cast, Leaves};
use crate::solvency::dice::Dice;
use crate::solvency::tally::Attack;
use crate::step::Step;
use crate::world::World;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Epoch;
use mira_core::fee::share_floor;
use mira_core::hash::Sha2;
use mira_core::{Hash, Key, merkle};
use solana_sdk::pubkey::Pubkey;

/// The next step of this group: every other time what is due, so that epochs come to their end.
pub fn next(world: &World, cast: &mut Cast, dice: &mut Dice) -> Option<Try> {
    if dice.once_in(2) {
        return due(world, cast, dice);
    }
    let actor = cast.anyone(dice);
    Some(match dice.roll(14) {
        0 if dice.once_in(3) => {
            let shard = u8::try_from(dice.roll(18)).unwrap();
            let open = world.model.shards.contains_key(&shard);
            let attack = if open { Attack::Repeated } else { Attack::BoundaryAmount };
            (world.init_fee_shard(&actor, shard), Some(attack))
        }
        1 | 2 => sweep(world, cast, dice),
        3..=5 => approve(world, cast, dice),
        6 => {
            let guardian = world.model.network.guardian;
            let actor = cast.mostly(&guardian, dice);
            let pending = world.model.rewards.books.epochs.pending;
            // A stale one is anybody's.
            let stale = pending.is_some_and(|pending| world.now() >= pending.stale_from);
            (world.cancel_epoch(&actor), by(&guardian, &actor).filter(|_| !stale))
        }
        7 => (world.finalize_epoch(&actor), None),
        8..=11 => claim(world, cast, dice)?,
        _ => {
            let positions: Vec<_> = world.model.positions.keys().collect();
            if positions.is_empty() {
                return None;
            }
            let earned = |at: &&&(Key, Key)| {
                let books = &world.model.providers[&at.0].books;
                books.claim_delegation(&world.model.positions[**at]).is_ok()
            };
            let earning: Vec<_> = positions.iter().filter(earned).copied().collect();
            let (provider, staker) = match earning.is_empty() || dice.once_in(4) {
                true => *dice.pick(&positions),
                false => *dice.pick(&earning),
            };
            (world.claim_delegation_reward(&actor, &cast.of(staker), &Pubkey::from(*provider)), None)
        }
    })
}

/// What an honest network would do now.
fn due(world: &World, cast: &mut Cast, dice: &mut Dice) -> Option<Try> {
    let books = &world.model.rewards.books;
    let collected = world.model.shards.values().map(|shard| u128::from(shard.books.collected.get())).sum::<u128>();
    let next = books.epochs.last_at + i64::from(world.model.network.params.reward.epoch_secs);
    match books.epochs.pending {
        Some(pending) if world.now() >= pending.final_from => Some((world.finalize_epoch(&cast.anyone(dice)), None)),
        None if u128::from(books.swept.get()) < collected => Some(sweep(world, cast, dice)),
        None if world.now() >= next && books.swept > books.epochs.last.cumulative_fees => {
            Some(approve(world, cast, dice))
        }
        _ => claim(world, cast, dice),
    }
}

fn sweep(world: &World, cast: &Cast, dice: &mut Dice) -> Try {
    let full =
        |shard: &u8| world.model.shards.get(shard).is_some_and(|entry| entry.books.swept < entry.books.collected);
    let anyone = u8::try_from(dice.roll(16)).unwrap();
    let shard = if dice.once_in(4) { anyone } else { (0..16).find(full).unwrap_or(anyone) };
    (world.sweep_fees(&cast.anyone(dice), shard), None)
}

/// Honest authorities agree on what the fees say; dishonest ones approve too much, or another epoch.
fn approve(world: &World, cast: &mut Cast, dice: &mut Dice) -> Try {
    let authority = if dice.once_in(8) { cast.anyone(dice) } else { dice.pick(&cast.authorities).clone() };
    let attack = by_any(&world.model.network.reward_authorities, &authority);
    // The last proposal, so that a majority comes together; a new one when there is none for this index.
    let index = world.model.rewards.books.epochs.last.index + 1;
    let open = cast.epochs.iter().rev().find(|(epoch, _)| epoch.index == index).map(|(epoch, _)| *epoch);
    if let Some(epoch) = open
        && !dice.once_in(6)
    {
        return (world.approve_epoch(&authority, &epoch), attack);
    }
    let books = &world.model.rewards.books;
    if books.swept == books.epochs.last.cumulative_fees && !dice.once_in(8) {
        return sweep(world, cast, dice);
    }
    let mut epoch = honest(world, cast);
    let greedy = dice.once_in(8);
    if greedy {
        epoch.cumulative_total = epoch.cumulative_total.checked_add(Payment::new(1 + dice.roll(5))).unwrap();
    }
    (world.approve_epoch(&authority, &epoch), attack.or(greedy.then_some(Attack::BoundaryAmount)))
}

/// What honest authorities propose: each provider's lifetime amount grows by the share of the fees that its
/// settlements paid since the last epoch that counted them.
pub fn honest(world: &World, cast: &mut Cast) -> Epoch {
    let books = &world.model.rewards.books;
    let last = &books.epochs.last;
    let before = cast.leaves(&last.root).cloned().unwrap_or_default();
    // Fees that are swept and not counted yet, split by each provider's part of all fees.
    let fresh = books.swept.checked_sub(last.cumulative_fees).unwrap_or_default();
    let all: u128 = cast.fees.values().sum();
    let share = world.model.network.params.reward.share_bps;
    let mut total = last.cumulative_total;
    let mut leaves: Leaves = Vec::new();
    for provider in world.model.providers.keys() {
        let lifetime = before.iter().find(|(key, _)| key == provider).map(|(_, amount)| *amount).unwrap_or_default();
        let part = part(fresh, cast.fees.get(provider).copied().unwrap_or_default(), all, share);
        total = total.checked_add(part).unwrap();
        leaves.push((*provider, lifetime.checked_add(part).unwrap()));
    }
    let epoch = Epoch {
        index: last.index + 1,
        root: merkle::root::<Sha2>(&hashes(&leaves)),
        cumulative_fees: books.swept,
        cumulative_total: total,
        report_hash: [7; 32],
    };
    cast.epochs.push((epoch, leaves));
    epoch
}

fn part(fresh: Payment, own: u128, all: u128, share: Bps) -> Payment {
    let own = u128::from(fresh.get()) * own / all.max(1);
    share_floor(Payment::new(u64::try_from(own).unwrap()), share).unwrap()
}

fn hashes(leaves: &Leaves) -> Vec<Hash> {
    leaves.iter().map(|(provider, amount)| merkle::leaf::<Sha2>(provider, *amount)).collect()
}

/// A leaf of the final root; or one of an earlier proposal, or of another amount.
fn claim(world: &World, cast: &Cast, dice: &mut Dice) -> Option<Try> {
    let last = &world.model.rewards.books.epochs.last;
    let current = cast.epochs.iter().find(|(epoch, _)| epoch.root == last.root);
    let old = dice.once_in(5) || current.is_none();
    let (epoch, leaves) = if old && !cast.epochs.is_empty() { dice.pick(&cast.epochs) } else { current? };
    if leaves.is_empty() {
        return None;
    }
    let all: Vec<usize> = (0..leaves.len()).collect();
    let worth = unclaimed(world, leaves);
    let any = worth.is_empty() || dice.once_in(4);
    let at = *dice.pick(if any { &all } else { &worth });
    let more = u64::from(dice.once_in(6));
    let attack = (epoch.root != last.root || more > 0).then_some(Attack::Stale);
    Some((leaf(world, &cast.anyone(dice), leaves, at, more), attack))
}

/// Claims of every leaf of the final root that is worth something.
pub fn claims(world: &World, cast: &Cast, actor: &Actor) -> Vec<Step> {
    let Some(leaves) = cast.leaves(&world.model.rewards.books.epochs.last.root) else { return Vec::new() };
    unclaimed(world, leaves).into_iter().map(|at| leaf(world, actor, leaves, at, 0)).collect()
}

/// The places of leaves that hold more than their providers have claimed.
fn unclaimed(world: &World, leaves: &Leaves) -> Vec<usize> {
    let claimed = |key: &Key| world.model.providers.get(key).map(|entry| entry.books.claimed);
    let is_worth = |(key, amount): &(Key, Payment)| claimed(key).is_some_and(|claimed| claimed < *amount);
    (0..leaves.len()).filter(|at| is_worth(&leaves[*at])).collect()
}

/// The claim of one leaf, or of so many base units more than it holds.
fn leaf(world: &World, actor: &Actor, leaves: &Leaves, at: usize, more: u64) -> Step {
    let (provider, amount) = leaves[at];
    let proof = merkle::proof::<Sha2>(&hashes(leaves), at).unwrap();
    world.claim_reward(actor, &Pubkey::from(provider), amount.get() + more, &proof)
}
