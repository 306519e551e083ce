//! Which of the confirmed blocks make the fork.

use super::{Confirmed, Overlay, Tip};

impl Overlay {
    /// The current confirmed fork: blocks linked from the base to the highest that reaches it, ascending.
    pub fn fork(&self) -> Vec<Tip> {
        self.on_fork().into_iter().map(|block| block.tip).collect()
    }

    pub(super) fn on_fork(&self) -> Vec<&Confirmed> {
        self.blocks.values().rev().find_map(|head| self.chain_to(head)).unwrap_or_default()
    }

    /// The blocks from the base to `head`, if the links lead there.
    fn chain_to<'a>(&'a self, head: &'a Confirmed) -> Option<Vec<&'a Confirmed>> {
        let mut chain = vec![head];
        let mut parent = head.parent;
        // Parents lie below their children, so this ends.
        while parent != self.base {
            let block = self.blocks.get(&parent.slot).filter(|block| block.tip == parent)?;
            chain.push(block);
            parent = block.parent;
        }
        chain.reverse();
        Some(chain)
    }

    /// Whether a block is held, final, or below what can be asked for.
    pub(super) fn knows(&self, tip: Tip) -> bool {
        tip.slot <= self.base.slot || self.blocks.get(&tip.slot).is_some_and(|block| block.tip == tip)
    }

    /// Drops what builds on a block that finality has passed over, and so can never be final. One
    /// whose parent was not seen yet is kept.
    pub(super) fn prune(&mut self) {
        let mut dead = Vec::new();
        for block in self.blocks.values() {
            let passed_over = block.parent.slot <= self.base.slot && block.parent != self.base;
            if passed_over || dead.contains(&block.parent) {
                dead.push(block.tip);
            }
        }
        dead.iter().for_each(|tip| {
            self.blocks.remove(&tip.slot);
        });
    }
}
