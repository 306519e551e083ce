//! One simulation, from an empty database to the chain's last block.

use super::Pipeline;
use super::cluster::{Cluster, Moved};
use super::confirmed::{Confirmed, Lent};
use super::faults::{Faults, Lie};
use super::network::Network;
use super::panel::{Answer, LIAR, Panel};
use super::storage::Storage;
use super::story::{CLUSTER, Story, tip};
use super::tally::Tally;
use crate::solvency::dice::Dice;
use mira_indexer::Stop;
use mira_indexer::step::{Batch, Effect, Input};

/// More moments than any story takes: a run that reaches it goes round in circles.
const MOMENTS: u64 = 2_000_000;

/// A story, a pipeline, and everything between them.
pub struct Simulation<'a, P> {
    story: &'a Story,
    /// The tables of the run without faults; `None` for that run itself.
    truth: Option<&'a Storage>,
    faults: &'a Faults,
    dice: &'a mut Dice,
    cluster: Cluster<'a>,
    panel: Panel,
    network: Network<Answer>,
    storage: Storage,
    pipeline: P,
    confirmed: Confirmed,
    /// The lies that this session was told.
    told: Vec<(Lie, u64)>,
    tally: Tally,
}

impl<'a, P: Pipeline> Simulation<'a, P> {
    /// Nothing indexed yet.
    pub fn new(story: &'a Story, truth: Option<&'a Storage>, faults: &'a Faults, dice: &'a mut Dice) -> Self {
        let sides = u64::try_from(faults.honest).unwrap() + 1;
        let place = if faults.honest == 0 { 0 } else { usize::try_from(dice.roll(sides)).unwrap() };
        Self {
            story,
            truth,
            faults,
            dice,
            cluster: Cluster::new(story),
            panel: Panel::new(story.blocks[0].slot, faults.honest, place),
            network: Network::new(),
            storage: Storage::default(),
            pipeline: P::start(CLUSTER, story.start, None),
            confirmed: Confirmed::new(None),
            told: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Runs until the last block is stored.
    ///
    /// # Panics
    /// Something is not as it has to be.
    pub fn run(mut self) -> (Storage, Tally) {
        let last = tip(self.story.last());
        let mut moments = 0;
        while self.storage.cursor != Some(last) {
            moments += 1;
            assert!(moments < MOMENTS, "the run does not end: it stands at {:?}", self.storage.cursor);
            match self.dice.roll(10) {
                0 => self.advance(),
                1..=3 => self.lend(Confirmed::turn),
                _ => self.receive(),
            }
            if self.crashes() {
                self.restart();
            }
        }
        self.lend(Confirmed::check);
        assert!(self.confirmed.is_empty(), "the overlay is not empty after finality");
        self.tally.seeds = 1;
        self.tally.blocks = u64::try_from(self.story.blocks.len()).unwrap();
        self.tally.events = u64::try_from(self.storage.ledger.len()).unwrap();
        (self.storage, self.tally)
    }

    fn lend<T>(&mut self, with: impl FnOnce(&mut Confirmed, &mut Lent<'_>) -> T) -> T {
        let mut lent = Lent {
            story: self.story,
            cluster: &self.cluster,
            storage: &self.storage,
            faults: self.faults,
            dice: &mut *self.dice,
            tally: &mut self.tally,
        };
        with(&mut self.confirmed, &mut lent)
    }

    /// The cluster moves on. Where a fork ends, the overlay is looked at closely.
    fn advance(&mut self) {
        match self.cluster.advance(self.dice) {
            Moved::On => {
                if self.dice.once_in(4) {
                    self.lend(Confirmed::check);
                }
            }
            Moved::Forked => {
                self.lend(Confirmed::poll);
                self.lend(Confirmed::check);
            }
            Moved::Left => {
                let depth = self.lend(Confirmed::poll);
                self.tally.fork(depth);
                self.lend(Confirmed::check);
            }
        }
        if self.dice.once_in(4) {
            self.finalized();
        }
    }

    /// Takes the next answer. Without one the client asks what is final; if an answer was lost it gives up,
    /// and starts again from the stored cursor.
    fn receive(&mut self) {
        if let Some(answer) = self.network.next(&mut self.tally) {
            self.told.extend(answer.lie);
            return match answer.said {
                Ok(input) => self.act(input),
                Err(stop) => self.stopped(&stop),
            };
        }
        if self.network.lost > 0 {
            self.tally.fault("answer lost for good");
            return self.begin();
        }
        let before = self.tally.commits;
        let asked = self.finalized();
        let behind = self.cluster.finalized().is_some_and(|block| self.storage.cursor != Some(tip(block)));
        assert!(
            asked || !behind || self.tally.commits > before,
            "stuck at {:?}: every answer came",
            self.storage.cursor
        );
        self.advance();
    }

    /// Tells what is final; whether that made the pipeline do something.
    fn finalized(&mut self) -> bool {
        let Some(block) = self.cluster.finalized() else { return false };
        let effects = self.pipeline.step(Input::Finalized(block.slot));
        let any = !effects.is_empty();
        self.perform(effects);
        any
    }

    fn act(&mut self, input: Input) {
        let effects = self.pipeline.step(input);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if self.crashes() {
                return self.restart();
            }
            match effect {
                Effect::List { from, to } => {
                    let blocks = self.cluster.final_blocks().iter().map(|block| block.slot);
                    let slots = blocks.filter(|slot| (from..=to).contains(slot)).collect();
                    let answer = self.panel.list(self.dice, self.faults, to, slots);
                    self.answer(answer);
                }
                Effect::Fetch(slots) => {
                    for slot in slots {
                        let block = self.cluster.final_blocks().iter().find(|block| block.slot == slot);
                        let block = block.expect("only slots that were listed are asked for");
                        let answer = self.panel.block(self.dice, self.faults, block);
                        self.answer(answer);
                    }
                }
                Effect::Commit(batch) => {
                    if let Err(stop) = self.commit(batch) {
                        return self.stopped(&stop);
                    }
                }
                Effect::Stop(stop) => return self.stopped(&stop),
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        if let Some((lie, _)) = answer.lie {
            self.tally.fault(lie.name());
        }
        self.network.send(self.dice, self.faults, &mut self.tally, answer);
    }

    /// Stores a batch, which has to be what the run without faults stores for these slots.
    fn commit(&mut self, batch: Batch) -> Result<(), Stop> {
        if let Some(truth) = self.truth {
            for slot in &batch.slots {
                assert!(truth.slots.get(&slot.slot) == Some(slot), "slot {} is stored as {slot:?}", slot.slot);
            }
            for event in &batch.ledger {
                assert!(truth.ledger.get(&event.ord) == Some(event), "no such event: {event:?}");
            }
        }
        self.storage.commit(batch)?;
        self.tally.commits += 1;
        let cursor = self.storage.cursor.expect("something is stored");
        self.panel.stored(cursor.slot);
        self.confirmed.finalize(cursor);
        Ok(())
    }

    /// The cursor stands still: a lie that was told has to be why, and the stop has to name it.
    fn stopped(&mut self, stop: &Stop) {
        assert!(self.explained(stop), "a stop that no lie explains: {stop}; told: {:?}", self.told);
        self.tally.stop(stop.code());
        if !stop.asks_again() {
            self.panel.mend();
            if self.panel.compares() {
                self.tally.fault("an endpoint left out");
            }
        }
        self.begin();
    }

    fn explained(&self, stop: &Stop) -> bool {
        let mut told = self.told.iter();
        match stop {
            // Among honest endpoints nothing else stops it.
            Stop::Disagreement { what, first, second } => {
                let about = |slot: &u64| what.starts_with(&format!("slot {slot}: "));
                [first, second].iter().any(|label| *label == LIAR)
                    && told.any(|(lie, slot)| lie.is_a_block() && about(slot))
            }
            _ if self.panel.compares() => false,
            // Nothing was read yet, and lists have left out every block up to the one that is missed.
            Stop::NoStart { parent, .. } => {
                let blocks = self.story.blocks.iter().map(|block| block.slot);
                let mut missed = blocks.take_while(|slot| slot <= parent).peekable();
                let left_out = |slot| self.told.contains(&(Lie::LeftOut, slot));
                self.storage.cursor.is_none() && missed.peek().is_some() && missed.all(left_out)
            }
            _ => told.any(|(lie, slot)| lie.code() == stop.code() && slot_of(stop).is_none_or(|named| named == *slot)),
        }
    }

    fn crashes(&mut self) -> bool {
        self.faults.restart_once_in > 0 && self.dice.once_in(self.faults.restart_once_in)
    }

    /// The process dies, and another one starts.
    fn restart(&mut self) {
        self.tally.fault("restart");
        self.confirmed = Confirmed::new(self.storage.cursor);
        self.begin();
    }

    /// A session begins with the stored cursor and knows nothing else.
    fn begin(&mut self) {
        self.network.clear();
        self.told.clear();
        self.pipeline = P::start(CLUSTER, self.story.start, self.storage.cursor);
    }
}

/// The slot that a stop is about, where it names one.
fn slot_of(stop: &Stop) -> Option<u64> {
    match stop {
        Stop::Undecodable { slot, .. }
        | Stop::Unreadable { slot, .. }
        | Stop::UnknownEvent { slot, .. }
        | Stop::Fork { slot, .. }
        | Stop::Contradiction { slot }
        | Stop::Unavailable { slot, .. } => Some(*slot),
        Stop::UnprovedSkip { parent, .. } => Some(*parent),
        Stop::Fold(error) => Some(error.at.slot),
        _ => None,
    }
}
