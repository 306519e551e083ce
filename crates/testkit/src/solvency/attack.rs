//! Bending a step that would be accepted into one that must not be.

use super::dice::Dice;
use super::tally::Attack;
use crate::step::Step;
use crate::world::World;
use mira_chain::pda;
use mira_core::fee_shard::shard_of;
use mira_core::ledger::Action;
use solana_sdk::pubkey::Pubkey;

/// A step that the chain has to refuse, whatever the model says of the action.
pub fn bend(world: &World, step: &Step, dice: &mut Dice) -> Option<(Step, Attack)> {
    match dice.roll(5) {
        0 => unsign(step, dice).map(|step| (step, Attack::Unsigned)),
        1 if step.instructions.len() > 1 => {
            let mut turned = step.clone();
            turned.instructions.reverse();
            Some((turned, Attack::Reordered))
        }
        _ => substitute(world, step, dice).map(|step| (step, Attack::SubstitutedAccount)),
    }
}

/// Leaves one of the instruction's signatures out.
fn unsign(step: &Step, dice: &mut Dice) -> Option<Step> {
    let signers: Vec<Pubkey> =
        step.instructions.last()?.accounts.iter().filter(|meta| meta.is_signer).map(|meta| meta.pubkey).collect();
    if signers.is_empty() {
        return None;
    }
    Some(step.clone().unsigned(dice.pick(&signers)))
}

/// Passes something of somebody else's in one place: another vault, another book, another lease.
fn substitute(world: &World, step: &Step, dice: &mut Dice) -> Option<Step> {
    let pool = pool(world);
    let metas = &step.instructions.last()?.accounts;
    let places: Vec<usize> = (0..metas.len()).filter(|at| pool.contains(&metas[*at].pubkey)).collect();
    if places.is_empty() {
        return None;
    }
    let (place, other) = (*dice.pick(&places), *dice.pick(&pool));
    let mine = metas[place].pubkey;
    (other != mine && !another_of_ones_own(world, step, &mine, &other)).then(|| step.clone().swap_at(place, &other))
}

/// Instructions over one book alone are as good with another one of the same people.
fn another_of_ones_own(world: &World, step: &Step, mine: &Pubkey, other: &Pubkey) -> bool {
    let both = |known: &dyn Fn(&[u8; 32]) -> bool| known(&mine.to_bytes()) && known(&other.to_bytes());
    match step.action {
        Action::BeginCloseJob { .. } | Action::ExtendJob { .. } | Action::UpdateJob { .. } => {
            both(&|key| world.model.jobs.contains_key(key))
        }
        Action::CloseLease { .. } | Action::ReleaseLease { .. } | Action::EndLease { .. } => {
            both(&|key| world.model.leases.contains_key(key))
        }
        // The requester may pay either lease, where all other accounts of both are the same.
        Action::SettleDirect { .. } => {
            let settled_alike =
                |lease: &[u8; 32]| world.model.leases.get(lease).map(|held| (held.job, held.provider, shard_of(lease)));
            let mine = settled_alike(&mine.to_bytes());
            mine.is_some() && mine == settled_alike(&other.to_bytes())
        }
        Action::RespondDispute { .. } => {
            let disputes = world.model.disputes.keys();
            let disputes: Vec<_> = disputes.map(|lease| pda::dispute(&Pubkey::from(*lease)).to_bytes()).collect();
            both(&|key| disputes.contains(key))
        }
        // Somebody else's provider may have become the signer's own.
        Action::UpdateProvider { actor, .. } => *other == pda::provider(&Pubkey::from(actor)),
        _ => false,
    }
}

/// Every address that belongs in exactly one place.
fn pool(world: &World) -> Vec<Pubkey> {
    let model = &world.model;
    let jobs = model.jobs.keys().map(|key| Pubkey::from(*key));
    let leases = model.leases.keys().map(|key| Pubkey::from(*key));
    let providers = model.providers.keys().map(|key| Pubkey::from(*key));
    let positions = model.positions.keys();
    let positions = positions.map(|(of, staker)| pda::stake_position(&Pubkey::from(*of), &Pubkey::from(*staker)));
    let disputes = model.disputes.keys().map(|lease| pda::dispute(&Pubkey::from(*lease)));
    let shards = (0..3).flat_map(|shard| [pda::fee_shard(shard), pda::fee_vault(shard)]);
    let singles = [pda::config(), pda::rewards(), pda::stake_vault(), pda::reward_vault(), pda::treasury()];
    let books = jobs.clone().chain(leases).chain(providers).chain(positions).chain(disputes);
    singles.into_iter().chain(books).chain(jobs.map(|job| pda::escrow(&job))).chain(shards).collect()
}
