//! Disputes: opened by those who may and by others, answered, judged, resolved too early and in time.

use super::{Try, by, by_any, pick};
use crate::solvency::cast::Cast;
use crate::solvency::dice::Dice;
use crate::world::World;
use mira_core::dispute::{DisputeKind, Stage};

/// The next step of this group.
pub fn next(world: &World, cast: &Cast, dice: &mut Dice) -> Option<Try> {
    let open = pick(&world.model.disputes, dice).filter(|_| !dice.once_in(4));
    let Some(lease) = open else {
        return challenge(world, cast, dice);
    };
    let dispute = &world.model.disputes[&lease.to_bytes()];
    let entry = &world.model.leases[&lease.to_bytes()];
    let owner = world.model.providers[&entry.provider].owner;
    Some(match (dispute.stage, dice.roll(5)) {
        (_, 0) => (world.resolve_dispute(&cast.anyone(dice), &lease), None),
        (Stage::Open, _) => {
            let actor = cast.mostly(&owner, dice);
            let answer = (!dice.once_in(4)).then_some([0xa5; 32]);
            (world.respond_dispute(&actor, &lease, answer), by(&owner, &actor))
        }
        (Stage::Contested, 1..=3) => {
            let verifier = if dice.once_in(6) { cast.anyone(dice) } else { dice.pick(&cast.verifiers).clone() };
            let attack = by_any(&world.model.network.verifiers, &verifier);
            (world.vote_dispute(&verifier, &lease, !dice.once_in(3)), attack)
        }
        _ => (world.resolve_dispute(&cast.anyone(dice), &lease), None),
    })
}

fn challenge(world: &World, cast: &Cast, dice: &mut Dice) -> Option<Try> {
    let lease = pick(&world.model.leases, dice)?;
    let entry = &world.model.leases[&lease.to_bytes()];
    let right = if dice.once_in(2) { entry.requester } else { entry.voucher_signer };
    let actor = cast.mostly(&right, dice);
    let kinds = [DisputeKind::NoShow, DisputeKind::BadResult, DisputeKind::OverReport];
    let step = world.open_dispute(&actor, &lease, *dice.pick(&kinds), [0xe5; 32]);
    Some((step, by_any(&[entry.requester, entry.voucher_signer], &actor)))
}
