//! The end of every script: from wherever it stopped, in a paused network, strangers' cranks after the
//! deadlines end everything, a last epoch counts all fees, and every token reaches its owner.

use super::player::Player;
use super::script::reward;
use crate::actor::Actor;
use mira_core::Key;
use mira_core::dispute::Stage;
use solana_sdk::pubkey::Pubkey;

/// Longer than any deadline of a script.
const LONG: u32 = 5_000;

/// Gets everyone out.
pub fn drain(player: &mut Player) {
    let admin = player.cast.of(&player.world.model.network.admin);
    if !player.world.model.network.paused {
        let pause = player.world.set_pause(&admin, true);
        player.must(&pause);
    }
    player.advance(LONG);
    let stranger = player.cast.stranger.clone();
    disputes(player, &stranger);
    leases(player, &stranger);
    jobs(player, &stranger);
    sweeps(player, &stranger);
    pending(player, &stranger);
    last_epoch(player, &stranger);
    claims(player, &stranger);
    positions(player, &stranger);
    treasury(player, &admin);
    let model = &player.world.model;
    assert!(model.network.paused, "the network runs again");
    assert!(model.jobs.is_empty() && model.leases.is_empty() && model.disputes.is_empty(), "something is stuck");
    assert!(model.positions.is_empty(), "stake is stuck");
    // Whoever burned the last share took all; what is left was given away.
    assert_eq!(model.stake_vault, model.stake_foreign, "stake is stuck");
    assert!(model.shards.values().all(|shard| shard.vault == shard.foreign), "fees are stuck");
    assert_eq!(model.rewards.treasury, model.rewards.treasury_foreign, "the treasury is stuck");
}

fn keys<V>(map: &std::collections::BTreeMap<Key, V>) -> Vec<Pubkey> {
    map.keys().map(|key| Pubkey::from(*key)).collect()
}

fn disputes(player: &mut Player, stranger: &Actor) {
    for lease in keys(&player.world.model.disputes) {
        let step = player.world.resolve_dispute(stranger, &lease);
        player.must(&step);
    }
    assert!(player.world.model.disputes.values().all(|dispute| dispute.stage != Stage::Open));
}

fn leases(player: &mut Player, stranger: &Actor) {
    for lease in keys(&player.world.model.leases) {
        if !player.world.model.leases[&lease.to_bytes()].books.released {
            let step = player.world.release_lease(stranger, &lease);
            player.must(&step);
        }
    }
    player.advance(LONG);
    for lease in keys(&player.world.model.leases) {
        let step = player.world.end_lease(stranger, &lease);
        player.must(&step);
    }
}

fn jobs(player: &mut Player, stranger: &Actor) {
    for job in keys(&player.world.model.jobs) {
        let requester = player.cast.of(&player.world.model.jobs[&job.to_bytes()].books.requester);
        let step = player.world.close_job(stranger, &requester, &job);
        player.must(&step);
    }
}

/// Every shard that has collected anything since its last sweep.
fn sweeps(player: &mut Player, stranger: &Actor) {
    let shards: Vec<u8> = player.world.model.shards.keys().copied().collect();
    for shard in shards {
        let books = &player.world.model.shards[&shard].books;
        if books.swept < books.collected {
            let step = player.world.sweep_fees(stranger, shard);
            player.must(&step);
        }
    }
}

/// A pending epoch is stale by now, and its fees are swept: anyone makes it final, or drops it.
fn pending(player: &mut Player, stranger: &Actor) {
    if player.world.model.rewards.books.epochs.pending.is_some() {
        let step = match player.dice.once_in(2) {
            true => player.world.finalize_epoch(stranger),
            false => player.world.cancel_epoch(stranger),
        };
        player.must(&step);
    }
}

/// The authorities agree on all fees that no epoch has counted, and the guardian is content.
fn last_epoch(player: &mut Player, stranger: &Actor) {
    let books = &player.world.model.rewards.books;
    if books.swept == books.epochs.last.cumulative_fees {
        return;
    }
    player.advance(LONG);
    let epoch = reward::honest(&player.world, &mut player.cast);
    for key in player.world.model.network.reward_authorities.clone() {
        if player.world.model.rewards.books.epochs.pending.is_none() {
            // One that has approved the same before is refused.
            let step = player.world.approve_epoch(&player.cast.of(&key), &epoch);
            player.send(&step, None);
        }
    }
    player.advance(LONG);
    let step = player.world.finalize_epoch(stranger);
    player.must(&step);
    assert_eq!(player.world.model.rewards.books.epochs.last, epoch);
}

/// Every leaf of the final root that is worth something.
fn claims(player: &mut Player, stranger: &Actor) {
    for step in reward::claims(&player.world, &player.cast, stranger) {
        player.must(&step);
    }
}

/// Earned rewards first; then tickets, strangers can crank both; only the wish to leave is the staker's own.
fn positions(player: &mut Player, stranger: &Actor) {
    let all: Vec<(Key, Key)> = player.world.model.positions.keys().copied().collect();
    for (provider, staker) in all {
        let (address, owner) = (Pubkey::from(provider), player.cast.of(&staker));
        let at = (provider, staker);
        let books = player.world.model.providers[&provider].books;
        if books.claim_delegation(&player.world.model.positions[&at]).is_ok() {
            let step = player.world.claim_delegation_reward(stranger, &owner, &address);
            player.must(&step);
        }
        while player.world.model.positions.get(&at).is_some_and(|position| !position.tickets.is_empty()) {
            let step = player.world.withdraw_stake(stranger, &owner, &address, 0);
            player.must(&step);
        }
        let shares = player.world.model.positions.get(&at).map(|position| position.shares);
        if shares.is_some_and(|shares| shares.is_zero()) {
            // A slash took all: what is left is an empty account.
            let step = player.world.claim_delegation_reward(stranger, &owner, &address);
            player.must(&step);
        } else if let Some(shares) = shares {
            let step = player.world.request_unstake(&owner, &address, shares.get());
            player.must(&step);
            player.advance(LONG);
            let step = player.world.withdraw_stake(stranger, &owner, &address, 0);
            player.must(&step);
        }
    }
}

/// All that final epochs left to it.
fn treasury(player: &mut Player, admin: &Actor) {
    let left = player.world.model.rewards.books.treasury().unwrap();
    if !left.is_zero() {
        let step = player.world.withdraw_treasury(admin, left.get());
        player.must(&step);
    }
}
