//! The clock moves, mostly a little, often to just before or just after something is due; and strangers
//! send gifts.

use super::pick;
use crate::solvency::dice::Dice;
use crate::world::World;
use mira_core::ledger::Vault;

/// Lets time pass, or makes a gift. Whether the clock has jumped to a deadline.
pub fn pass(world: &mut World, dice: &mut Dice) -> bool {
    if dice.once_in(5) {
        let vault = match (dice.roll(5), pick(&world.model.jobs, dice)) {
            (0, _) => Vault::Stake,
            (1, Some(job)) => Vault::Job(job.to_bytes()),
            (2, _) => Vault::Shard(u8::try_from(dice.roll(16)).unwrap()),
            (3, _) => Vault::Treasury,
            _ => Vault::Rewards,
        };
        world.donate(vault, dice.roll(1_000));
        return false;
    }
    let due = due(world);
    if due.is_empty() || !dice.once_in(3) {
        world.advance(u32::try_from(dice.roll(15)).unwrap());
        return false;
    }
    let at = *dice.pick(&due) + i64::try_from(dice.roll(3)).unwrap() - 1;
    let secs = u32::try_from(at - world.now()).unwrap_or_default();
    let most = if dice.once_in(4) { 600 } else { 90 };
    world.advance(secs.min(most));
    secs <= most
}

/// Every moment to come at which something becomes possible or impossible.
fn due(world: &World) -> Vec<i64> {
    let model = &world.model;
    let leases = model.leases.values().flat_map(|lease| [lease.books.settle_until, lease.books.dispute_until]);
    let jobs = model.jobs.values().flat_map(|job| [job.books.young_until, job.books.deadline, job.books.due_at]);
    let disputes = model.disputes.values().flat_map(|dispute| [dispute.respond_until, dispute.vote_until]);
    let tickets = model.positions.values().flat_map(|position| position.tickets.iter().map(|ticket| ticket.unlock_ts));
    let epochs = &model.rewards.books.epochs;
    let pending = epochs.pending.iter().flat_map(|pending| [pending.final_from, pending.stale_from]);
    let next = epochs.last_at + i64::from(model.network.params.reward.epoch_secs);
    let all = leases.chain(jobs).chain(disputes).chain(tickets).chain(pending).chain([next]);
    all.filter(|at| *at >= model.now && *at < model.now + 600).collect()
}
