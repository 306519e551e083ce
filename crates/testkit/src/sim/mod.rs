//! The indexer's pure pipeline against a chain that a seed makes and an endpoint that does everything
//! wrong. Nothing waits and nothing is asked of a machine: a seed gives the same run everywhere.
//!
//! What has to hold, at every moment: a commit stores what the run without faults stores for its slots,
//! nothing twice; the cursor stands still because of a lie and names it, and goes on when the lie ends;
//! finalized and confirmed rows together are the chain's at the head of the confirmed fork. And in the
//! end: the tables are those of the run without faults, to the byte, and the overlay is empty.
//!
//! Then the same chain is read over two or three endpoints of which one lies: nothing false passes, not
//! even what fits everything around it, a disagreement stops the cursor and names the liar, and without
//! it the run goes on to the same end.
//!
//! Not covered: a lie in a block's content that fits everything around it, told by the only endpoint that
//! answers. Only a second one can tell it from the truth.
//!
//! | module | holds |
//! | --- | --- |
//! | [`story`] | the chain, from the protocol's model: blocks that become final, forks that do not |
//! | [`cluster`] | how much of it is confirmed and final at a moment |
//! | [`faults`] | what may go wrong, and how often |
//! | [`liar`] | the lying endpoint's answers |
//! | [`panel`] | the answers of all endpoints together |
//! | [`network`] | the way they take |
//! | [`storage`] | the database: a commit as a whole |
//! | [`confirmed`] | polls and the overlay |
//! | [`run`] | one simulation |
//! | [`tally`] | what happened |

mod cluster;
mod confirmed;
pub mod faults;
mod liar;
mod network;
mod panel;
mod run;
mod storage;
mod story;
pub mod tally;

pub use faults::{Faults, Lie};
pub use tally::Tally;

use crate::solvency::dice::Dice;
use mira_core::Hash;
use mira_indexer::step::{Effect, Input, State, Tip, step};
use mira_store::model::{RawEvent, state_hash};
use run::Simulation;
use storage::Storage;
use story::Story;

/// What is simulated: ingest as a pure function.
pub trait Pipeline {
    /// From the stored cursor on, as a process that has just started.
    fn start(cluster: Hash, start: u64, tip: Option<Tip>) -> Self;

    /// Takes one input.
    fn step(&mut self, input: Input) -> Vec<Effect>;
}

impl Pipeline for State {
    fn start(cluster: Hash, start: u64, tip: Option<Tip>) -> Self {
        Self::new(cluster, start, tip)
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        step(self, input)
    }
}

/// Plays a seed: its chain, with its faults, from one endpoint and then from several.
///
/// # Panics
/// Something is not as it has to be.
pub fn play(seed: u64) -> Tally {
    let dice = &mut Dice::new(seed);
    let (story, truth) = told(dice);
    let mut tally = check::<State>(&story, &truth, &Faults::random(dice), dice);
    tally.merge(&check::<State>(&story, &truth, &Faults::among_honest(dice), dice));
    Tally { seeds: 1, ..tally }
}

/// As [`play`], of another pipeline and with other faults.
///
/// # Panics
/// Something is not as it has to be.
pub fn play_with<P: Pipeline>(seed: u64, faults: &Faults) -> Tally {
    let dice = &mut Dice::new(seed);
    let (story, truth) = told(dice);
    check::<P>(&story, &truth, faults, dice)
}

/// A chain and its tables.
fn told(dice: &mut Dice) -> (Story, Storage) {
    let story = Story::new(dice);
    let truth = truth(&story);
    (story, truth)
}

fn check<P: Pipeline>(story: &Story, truth: &Storage, faults: &Faults, dice: &mut Dice) -> Tally {
    let (storage, tally) = Simulation::<P>::new(story, Some(truth), faults, dice).run();
    assert!(storage.slots == truth.slots, "the slots are not those of the run without faults");
    assert!(storage.ledger == truth.ledger, "the ledger is not that of the run without faults");
    assert!(storage.rows == truth.rows, "the rows are not those of the run without faults");
    assert_eq!(state_hash(storage.rows.values()), state_hash(truth.rows.values()));
    assert_eq!((storage.cursor, storage.forged), (truth.cursor, truth.forged));
    tally
}

/// The tables of the run without faults, which are the chain's.
fn truth(story: &Story) -> Storage {
    let (storage, _) = Simulation::<State>::new(story, None, &Faults::default(), &mut Dice::new(0)).run();
    assert!(&storage.rows == story.state(&story.last().blockhash), "the rows are not the chain's");
    let same = |(stored, event): (&RawEvent, &mira_chain::event::RawEvent)| {
        stored.payload == event.payload && stored.ord.slot == event.slot && stored.ord.signature == event.id.signature
    };
    let mut events: Vec<_> = story.blocks.iter().flat_map(|block| &block.events).collect();
    events.sort_by_key(|event| (event.slot, event.id));
    assert_eq!(storage.ledger.len(), events.len(), "the ledger is not the chain's");
    assert!(storage.ledger.values().zip(events).all(same), "the ledger is not the chain's");
    storage
}
