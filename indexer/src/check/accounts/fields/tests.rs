//! Rows that events gave, against accounts made from the protocol's model.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::check::Books;
use crate::testing::{Chain, authority, folded, lease, owner, provider, verifier};
use mira_core::ledger::Action;

const CLUSTER: Key = [7; 32];

/// A contested dispute with two votes, and an epoch that a majority approved.
fn chain() -> Chain {
    let mut chain = Chain::furnished(CLUSTER);
    chain.disputed_lease().unwrap();
    let lease = lease(3);
    chain.run(Action::RespondDispute { lease, actor: owner(0), answer: Some([22; 32]) }).unwrap();
    chain.run(Action::VoteDispute { lease, actor: verifier(2), uphold: true }).unwrap();
    chain.run(Action::VoteDispute { lease, actor: verifier(1), uphold: false }).unwrap();
    chain.run(Action::SweepFees { shard: 3 }).unwrap();
    chain.run(Action::Advance { secs: 60 }).unwrap();
    for number in [2, 0] {
        let epoch = chain.next_epoch();
        let digest = epoch.digest::<Sha2>();
        chain.run(Action::ApproveEpoch { authority: authority(number), epoch, digest }).unwrap();
    }
    chain
}

fn books(chain: &mut Chain) -> Books {
    let mut books = Books::default();
    books.extend(folded(&[chain.take(1)]));
    books
}

/// What a comparison finds.
fn found(compare: impl FnOnce(&mut Fields<'_>)) -> String {
    let mut findings = Findings::default();
    compare(&mut Fields::new("it", &mut findings));
    findings.result("accounts_match", String::new()).detail
}

#[test]
fn a_dispute_is_its_account_down_to_who_voted() {
    let mut chain = chain();
    let books = books(&mut chain);
    let row = &books.disputes[0];
    let key = Pubkey::new_from_array;
    let model = &chain.ledger.disputes[&lease(3)];
    let mut account = Dispute::begin(key(lease(3)), key(provider(0)), model, 0);
    account.seq = 4;
    let verifiers = Some(chain.ledger.network.verifiers.as_slice());
    assert_eq!(found(|f| dispute(row, verifiers, &account, f)), "");
    // The votes are of the first and the second verifier instead: only their names tell.
    account.voted = 0b011;
    assert_eq!(found(|f| dispute(row, None, &account, f)), "");
    assert!(found(|f| dispute(row, verifiers, &account, f)).starts_with("it: voted: [false, true, true]"));
    account.votes_for = 2;
    assert!(found(|f| dispute(row, None, &account, f)).starts_with("it: votes for: 1 by the books, 2"));
}

#[test]
fn an_epoch_is_what_the_reward_account_says_of_it() {
    let mut chain = chain();
    let pending = books(&mut chain);
    let account = |chain: &Chain| {
        let mut account = RewardState::begin(0, 0, 0);
        account.apply(&chain.ledger.rewards.books).unwrap();
        account
    };
    let is = account(&chain);
    assert_eq!(found(|f| epochs(None, pending.epochs.first(), &is, f)), "");
    assert!(found(|f| epochs(None, None, &is, f)).starts_with("it: pending epoch: None by the books"));
    let mut other = account(&chain);
    other.approvals.swap(0, 1);
    assert!(found(|f| epochs(None, pending.epochs.first(), &other, f)).starts_with("it: approvals"));

    chain = self::chain();
    chain.run(Action::Advance { secs: 15 }).unwrap();
    chain.run(Action::FinalizeEpoch).unwrap();
    let done = books(&mut chain);
    let mut is = account(&chain);
    assert_eq!(found(|f| epochs(done.epochs.first(), None, &is, f)), "");
    is.last_at += 1;
    assert!(found(|f| epochs(done.epochs.first(), None, &is, f)).starts_with("it: last epoch at"));
}
