//! Challengers, owners and verifiers.

use super::Script;
use crate::Key;
use crate::dispute::{Dispute, DisputeKind, Stage};
use crate::ledger::tests::cast::{mostly, owner, pick_where, requester, verifiers};
use crate::ledger::{Action, LeaseEntry, Ledger};
use crate::testing::Dice;

pub fn open_dispute(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let fresh = |entry: &LeaseEntry| !entry.books.challenged && entry.books.dispute_until > ledger.now;
    let lease = pick_where(&ledger.leases, dice, fresh);
    let may = ledger.leases.get(&lease).map_or([requester(0); 2], |entry| [entry.requester, entry.voucher_signer]);
    let right = dice.of(&may);
    let kind = dice.of(&[DisputeKind::NoShow, DisputeKind::BadResult, DisputeKind::OverReport]);
    Action::OpenDispute { lease, actor: mostly(dice, right), kind, evidence: [5; 32] }
}

/// The owner of the provider of that lease.
fn accused(ledger: &Ledger, lease: &Key) -> Key {
    ledger.leases.get(lease).map_or(owner(0), |entry| ledger.providers[&entry.provider].owner)
}

pub fn respond_dispute(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let lease = pick_where(&ledger.disputes, dice, |dispute: &Dispute| dispute.stage == Stage::Open);
    let answer = if dice.one_in(5) { None } else { Some([6; 32]) };
    let right = accused(ledger, &lease);
    Action::RespondDispute { lease, actor: mostly(dice, right), answer }
}

pub fn vote_dispute(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let lease = pick_where(&ledger.disputes, dice, |dispute: &Dispute| dispute.stage == Stage::Contested);
    let right = dice.of(&verifiers(&ledger.network));
    Action::VoteDispute { lease, actor: mostly(dice, right), uphold: dice.one_in(2) }
}

pub fn resolve_dispute(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let due = |dispute: &Dispute| dispute.verdict(&ledger.network, ledger.now).is_ok();
    Action::ResolveDispute { lease: pick_where(&ledger.disputes, dice, due) }
}
