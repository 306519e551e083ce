//! Leases.

use super::{Try, amount, by, by_any, pick};
use crate::actor::Actor;
use crate::solvency::cast::Cast;
use crate::solvency::dice::Dice;
use crate::solvency::tally::Attack;
use crate::world::World;
use mira_chain::pda;
use mira_core::amount::{Payment, UnitPrice};
use mira_core::job::JobStatus;
use mira_core::lease::LeaseTerms;
use mira_core::ledger::{JobEntry, LeaseEntry};
use solana_sdk::pubkey::Pubkey;

/// The next step of this group.
pub fn next(world: &World, cast: &Cast, dice: &mut Dice) -> Option<Try> {
    if dice.once_in(3) {
        return open(world, cast, dice);
    }
    let lease = pick(&world.model.leases, dice)?;
    let entry = &world.model.leases[&lease.to_bytes()];
    Some(match dice.roll(8) {
        0..=2 => settle(world, cast, (&lease, entry), dice),
        3 => direct(world, cast, (&lease, entry), dice),
        4 => {
            let actor = if dice.once_in(2) { cast.of(&entry.operator) } else { cast.anyone(dice) };
            let provider = &world.model.providers[&entry.provider];
            let parties = [provider.operator, provider.owner, entry.requester];
            (world.close_lease(&actor, &lease), by_any(&parties, &actor))
        }
        5 => (world.release_lease(&cast.anyone(dice), &lease), None),
        _ => (world.end_lease(&cast.anyone(dice), &lease), None),
    })
}

fn open(world: &World, cast: &Cast, dice: &mut Dice) -> Option<Try> {
    let job = match (promising(world, dice), dice.once_in(5)) {
        (Some(job), false) => job,
        _ => pick(&world.model.jobs, dice)?,
    };
    let books = &world.model.jobs[&job.to_bytes()].books;
    // The first owner's provider has the most stake.
    let owner = if dice.once_in(2) { &cast.owners[0] } else { dice.pick(&cast.owners) };
    let provider = pda::provider(&owner.pubkey());
    let right = world.model.providers.get(&provider.to_bytes()).map_or(owner.key(), |entry| entry.operator);
    let operator = cast.mostly(&right, dice);
    let named = books.dispatcher.filter(|_| dice.once_in(2)).unwrap_or(books.requester);
    let matcher = cast.mostly(&named, dice);
    let free = books.free_escrow().unwrap().get();
    // What a whale has funded only a whale's stake stands for.
    let most = if dice.once_in(2) { free } else { free.min(500_000) };
    let (cap, attack) = amount(dice, most / 2 + 2);
    // Mostly within the longest lease and the job's deadline.
    let left = u64::try_from(books.deadline - world.now()).unwrap_or_default().clamp(1, 100);
    let secs = i64::try_from(if dice.once_in(8) { dice.roll(110) } else { 1 + dice.roll(left) }).unwrap();
    let terms = LeaseTerms {
        unit_price: UnitPrice::new(if dice.once_in(10) { dice.roll(200) } else { 1 + dice.roll(100) }),
        cap: Payment::new(cap),
        expires_at: world.now() + secs,
    };
    let matchers = [books.dispatcher.unwrap_or(books.requester), books.requester];
    let attack = attack.or(by(&right, &operator)).or(by_any(&matchers, &matcher));
    Some((world.open_lease(&operator, &matcher, (&job, &provider), &terms), attack))
}

/// A job that takes leases now.
fn promising(world: &World, dice: &mut Dice) -> Option<Pubkey> {
    let takes = |entry: &JobEntry| {
        let books = &entry.books;
        let open = books.status == JobStatus::Open && books.open_leases < books.max_leases;
        open && books.deadline > world.now() + 5 && books.free_escrow().is_ok_and(|free| free.get() > 100)
    };
    let all: Vec<_> = world.model.jobs.iter().filter(|(_, entry)| takes(entry)).map(|(key, _)| *key).collect();
    if all.is_empty() { None } else { Some(Pubkey::from(*dice.pick(&all))) }
}

fn settle(world: &World, cast: &Cast, (lease, entry): (&Pubkey, &LeaseEntry), dice: &mut Dice) -> Try {
    let signer = cast.mostly(&entry.voucher_signer, dice);
    let (amount, units, attack) = claim(entry, dice);
    let submitter: Actor = cast.anyone(dice);
    let attack = attack.or(by(&entry.voucher_signer, &signer));
    (world.settle(&submitter, &signer, lease, amount, units), attack)
}

fn direct(world: &World, cast: &Cast, (lease, entry): (&Pubkey, &LeaseEntry), dice: &mut Dice) -> Try {
    let actor = cast.mostly(&entry.requester, dice);
    let (amount, units, attack) = claim(entry, dice);
    (world.settle_direct(&actor, lease, amount, units), attack.or(by(&entry.requester, &actor)))
}

/// Amount and units of a voucher: less than is settled is a stale one.
fn claim(entry: &LeaseEntry, dice: &mut Dice) -> (u64, u64, Option<Attack>) {
    let (amount, attack) = amount(dice, entry.books.cap.get() + 2);
    let stale = (amount <= entry.books.settled.get()).then_some(Attack::Stale);
    (amount, dice.roll(1_000), attack.or(stale))
}
