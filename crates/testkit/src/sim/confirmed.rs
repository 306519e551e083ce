//! The confirmed side of a simulation: polls over a bad network, and an overlay that has to be what the
//! chain says.

use super::cluster::Cluster;
use super::faults::{Faults, Lie};
use super::liar::bent_events;
use super::network::Network;
use super::storage::Storage;
use super::story::Story;
use super::tally::Tally;
use crate::solvency::dice::Dice;
use mira_chain::source::SlotBlock;
use mira_indexer::overlay::{Overlay, WINDOW_SLOTS};
use mira_indexer::step::Tip;

/// Lies that the fold notices for certain.
const LIES: [Lie; 3] = [Lie::UnknownEvent, Lie::EventLeftOut, Lie::EventTwice];

/// What a poll brings.
#[derive(Clone)]
enum Seen {
    List(Vec<u64>),
    Block(SlotBlock),
}

/// What the simulation lends.
pub struct Lent<'a> {
    pub story: &'a Story,
    pub cluster: &'a Cluster<'a>,
    pub storage: &'a Storage,
    pub faults: &'a Faults,
    pub dice: &'a mut Dice,
    pub tally: &'a mut Tally,
}

/// The overlay and the answers on their way to it.
pub struct Confirmed {
    overlay: Option<Overlay>,
    network: Network<Seen>,
    /// A block with false events may be held.
    lied: bool,
}

impl Confirmed {
    /// As a process that has just started makes it.
    pub fn new(base: Option<Tip>) -> Self {
        Self { overlay: base.map(Overlay::new), network: Network::new(), lied: false }
    }

    /// Takes an answer of the poll under way, or begins the next.
    pub fn turn(&mut self, lent: &mut Lent<'_>) {
        let Some(overlay) = &mut self.overlay else { return };
        match self.network.next(lent.tally) {
            None => {
                let mut slots: Vec<u64> = lent.cluster.confirmed(overlay.base().slot).map(|block| block.slot).collect();
                if lent.faults.lie_once_in > 0 && !slots.is_empty() && lent.dice.once_in(lent.faults.lie_once_in) {
                    let left_out = *lent.dice.pick(&slots);
                    slots.retain(|slot| *slot != left_out);
                    lent.tally.fault("confirmed: left out of a list");
                }
                self.network.send(lent.dice, lent.faults, lent.tally, Seen::List(slots));
            }
            Some(Seen::List(slots)) => {
                overlay.listed(&slots);
                for slot in overlay.wanted() {
                    self.ask(lent, slot);
                }
            }
            Some(Seen::Block(block)) => {
                if let Err(dropped) = overlay.confirm(&block) {
                    self.dropped(lent, &dropped.to_string());
                }
            }
        }
    }

    fn ask(&mut self, lent: &mut Lent<'_>, slot: u64) {
        let Some(block) = lent.cluster.confirmed(slot - 1).next().filter(|block| block.slot == slot) else { return };
        let lies = lent.faults.lie_once_in > 0 && lent.dice.once_in(lent.faults.lie_once_in * 4);
        let bent = if lies { bent_events(*lent.dice.pick(&LIES), block) } else { None };
        if bent.is_some() {
            self.lied = true;
            lent.tally.fault("confirmed: false events");
        }
        let seen = Seen::Block(bent.unwrap_or_else(|| block.clone()));
        self.network.send(lent.dice, lent.faults, lent.tally, seen);
    }

    /// The overlay emptied itself: only a lie is a reason.
    fn dropped(&mut self, lent: &mut Lent<'_>, why: &str) {
        assert!(self.lied, "the overlay was dropped, and nobody lied: {why}");
        assert!(self.overlay.as_ref().is_some_and(Overlay::is_empty), "a dropped overlay is empty");
        lent.tally.fault("confirmed: overlay dropped");
        self.lied = false;
        self.network.clear();
    }

    /// The cursor has moved.
    pub fn finalize(&mut self, base: Tip) {
        match &mut self.overlay {
            Some(overlay) => {
                overlay.finalize(base);
            }
            None => self.overlay = Some(Overlay::new(base)),
        }
    }

    /// One whole poll over a good network; gives how many blocks it discarded.
    pub fn poll(&mut self, lent: &mut Lent<'_>) -> usize {
        self.network.clear();
        let Some(overlay) = &mut self.overlay else { return 0 };
        let base = overlay.base().slot;
        let slots: Vec<u64> = lent.cluster.confirmed(base).map(|block| block.slot).collect();
        let mut discarded = overlay.listed(&slots).discarded.len();
        for _ in 0..WINDOW_SLOTS {
            let wanted = overlay.wanted();
            if wanted.is_empty() {
                break;
            }
            for block in lent.cluster.confirmed(base).filter(|block| wanted.contains(&block.slot)) {
                discarded += overlay.confirm(block).expect("a true block is known").discarded.len();
            }
        }
        let fork = overlay.fork();
        assert_eq!(fork, lent.cluster.fork(base, overlay.last_slot()), "the overlay is not the confirmed fork");
        discarded
    }

    /// Compares finalized and confirmed rows together with the chain's at the fork's head.
    pub fn check(&mut self, lent: &mut Lent<'_>) {
        let Some(overlay) = &mut self.overlay else { return };
        let head = overlay.fork().last().copied().unwrap_or(overlay.base());
        let rows = match overlay.fold(lent.storage.load(&overlay.events())) {
            Ok(rows) => rows,
            Err(dropped) => return self.dropped(lent, &dropped.to_string()),
        };
        let mut both = lent.storage.rows.clone();
        for row in rows {
            let (key, seq) = (row.key(), row.seq());
            let old = both.insert(key, row);
            assert!(old.is_none_or(|old| old.seq() < seq), "a confirmed row is not newer than the finalized one");
        }
        let truth = lent.story.state(&head.blockhash);
        assert!(&both == truth, "the confirmed rows at slot {} are not the chain's", head.slot);
        lent.tally.overlays += 1;
    }

    /// Whether no confirmed block is held.
    pub fn is_empty(&self) -> bool {
        self.overlay.as_ref().is_none_or(Overlay::is_empty)
    }
}
