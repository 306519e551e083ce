//! A chain that a seed makes: the blocks that become final, and forks that never do.

use crate::solvency::dice::Dice;
use mira_chain::source::SlotBlock;
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};
use mira_indexer::apply::{PlacedEvent, Rows, fold};
use mira_indexer::step::Tip;
use mira_indexer::testing::{Chain, Move};
use mira_store::model::{Ordinal, Projection, ProjectionKey};
use std::collections::{BTreeMap, HashMap};

/// The deepest fork.
pub const DEEPEST: u64 = 32;
/// The cluster's genesis hash.
pub const CLUSTER: Hash = [7; 32];

/// All rows after a block.
pub type State = BTreeMap<ProjectionKey, Projection>;

/// What the cluster does, from its first block with events to its last.
pub struct Story {
    /// The slot at which indexing starts: none of the blocks lies before it.
    pub start: u64,
    /// The blocks that become final, ascending.
    pub blocks: Vec<SlotBlock>,
    /// Forks, by where they leave, ascending.
    pub branches: Vec<Branch>,
    states: HashMap<Hash, State>,
}

/// Blocks that were confirmed and never final.
pub struct Branch {
    /// The index of the final block that it builds on.
    pub after: usize,
    /// Its blocks, ascending.
    pub blocks: Vec<SlotBlock>,
}

/// One side of a fork while it grows.
#[derive(Clone)]
struct Side {
    chain: Chain,
    rows: Rows,
    tip: Tip,
}

impl Story {
    /// The chain of a seed.
    pub fn new(dice: &mut Dice) -> Self {
        let start = 100 + dice.roll(50);
        let tip = Tip { slot: start - 1, blockhash: hash(start - 1, 0) };
        let mut side = Side { chain: Chain::furnished(CLUSTER), rows: Rows::default(), tip };
        let mut story = Self { start, blocks: Vec::new(), branches: Vec::new(), states: HashMap::new() };
        let first = story.grow(&mut side, start + dice.roll(3), 0);
        story.blocks.push(first);
        for index in 0..30 + dice.roll(70) {
            if dice.once_in(15) {
                story.branch(dice, side.clone());
            }
            let slot = side.tip.slot + gap(dice, index % 7 == 6);
            play(dice, &mut side.chain);
            let block = story.grow(&mut side, slot, 0);
            story.blocks.push(block);
        }
        story
    }

    fn branch(&mut self, dice: &mut Dice, mut side: Side) {
        let depth = if dice.once_in(4) { DEEPEST } else { 1 + dice.roll(DEEPEST) };
        let mut blocks = Vec::new();
        let number = u64::try_from(self.branches.len()).unwrap() + 1;
        for _ in 0..depth {
            let slot = side.tip.slot + gap(dice, false);
            play(dice, &mut side.chain);
            blocks.push(self.grow(&mut side, slot, number));
        }
        self.branches.push(Branch { after: self.blocks.len() - 1, blocks });
    }

    /// Puts what has happened on a side into its next block.
    fn grow(&mut self, side: &mut Side, slot: u64, branch: u64) -> SlotBlock {
        let events = side.chain.take_raw(slot);
        let mut placed: Vec<PlacedEvent> = Vec::new();
        for raw in &events {
            let at = Ordinal { slot, signature: raw.id.signature, ix: raw.id.ix, inner_ix: raw.id.inner_ix };
            placed.push(PlacedEvent { at, event: raw.decode().unwrap() });
        }
        fold(&mut side.rows, &placed).expect("the model's events fold");
        let parent = std::mem::replace(&mut side.tip, Tip { slot, blockhash: hash(slot, branch) });
        let state = side.rows.iter().map(|row| (row.key(), row.clone())).collect();
        self.states.insert(side.tip.blockhash, state);
        SlotBlock {
            slot,
            parent_slot: parent.slot,
            blockhash: side.tip.blockhash,
            parent_blockhash: parent.blockhash,
            block_time: Some(i64::try_from(slot).unwrap()),
            transactions: u32::try_from(events.len()).unwrap(),
            forged: u32::from(slot.is_multiple_of(11)),
            events,
        }
    }

    /// All rows after a block of this chain, folded block by block.
    pub fn state(&self, blockhash: &Hash) -> &State {
        &self.states[blockhash]
    }

    /// The last block.
    pub fn last(&self) -> &SlotBlock {
        self.blocks.last().expect("a story has blocks")
    }
}

/// How far the next block is: mostly the next slot, sometimes a few leaders away, rarely so far that lists
/// and batches are cut.
fn gap(dice: &mut Dice, may_be_long: bool) -> u64 {
    match dice.roll(40) {
        0 if may_be_long => 200 + dice.roll(2_000),
        1..=5 => 2 + dice.roll(4),
        _ => 1,
    }
}

/// Some moves; what the protocol refuses leaves no event.
fn play(dice: &mut Dice, chain: &mut Chain) {
    for _ in 0..dice.roll(16) {
        chain.play(Move::random(|sides| dice.roll(sides)));
    }
}

/// The hash of a block: every fork has its own.
fn hash(slot: u64, branch: u64) -> Hash {
    Sha2::hashv(&[b"block", &slot.to_le_bytes(), &branch.to_le_bytes()])
}

/// A block's slot and hash.
pub fn tip(block: &SlotBlock) -> Tip {
    Tip { slot: block.slot, blockhash: block.blockhash }
}
