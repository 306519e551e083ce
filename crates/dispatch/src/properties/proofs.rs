//! What holds of the records of any run: each decides as it says and is proven to be what was decided then.

use mira_core::hash::Sha2;
use mira_core::{Hash, merkle};

use crate::effect::{Effect, Outcome};
use crate::proof::epoch::{Tree, epoch_hash};
use crate::proof::reroute::{reroute, write};
use crate::proof::{EpochClosed, Inclusion, Kind, leaf, recompute};

/// The records of an epoch, in their recorded form.
#[derive(Default)]
struct Records {
    placements: Vec<Vec<u8>>,
    routes: Vec<Vec<u8>>,
}

/// Checks all records of a run. Returns how many placements and how many routes there were.
pub(crate) fn check(outcomes: &[Outcome]) -> (usize, usize) {
    let (mut hash, mut number, mut first) = (epoch_hash(&[0; 32], 1), 1, 1);
    let (mut placements, mut routes) = (0, 0);
    let mut open = Records::default();
    for (seq, outcome) in (1u64..).zip(outcomes) {
        for effect in &outcome.effects {
            let Effect::EpochClosed(closed) = effect else { continue };
            assert_eq!((closed.number, closed.hash, closed.first, closed.last), (number, hash, first, seq - 1));
            assert_eq!(closed.first_route, u64::try_from(routes - open.routes.len()).expect("few"));
            prove(Kind::Placement, closed, &closed.placements, &open.placements);
            prove(Kind::Route, closed, &closed.routes, &open.routes);
            open = Records::default();
            (hash, number, first) = (epoch_hash(&closed.root(), number + 1), number + 1, seq);
        }
        let mut records: Vec<_> = outcome.records.iter().collect();
        records.sort_by_key(|record| record.id);
        for record in records {
            assert_eq!((record.epoch, record.epoch_hash), (number, hash));
            let again = recompute(record).expect("decides as it says");
            assert_eq!((again.winner, again.runner_up), (record.winner, record.runner_up));
            placements += 1;
            open.placements.push(record.to_bytes().expect("bytes"));
        }
        for record in outcome.routes() {
            let again = reroute(record, Some(&hash)).expect("decides as it says");
            assert_eq!((again.winner, again.runner_up, again.backup), (record.winner, record.runner_up, record.backup));
            routes += 1;
            open.routes.push(write(record).expect("bytes"));
        }
    }
    (placements, routes)
}

fn prove(kind: Kind, closed: &EpochClosed, tree: &Tree, records: &[Vec<u8>]) {
    let leaves: Vec<Hash> = records.iter().map(|bytes| leaf(kind, bytes)).collect();
    let all = Tree { root: merkle::root::<Sha2>(&leaves), count: u64::try_from(leaves.len()).expect("few") };
    assert_eq!(*tree, all);
    for (index, bytes) in records.iter().enumerate() {
        assert!(Inclusion::prove(kind, &leaves, index).expect("is there").holds(bytes, closed));
    }
}
