//! The conservation checks against the model's vaults, and against books and vaults that lie.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::testing::{Chain, folded, job, moves};
use mira_chain::pda;
use mira_core::amount::Payment;
use mira_core::ledger::{Action, Vault};
use mira_store::model::RewardsRow;
use proptest::prelude::*;
use solana_sdk::pubkey::Pubkey;

const CLUSTER: [u8; 32] = [7; 32];

fn escrow(number: u8) -> [u8; 32] {
    pda::escrow(&Pubkey::new_from_array(job(number))).to_bytes()
}

fn vaults(chain: &Chain) -> Vaults {
    let mut vaults = Vaults::default();
    vaults.set(pda::stake_vault().to_bytes(), chain.ledger.stake_vault.get());
    vaults.set(pda::reward_vault().to_bytes(), chain.ledger.rewards.vault.get());
    vaults.set(pda::treasury().to_bytes(), chain.ledger.rewards.treasury.get());
    for (shard, entry) in &chain.ledger.shards {
        vaults.set(pda::fee_vault(*shard).to_bytes(), entry.vault.get());
    }
    for (key, entry) in &chain.ledger.jobs {
        vaults.set(pda::escrow(&Pubkey::new_from_array(*key)).to_bytes(), entry.vault.get());
    }
    vaults
}

fn books(chain: &mut Chain) -> Books {
    let mut books = Books::default();
    books.extend(folded(&[chain.take(1)]));
    books
}

fn failing(books: &Books, vaults: &Vaults, gifts: bool) -> Vec<&'static str> {
    conservation(books, vaults, gifts).into_iter().filter(|result| !result.ok).map(|result| result.name).collect()
}

fn busy() -> (Chain, Books) {
    let mut chain = Chain::furnished(CLUSTER);
    chain.open(1, 20_000).unwrap();
    chain.open(2, 10_000).unwrap();
    chain.settle(1, 5_001, 2_500).unwrap();
    chain.run(Action::SweepFees { shard: 1 }).unwrap();
    let books = books(&mut chain);
    (chain, books)
}

#[test]
fn honest_books_hold_and_say_their_figures() {
    let (chain, books) = busy();
    let results = conservation(&books, &vaults(&chain), false);
    let details: Vec<_> = results.iter().map(|result| (result.name, result.ok, result.detail.as_str())).collect();
    assert_eq!(
        details,
        [
            ("escrow_conserved", true, "1 jobs: funded 100000 = paid 5001 + refunded 0 + in vaults 94999"),
            ("committed", true, "2 leases: 24999 committed in unreleased ones"),
            ("stake_conserved", true, "1 providers, 1 positions: 1000000 staked, 0 in bonds"),
            ("exposure", true, "1 providers: 15000 exposed by leases not ended"),
            ("fees_conserved", true, "collected 76 = in shards 0 + swept 76, of that 0 left the reward vault"),
        ]
    );
}

#[test]
fn one_base_unit_missing_in_any_vault_is_found() {
    let (chain, books) = busy();
    let cases = [
        (pda::stake_vault().to_bytes(), 999_999, "stake_conserved"),
        (escrow(0), 94_998, "escrow_conserved"),
        (pda::reward_vault().to_bytes(), 75, "fees_conserved"),
    ];
    for (vault, amount, name) in cases {
        let mut vaults = vaults(&chain);
        vaults.set(vault, amount);
        assert_eq!(failing(&books, &vaults, true), [name]);
    }
}

#[test]
fn the_bond_of_an_open_dispute_is_in_the_stake_vault() {
    let mut chain = Chain::furnished(CLUSTER);
    chain.disputed_lease().unwrap();
    let books = books(&mut chain);
    let vaults = vaults(&chain);
    assert_eq!(failing(&books, &vaults, false), [""; 0]);
    let mut without = books.clone();
    without.leases[0].bond = Default::default();
    assert_eq!(failing(&without, &vaults, false), ["stake_conserved"]);
}

#[test]
fn claims_and_treasury_are_accounted_for() {
    let mut chain = Chain::whole_story(CLUSTER);
    let honest = books(&mut chain);
    let paid = honest.rewards.as_ref().map(|rewards| (rewards.paid_out.get(), rewards.to_treasury.get()));
    assert!(paid.is_some_and(|(paid, sent)| paid > 0 && sent > 10), "{paid:?}");
    assert_eq!(failing(&honest, &vaults(&chain), false), [""; 0]);
    let mut less = vaults(&chain);
    less.set(pda::treasury().to_bytes(), chain.ledger.rewards.treasury.get() - 1);
    assert_eq!(failing(&honest, &less, true), ["fees_conserved"]);
    type Change = fn(&mut RewardsRow);
    let changes: [Change; 4] = [
        |rewards| rewards.claimed = Payment::ZERO,
        |rewards| rewards.paid_out = Payment::new(1),
        |rewards| rewards.withdrawn = Payment::MAX,
        |rewards| rewards.cumulative_total = Payment::ZERO,
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut lying = honest.clone();
        lying.rewards.iter_mut().for_each(change);
        assert_eq!(failing(&lying, &vaults(&chain), false), ["fees_conserved"], "change {index}");
    }
}

#[test]
fn gifts_fail_unless_they_are_expected() {
    let (mut chain, books) = busy();
    chain.run(Action::Donate { vault: Vault::Job(job(0)), amount: 1 }).unwrap();
    chain.run(Action::Donate { vault: Vault::Stake, amount: 1 }).unwrap();
    assert_eq!(failing(&books, &vaults(&chain), false), ["escrow_conserved", "stake_conserved"]);
    assert_eq!(failing(&books, &vaults(&chain), true), [""; 0]);
}

#[test]
fn rows_that_lie_are_found() {
    let (chain, honest) = busy();
    let vaults = vaults(&chain);
    let one = mira_core::amount::Payment::new(1);
    type Change = (fn(&mut Books), &'static [&'static str]);
    let changes: [Change; 7] = [
        (|books| books.jobs[0].committed = mira_core::amount::Payment::new(1), &["committed"]),
        (|books| books.jobs[0].open_leases = 9, &["committed"]),
        (|books| books.leases[0].released = true, &["committed"]),
        (|books| books.leases[0].ended = true, &["exposure"]),
        (|books| books.leases[0].fee_paid = Default::default(), &["fees_conserved"]),
        (|books| books.providers[0].own_shares = Default::default(), &["stake_conserved"]),
        (|books| books.positions.clear(), &["stake_conserved"]),
    ];
    assert!(honest.leases[0].fee_paid > one, "the first lease has paid fees");
    for (index, (change, names)) in changes.into_iter().enumerate() {
        let mut books = honest.clone();
        change(&mut books);
        assert_eq!(failing(&books, &vaults, false), names, "change {index}");
    }
}

#[test]
fn an_empty_index_holds() {
    assert_eq!(failing(&Books::default(), &Vaults::default(), false), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(0x6d69_7261), ..ProptestConfig::default() })]

    #[test]
    fn any_story_keeps_the_invariants(turns in moves(400)) {
        let mut chain = Chain::furnished(CLUSTER);
        turns.iter().for_each(|turn| chain.play(*turn));
        let books = books(&mut chain);
        let results = conservation(&books, &vaults(&chain), false);
        prop_assert!(results.iter().all(|result| result.ok), "{:?}", results);
    }
}
