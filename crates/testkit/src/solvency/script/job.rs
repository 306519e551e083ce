//! Jobs.

use super::{Try, all, by, payment, pick};
use crate::solvency::cast::Cast;
use crate::solvency::dice::Dice;
use crate::solvency::tally::Attack;
use crate::step::terms;
use crate::world::World;
use mira_chain::pda;
use mira_core::amount::Bps;
use mira_core::job::{JobTerms, job_id};
use solana_sdk::pubkey::Pubkey;

/// The next step of this group.
pub fn next(world: &World, cast: &mut Cast, dice: &mut Dice) -> Option<Try> {
    if dice.once_in(if world.model.jobs.len() < 3 { 2 } else { 8 }) {
        return Some(create(world, cast, dice));
    }
    let poor = world.model.jobs.iter().find(|(_, entry)| entry.books.funded.is_zero());
    if let (Some((job, _)), false) = (poor, dice.once_in(3)) {
        return Some((world.fund_job(&cast.anyone(dice), &Pubkey::from(*job), 1_000 + dice.roll(400_000)), None));
    }
    let job = pick(&world.model.jobs, dice)?;
    let books = &world.model.jobs[&job.to_bytes()].books;
    let requester = cast.of(&books.requester);
    let actor = cast.mostly(&books.requester, dice);
    let hostile = by(&books.requester, &actor);
    Some(match dice.roll(7) {
        0..=2 => {
            let whale = dice.once_in(10);
            let funder = if whale { cast.whale.clone() } else { cast.anyone(dice) };
            let purse = world.payment_purse(&funder.pubkey());
            let (amount, attack) = if whale { all(world, dice, &purse) } else { payment(world, dice, &purse, 400_000) };
            (world.fund_job(&funder, &job, amount), attack)
        }
        3 => {
            let later = i64::try_from(dice.roll(1_200)).unwrap();
            (world.extend_job(&actor, &job, books.deadline.max(world.now()) - 100 + later), hostile)
        }
        4 => {
            let signer = dice.pick(&cast.signers).pubkey();
            let dispatcher = cast.dispatcher.pubkey();
            let dispatcher = dice.once_in(2).then_some(&dispatcher);
            (world.update_job(&actor, &job, &signer, dispatcher), hostile)
        }
        5 if dice.once_in(4) => (world.begin_close_job(&actor, &job), hostile),
        _ => (world.close_job(&cast.anyone(dice), &requester, &job), None),
    })
}

fn create(world: &World, cast: &mut Cast, dice: &mut Dice) -> Try {
    // Now and then an id that was used before: its address must never return.
    let old = dice.once_in(4);
    cast.ids += u32::from(!old);
    let at = usize::try_from(dice.roll(2)).unwrap();
    let (requester, signer) = (&cast.requesters[at], &cast.signers[at]);
    let made = world.now() - i64::try_from(dice.roll(7)).unwrap();
    let dispatcher = dice.once_in(2).then_some(&cast.dispatcher);
    let base = terms(requester, signer, dispatcher, world.now());
    let terms = JobTerms {
        job_id: job_id(made, cast.ids % 4).unwrap(),
        max_share: Bps::new(9_000).unwrap(),
        max_leases: 3,
        ..base
    };
    let step = world.create_job(requester, &terms);
    let job = pda::job(&requester.pubkey(), terms.job_id).to_bytes();
    let used = world.model.jobs.contains_key(&job) || world.model.retired.contains(&job);
    (step, used.then_some(Attack::Repeated))
}
