//! A proof that holds, and each way in which one can be wrong. The record, the tree and the signature are made here.

use mira_core::amount::UnitPrice;
use mira_core::hash::Sha2;
use mira_core::merkle;
use mira_dispatch::place::draw::Draw;
use mira_dispatch::place::limit::RejectBits;
use mira_dispatch::proof::{EpochClosed, Tree, epoch as epochs, leaf};
use mira_dispatch::record::{Purpose, SCHEMA, Score, decision_id};
use mira_wire::dispatch::{InclusionProof, RecordTree};
use mira_wire::{KeyStr, SigStr, Time, U64Str};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use super::*;

const CLUSTER: Key = [6; 32];

/// A decision between two feasible providers, the one drawn second being better.
fn record(epoch: u64, epoch_hash: [u8; 32], counter: u64) -> PlacementRecord {
    let (seed, spec_hash) = ([1; 32], [2; 32]);
    let draw = Draw::new(&seed, &epoch_hash, &spec_hash, counter);
    let mut providers = [[3; 32], [4; 32]];
    providers.sort_by_key(|provider| draw.rank(provider));
    let candidate = |provider: Key, total: u32| Candidate {
        provider,
        owner: provider,
        unit_price: UnitPrice::new(40_000),
        rejects: RejectBits::default(),
        // What it costs alone counts: 800 of 1,000 in a batch.
        score: Some(Score { cost: total / 8 * 10, total, ..Score::default() }),
    };
    PlacementRecord {
        schema: SCHEMA,
        id: decision_id(&seed, &spec_hash, counter),
        seed,
        spec_hash,
        counter,
        purpose: Purpose::Initial,
        considered: 2,
        rejected: vec![0; Limit::ALL.len()],
        // The best first.
        candidates: vec![candidate(providers[1], 480), candidate(providers[0], 960)],
        winner: Some(providers[1]),
        runner_up: Some(providers[0]),
        epoch,
        epoch_hash,
        tier: mira_core::tier::Tier::Batch,
        looked_at: 2,
        explored: false,
    }
}

fn wire(closed: &EpochClosed, key: &Keypair) -> DispatchEpoch {
    let dispatcher = key.pubkey().to_bytes();
    let program = mira_chain::pda::PROGRAM_ID.to_bytes();
    let message = epochs::message(&program, &CLUSTER, &dispatcher, closed.number, &closed.root());
    let tree = |tree: Tree| RecordTree { root: HashHex(tree.root), count: tree.count.into() };
    DispatchEpoch {
        number: closed.number.into(),
        hash: HashHex(closed.hash),
        root: HashHex(closed.root()),
        first_input: closed.first.into(),
        last_input: closed.last.into(),
        placements: tree(closed.placements),
        routes: tree(closed.routes),
        first_route: closed.first_route.into(),
        closed_at: Time::from_ms(0),
        dispatcher: KeyStr(dispatcher),
        program: KeyStr(program),
        cluster: KeyStr(CLUSTER),
        signature: SigStr(key.sign_message(&message).into()),
    }
}

/// A decision of the second epoch with its proof, and the first epoch.
fn case() -> (PlacementRecord, DecisionProof, DispatchEpoch, Keypair) {
    let key = Keypair::new_from_array([9; 32]);
    let empty = EpochClosed {
        number: 1,
        hash: epochs::epoch_hash(&[0; 32], 1),
        first: 1,
        last: 4,
        placements: Tree { root: [5; 32], count: 1 },
        routes: Tree::default(),
        first_route: 0,
        closed_ms: 0,
    };
    let records: Vec<PlacementRecord> = (0..5).map(|counter| record(2, empty.next_hash(), counter)).collect();
    let bytes: Vec<Vec<u8>> = records.iter().map(|record| record.to_bytes().unwrap()).collect();
    let leaves: Vec<_> = bytes.iter().map(|bytes| leaf(Kind::Placement, bytes)).collect();
    let placements = Tree { root: merkle::root::<Sha2>(&leaves), count: 5 };
    let closed = EpochClosed { number: 2, hash: empty.next_hash(), first: 5, last: 9, placements, ..empty };
    let siblings = merkle::proof::<Sha2>(&leaves, 3).unwrap().into_iter().map(HashHex).collect();
    let inclusion = Some(InclusionProof { epoch: wire(&closed, &key), siblings });
    let (kind, record) = ("placement".to_owned(), hex::encode(&bytes[3]));
    let proof = DecisionProof { kind, record, input: U64Str(8), in_log: true, inclusion };
    (records[3].clone(), proof, wire(&empty, &key), key)
}

/// The checks that fail after a change.
fn failing(change: impl FnOnce(&mut DecisionProof, &mut DispatchEpoch)) -> Vec<&'static str> {
    let (record, mut proof, mut previous, _) = case();
    change(&mut proof, &mut previous);
    let id = HashHex(record.id).to_string();
    let expected = Expected { decision: &id, dispatcher: None, cluster: Some(CLUSTER) };
    let verdict = verify(&expected, &proof, Some(&previous)).unwrap();
    verdict.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
}

fn altered(change: impl FnOnce(&mut PlacementRecord)) -> Vec<&'static str> {
    failing(|proof, _| {
        let mut record = PlacementRecord::from_bytes(&hex::decode(&proof.record).unwrap()).unwrap();
        change(&mut record);
        proof.record = hex::encode(record.to_bytes().unwrap());
    })
}

fn epoch_of(proof: &mut DecisionProof) -> &mut DispatchEpoch {
    &mut proof.inclusion.as_mut().unwrap().epoch
}

#[test]
fn a_sound_proof_is_verified() {
    assert!(failing(|_, _| {}).is_empty());
    let (record, proof, previous, key) = case();
    let id = HashHex(record.id).to_string();
    let expected = Expected { decision: &id, dispatcher: Some(key.pubkey().to_bytes()), cluster: Some(CLUSTER) };
    let verdict = verify(&expected, &proof, Some(&previous)).unwrap();
    let names: Vec<_> = verdict.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, ["asked", "recomputed", "epoch", "included", "root", "signed", "chained"]);
    let document = verdict.document(&id);
    assert_eq!((&document["ok"], &document["proven"]), (&true.into(), &true.into()));
    assert!(verdict.display().ends_with("\nverified"), "{}", verdict.display());
}

#[test]
fn what_cannot_be_replayed_any_more_is_verified_and_said() {
    let (record, mut proof, previous, _) = case();
    let id = HashHex(record.id).to_string();
    let expected = Expected { decision: &id, dispatcher: None, cluster: None };
    let kept = verify(&expected, &proof, Some(&previous)).unwrap();
    assert_eq!((kept.pruned, &kept.document(&id)["replayable"]), (None, &true.into()));
    proof.in_log = false;
    let gone = verify(&expected, &proof, Some(&previous)).unwrap();
    assert!(gone.ok() && gone.closed);
    assert_eq!((gone.pruned, &gone.document(&id)["replayable"]), (Some(8), &false.into()));
    assert!(gone.display().contains("\nverified\ninput 8, which led to it, is no longer in the dispatcher's log"));
}

#[test]
fn while_its_epoch_is_open_it_is_recomputed_only() {
    let (record, mut proof, _, _) = case();
    proof.inclusion = None;
    let id = HashHex(record.id).to_string();
    let verdict = verify(&Expected { decision: &id, dispatcher: None, cluster: None }, &proof, None).unwrap();
    assert!(verdict.ok() && !verdict.closed && verdict.checks.len() == 2);
    assert_eq!(verdict.document(&id)["proven"], false);
    assert!(verdict.display().contains("its dispatch epoch is open"));
}

#[test]
fn whatever_was_altered_is_named() {
    assert_eq!(altered(|record| record.winner = record.runner_up), ["recomputed", "included"]);
    assert_eq!(altered(|record| record.candidates[0].unit_price = UnitPrice::new(1)), ["included"]);
    assert_eq!(altered(|record| record.epoch = 3), ["epoch", "included"]);
    assert_eq!(failing(|proof, _| proof.inclusion.as_mut().unwrap().siblings[0] = HashHex([0; 32])), ["included"]);
    assert_eq!(failing(|proof, _| epoch_of(proof).first_input = U64Str(4)), ["root"]);
    assert_eq!(failing(|proof, _| epoch_of(proof).root = HashHex([0; 32])), ["root", "signed"]);
    assert_eq!(failing(|proof, _| epoch_of(proof).signature = SigStr([0; 64])), ["signed"]);
    assert_eq!(failing(|proof, _| epoch_of(proof).cluster = KeyStr([7; 32])), ["signed"]);
    assert_eq!(failing(|_, previous| previous.last_input = U64Str(5)), ["chained"]);
    assert_eq!(failing(|_, previous| previous.number = U64Str(3)), ["chained"]);
}

#[test]
fn another_decision_or_dispatcher_is_not_the_one() {
    let (_, proof, previous, _) = case();
    let expected = Expected { decision: "00", dispatcher: Some([1; 32]), cluster: None };
    let verdict = verify(&expected, &proof, Some(&previous)).unwrap();
    let failing: Vec<_> = verdict.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
    assert_eq!(failing, ["asked", "signed"]);
    assert!(verdict.display().contains("NOT VERIFIED"));
    let expected = Expected { decision: "00", dispatcher: None, cluster: None };
    for (kind, record) in [("placement", "0x"), ("placement", "00"), ("audit", "00")] {
        let (kind, record) = (kind.to_owned(), record.to_owned());
        let proof = DecisionProof { kind, record, input: U64Str(1), in_log: true, inclusion: None };
        assert!(verify(&expected, &proof, None).is_err(), "{proof:?}");
    }
}
