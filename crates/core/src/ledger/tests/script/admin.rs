//! Those who govern.

use super::Script;
use crate::Key;
use crate::amount::{Bps, Payment};
use crate::ledger::tests::cast::{
    AUTHORITIES, VERIFIERS, admin, authority, guardian, mostly, operator, owner, part, requester, verifier,
};
use crate::ledger::{Action, Ledger};
use crate::params::{DisputeParams, Params, RewardParams};
use crate::testing::{Dice, random_params};
use std::vec::Vec;

fn chief(ledger: &Ledger, dice: &mut Dice) -> Key {
    if dice.one_in(5) { dice.of(&[guardian(0), admin(0), admin(1)]) } else { mostly(dice, ledger.network.admin) }
}

pub fn update_params(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let allowed = random_params(dice, ledger.network.profile);
    let params = match dice.below(6) {
        0 => Params { fee_bps: Bps::ZERO, ..allowed },
        1 => Params { unbonding_secs: 0, ..allowed },
        // The window may be longer than it was, which is refused.
        2 => allowed,
        _ => Params {
            job_id_window_secs: allowed.job_id_window_secs.min(ledger.network.params.job_id_window_secs),
            ..allowed
        },
    };
    Action::UpdateParams { actor: chief(ledger, dice), params }
}

/// What is never refused: other rates, other stake, or everything at once, the window not longer.
pub fn adjust_params(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let (now, other) = (ledger.network.params, random_params(dice, ledger.network.profile));
    let params = match dice.below(3) {
        0 => Params {
            fee_bps: other.fee_bps,
            reward: RewardParams { share_bps: other.reward.share_bps, ..now.reward },
            ..now
        },
        1 => Params {
            min_stake: other.min_stake,
            stake_per_million: other.stake_per_million,
            dispute: DisputeParams { min_bond: other.dispute.min_bond, ..now.dispute },
            ..now
        },
        _ => Params { job_id_window_secs: other.job_id_window_secs.min(now.job_id_window_secs), ..other },
    };
    Action::UpdateParams { actor: ledger.network.admin, params }
}

pub fn propose_admin(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let next = admin(dice.below(2));
    Action::ProposeAdmin { actor: chief(ledger, dice), admin: next }
}

pub fn accept_admin(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let pending = ledger.network.pending_admin.unwrap_or(admin(1));
    Action::AcceptAdmin { actor: mostly(dice, pending) }
}

pub fn set_guardian(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let next = guardian(dice.below(2));
    Action::SetGuardian { actor: chief(ledger, dice), guardian: next }
}

/// A pause ends soon, so that scripts go on.
pub fn set_pause(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let paused = !ledger.network.paused && dice.one_in(3);
    let actor = if paused { dice.of(&[ledger.network.guardian, ledger.network.admin]) } else { ledger.network.admin };
    Action::SetPause { actor: mostly(dice, actor), paused }
}

pub fn set_reward_authorities(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let all: Vec<Key> = (0..AUTHORITIES).map(authority).collect();
    Action::SetRewardAuthorities { actor: chief(ledger, dice), keys: some(&all, dice) }
}

/// Parties may be among them: then they cannot vote.
pub fn set_verifiers(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let mut all: Vec<Key> = (0..VERIFIERS).map(verifier).collect();
    all.extend([owner(0), requester(0), operator(1)]);
    Action::SetVerifiers { actor: chief(ledger, dice), keys: some(&all, dice) }
}

pub fn withdraw_treasury(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let held = ledger.rewards.books.treasury().unwrap();
    Action::WithdrawTreasury { actor: chief(ledger, dice), amount: Payment::new(part(dice, held.get())) }
}

/// Some of them in any order; once in a while one twice, or the empty key.
fn some(all: &[Key], dice: &mut Dice) -> Vec<Key> {
    let mut keys: Vec<Key> = all.iter().copied().filter(|_| !dice.one_in(3)).collect();
    match dice.below(10) {
        0 => keys.push([0; 32]),
        1 => keys.push(all[0]),
        2 => keys.clear(),
        _ => {}
    }
    keys
}
