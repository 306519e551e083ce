//! The simulator can fail: each of these pipelines has one mistake, and is caught at it.

use libtest_mimic::Trial;
use mira_chain::source::SlotBlock;
use mira_core::Hash;
use mira_indexer::step::{Batch, Effect, Input, State, Tip, step};
use mira_testkit::sim::{Faults, Lie, Pipeline, play_with};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn trials() -> Vec<Trial> {
    trials![
        the_right_one_passes,
        trusting_skipped_is_caught,
        trusting_lists_is_caught,
        not_stopping_is_caught,
        committing_twice_is_caught,
        losing_an_event_is_caught,
    ]
}

/// What went wrong first in some seeds with these lies; nothing if nothing did.
fn caught<P: Pipeline>(lies: &'static [Lie]) -> Option<String> {
    (0..20).find_map(|seed| {
        let faults = Faults { lies, lie_once_in: if lies.is_empty() { 0 } else { 24 }, ..Faults::default() };
        let panic = catch_unwind(AssertUnwindSafe(|| play_with::<P>(seed, &faults))).err()?;
        let text = panic.downcast_ref::<String>().cloned();
        Some(text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap())
    })
}

/// Expects a pipeline to be caught, and for the right reason.
fn expect<P: Pipeline>(lies: &'static [Lie], why: &str) {
    let caught = caught::<P>(lies).expect("nobody noticed");
    assert!(caught.contains(why), "caught, but for this: {caught}");
}

fn the_right_one_passes() {
    assert_eq!(caught::<State>(&[Lie::Skipped, Lie::LeftOut, Lie::EventLeftOut]), None);
}

/// A pipeline that believes in links: whatever block comes is made to follow the last one.
struct Credulous {
    state: State,
    last: Option<Tip>,
}

impl Credulous {
    fn read(&mut self, mut block: SlotBlock) -> Vec<Effect> {
        if let Some(last) = self.last {
            (block.parent_slot, block.parent_blockhash) = (last.slot, last.blockhash);
        }
        self.last = Some(Tip { slot: block.slot, blockhash: block.blockhash });
        step(&mut self.state, Input::Block(block))
    }
}

impl Pipeline for Credulous {
    fn start(cluster: Hash, start: u64, tip: Option<Tip>) -> Self {
        Self { state: State::new(cluster, start, tip), last: tip }
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        match input {
            Input::Block(block) => self.read(block),
            // A slot that is called skipped is passed over as if an empty block were there.
            Input::Skipped { slot } => self.read(SlotBlock {
                slot,
                parent_slot: 0,
                blockhash: [0; 32],
                parent_blockhash: [0; 32],
                block_time: None,
                transactions: 0,
                forged: 0,
                events: Vec::new(),
            }),
            other => step(&mut self.state, other),
        }
    }
}

fn trusting_skipped_is_caught() {
    expect::<Credulous>(&[Lie::Skipped], "is stored as");
}

fn trusting_lists_is_caught() {
    expect::<Credulous>(&[Lie::LeftOut], "is stored as");
}

/// A pipeline whose effects are changed on their way out.
struct Altered<const WHAT: u8>(State);

const MUTE: u8 = 0;
const TWICE: u8 = 1;
const LOSSY: u8 = 2;

impl<const WHAT: u8> Pipeline for Altered<WHAT> {
    fn start(cluster: Hash, start: u64, tip: Option<Tip>) -> Self {
        Self(State::new(cluster, start, tip))
    }

    fn step(&mut self, input: Input) -> Vec<Effect> {
        let alter = |effect| match (WHAT, effect) {
            (MUTE, Effect::Stop(_)) => vec![],
            (TWICE, Effect::Commit(batch)) => vec![Effect::Commit(batch.clone()), Effect::Commit(batch)],
            (LOSSY, Effect::Commit(batch)) => vec![Effect::Commit(without_last_event(batch))],
            (_, effect) => vec![effect],
        };
        step(&mut self.0, input).into_iter().flat_map(alter).collect()
    }
}

fn without_last_event(mut batch: Batch) -> Batch {
    batch.events.pop();
    batch.ledger.pop();
    batch
}

fn not_stopping_is_caught() {
    expect::<Altered<MUTE>>(&[Lie::Unavailable], "stuck at");
}

fn committing_twice_is_caught() {
    expect::<Altered<TWICE>>(&[], "committed twice");
}

/// Either the tables differ, with the confirmed rows over them or in the end, or a later event of the
/// aggregate does not fit.
fn losing_an_event_is_caught() {
    let caught = caught::<Altered<LOSSY>>(&[]).expect("nobody noticed");
    let noticed = ["a stop that no lie explains", "not that of the run without faults", "are not the chain's"];
    assert!(noticed.iter().any(|why| caught.contains(why)), "caught, but for this: {caught}");
}
