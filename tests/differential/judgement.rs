//! Disputes, from the challenge to what the verdict moves and burns.

use super::cast::Cast;
use libtest_mimic::Trial;
use mira_core::dispute::DisputeKind;
use mira_testkit::Actor;
use mira_testkit::scene::CAP;
use mira_testkit::scene::dispute::{ANSWER, EVIDENCE, verifiers};
use mira_testkit::world::params;

pub fn trials() -> Vec<Trial> {
    trials![upheld_by_its_judges, rejected_by_its_judges, dismissed_at_its_deadline, lost_in_silence, conceded]
}

/// A lease that was paid in part, with judges, and the requester has challenged it.
fn challenged() -> Cast {
    let mut cast = Cast::lease();
    let keys = verifiers().map(|verifier| verifier.pubkey());
    let Cast { pair, requester, signer, stranger, provider, lease, .. } = &mut cast;
    pair.run(|world| world.stake(stranger, provider, 33_333));
    pair.run(|world| world.settle(stranger, signer, lease, CAP / 3, 7));
    pair.run(|world| world.set_verifiers(&world.admin, &keys));
    pair.run(|world| world.open_dispute(requester, lease, DisputeKind::BadResult, EVIDENCE));
    cast
}

/// The owner contests, some judges vote, and a stranger ends it when it is decided or due.
fn judged(votes: &[bool], wait: u32) -> Cast {
    let mut cast = challenged();
    let Cast { pair, owner, stranger, lease, .. } = &mut cast;
    pair.run(|world| world.respond_dispute(owner, lease, Some(ANSWER)));
    for (verifier, uphold) in verifiers().iter().zip(votes) {
        pair.run(|world| world.vote_dispute(verifier, lease, *uphold));
    }
    pair.both(|world| world.advance(wait));
    pair.run(|world| world.resolve_dispute(stranger, lease));
    cast
}

fn burned(cast: &Cast) -> u128 {
    cast.pair.elf.model.flows.stake_burned
}

fn upheld_by_its_judges() {
    let mut cast = judged(&[true, false, true], 0);
    assert!(burned(&cast) > 0, "what nobody is owed is burned");
    // The stake that is left is still everybody's own.
    let Cast { pair, stranger, provider, .. } = &mut cast;
    pair.run(|world| world.request_unstake(stranger, provider, 33_333));
    pair.both(|world| world.advance(params().unbonding_secs));
    pair.run(|world| world.withdraw_stake(stranger, stranger, provider, 0));
}

fn rejected_by_its_judges() {
    assert_eq!(burned(&judged(&[false, false], 0)), 0);
}

fn dismissed_at_its_deadline() {
    assert_eq!(burned(&judged(&[true, false], params().dispute.vote_secs)), 0);
}

fn lost_in_silence() {
    let mut cast = challenged();
    let Cast { pair, stranger, lease, .. } = &mut cast;
    pair.both(|world| world.advance(params().dispute.respond_secs));
    pair.run(|world| world.resolve_dispute(stranger, lease));
    assert!(burned(&cast) > 0);
}

fn conceded() {
    let mut cast = challenged();
    let Cast { pair, owner, lease, .. } = &mut cast;
    pair.run(|world| world.respond_dispute(owner, lease, None));
    pair.run(|world| world.resolve_dispute(&Actor::new("owner"), lease));
    assert!(burned(&cast) > 0);
}
