//! What the cluster shows at a moment: how much is final, and which fork is confirmed above it.

use super::story::{Story, tip};
use crate::solvency::dice::Dice;
use mira_chain::source::SlotBlock;
use mira_indexer::step::Tip;

/// The cluster as it moves on through a story.
pub struct Cluster<'a> {
    story: &'a Story,
    /// Blocks of the chain to come that are confirmed.
    shown: usize,
    /// Of those, the ones that are final.
    finalized: usize,
    /// The fork that comes next, and how many of its blocks are confirmed.
    branch: (usize, usize),
    /// How many confirmed blocks finality trails behind.
    lag: usize,
}

/// What a move of the cluster did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// A block more, or nothing.
    On,
    /// A fork has all its blocks.
    Forked,
    /// The cluster has left a fork.
    Left,
}

impl<'a> Cluster<'a> {
    /// Before the first block.
    pub fn new(story: &'a Story) -> Self {
        Self { story, shown: 0, finalized: 0, branch: (0, 0), lag: 0 }
    }

    /// Confirms one more block, or leaves a fork, and lets finality follow.
    pub fn advance(&mut self, dice: &mut Dice) -> Moved {
        if dice.once_in(8) {
            self.lag = usize::try_from(dice.roll(40)).unwrap();
        }
        let moved = self.confirm();
        let lag = if self.shown == self.story.blocks.len() { 0 } else { self.lag };
        if self.shown > self.finalized + lag {
            self.finalized += 1 + usize::try_from(dice.roll(3)).unwrap();
            self.finalized = self.finalized.min(self.shown - lag);
        }
        moved
    }

    fn confirm(&mut self) -> Moved {
        let (next, grown) = self.branch;
        match self.story.branches.get(next) {
            Some(branch) if branch.after + 1 == self.shown && grown == branch.blocks.len() => {
                self.branch = (next + 1, 0);
                self.shown += 1;
                Moved::Left
            }
            Some(branch) if branch.after + 1 == self.shown => {
                self.branch.1 += 1;
                if grown + 1 == branch.blocks.len() { Moved::Forked } else { Moved::On }
            }
            _ => {
                self.shown = (self.shown + 1).min(self.story.blocks.len());
                Moved::On
            }
        }
    }

    /// The newest final block.
    pub fn finalized(&self) -> Option<&'a SlotBlock> {
        self.final_blocks().last()
    }

    /// All final blocks.
    pub fn final_blocks(&self) -> &'a [SlotBlock] {
        &self.story.blocks[..self.finalized]
    }

    /// The confirmed blocks above a slot, ascending.
    pub fn confirmed(&self, above: u64) -> impl Iterator<Item = &'a SlotBlock> {
        let (next, grown) = self.branch;
        let branch = self.story.branches.get(next).filter(|branch| branch.after + 1 == self.shown);
        let branch = branch.map(|branch| &branch.blocks[..grown]).unwrap_or_default();
        let chain = self.story.blocks[..self.shown].iter().chain(branch);
        chain.filter(move |block| block.slot > above)
    }

    /// The confirmed fork above a slot, up to another.
    pub fn fork(&self, above: u64, up_to: u64) -> Vec<Tip> {
        self.confirmed(above).take_while(|block| block.slot <= up_to).map(tip).collect()
    }
}
