//! What holds of the records of any run: each decides as it says and is proven to be what was decided then.

use mira_core::hash::Sha2;
use mira_core::{Hash, merkle};

use crate::effect::{Effect, Outcome};
use crate::proof::epoch::epoch_hash;
use crate::proof::{EpochClosed, Inclusion, Kind, leaf, recompute};
use crate::record::PlacementRecord;

/// Checks all records of a run. Returns how many decisions there were.
pub(crate) fn check(outcomes: &[Outcome]) -> usize {
    let (mut hash, mut number, mut first, mut count) = (epoch_hash(&[0; 32], 1), 1, 1, 0);
    let mut open: Vec<&PlacementRecord> = Vec::new();
    for (seq, outcome) in (1u64..).zip(outcomes) {
        for effect in &outcome.effects {
            let Effect::EpochClosed(closed) = effect else { continue };
            assert_eq!((closed.number, closed.hash, closed.first, closed.last), (number, hash, first, seq - 1));
            prove(closed, &open);
            open.clear();
            (hash, number, first) = (epoch_hash(&closed.root(), number + 1), number + 1, seq);
        }
        let mut records: Vec<_> = outcome.records.iter().collect();
        records.sort_by_key(|record| record.id);
        for record in records {
            assert_eq!((record.epoch, record.epoch_hash), (number, hash));
            let again = recompute(record).expect("decides as it says");
            assert_eq!((again.winner, again.runner_up), (record.winner, record.runner_up));
            count += 1;
            open.push(record);
        }
    }
    count
}

fn prove(closed: &EpochClosed, records: &[&PlacementRecord]) {
    let bytes: Vec<Vec<u8>> = records.iter().map(|record| record.to_bytes().expect("bytes")).collect();
    let leaves: Vec<Hash> = bytes.iter().map(|bytes| leaf(Kind::Placement, bytes)).collect();
    assert_eq!(closed.placements.root, merkle::root::<Sha2>(&leaves));
    assert_eq!(closed.placements.count, u64::try_from(leaves.len()).expect("few"));
    for (index, bytes) in bytes.iter().enumerate() {
        let proof = Inclusion::prove(Kind::Placement, &leaves, index).expect("is there");
        assert!(proof.holds(bytes, closed));
    }
}
