//! An endpoint: what it answers, truly or not.

use super::faults::{Faults, Lie};
use crate::solvency::dice::Dice;
use mira_chain::event::{Aggregate, Event};
use mira_chain::source::{BlockFetch, SlotBlock, SourceError, UnreadableTransaction};

/// What the endpoint says of a block.
pub struct Told {
    /// Its answer.
    pub answer: Result<BlockFetch, SourceError>,
    /// The lie in it, and the slot that it is about.
    pub lie: Option<(Lie, u64)>,
}

/// An endpoint that lies about one slot at a time, a few times, and then tells the truth again.
pub struct Liar {
    /// The slot of the first block of all.
    first: u64,
    lie: Option<(Lie, u64)>,
    /// How often it is told again.
    times: u64,
}

impl Liar {
    /// An honest endpoint of a chain that begins with a slot.
    pub fn new(first: u64) -> Self {
        Self { first, lie: None, times: 0 }
    }

    /// Ends the lie: somebody has mended the endpoint.
    pub fn mend(&mut self) {
        self.lie = None;
    }

    /// Ends a lie about what nobody asks for any more.
    pub fn stored(&mut self, up_to: u64) {
        self.lie = self.lie.filter(|(_, slot)| *slot > up_to);
    }

    /// Lists the slots that have blocks; gives the lie in it too.
    pub fn list(&mut self, dice: &mut Dice, faults: &Faults, mut slots: Vec<u64>) -> (Vec<u64>, Option<(Lie, u64)>) {
        let may = !slots.is_empty() && faults.lies.contains(&Lie::LeftOut);
        if may && self.begins(dice, faults.lie_once_in.div_ceil(8)) {
            let slot = *dice.pick(&slots);
            self.begin(dice, Lie::LeftOut, slot);
        }
        let lie = self.lie.filter(|(lie, slot)| *lie == Lie::LeftOut && slots.contains(slot));
        if let Some((_, about)) = lie {
            slots.retain(|slot| *slot != about);
            self.told();
        }
        (slots, lie)
    }

    /// Gives a block.
    pub fn block(&mut self, dice: &mut Dice, faults: &Faults, block: &SlotBlock) -> Told {
        let first = block.slot == self.first;
        let sides = if first { faults.lie_once_in.min(4) } else { faults.lie_once_in };
        if !faults.lies.is_empty() && self.begins(dice, sides) {
            let lie = *dice.pick(faults.lies);
            let possible = lie != Lie::LeftOut && !(first && lie == Lie::OtherChain);
            if possible && bent(lie, block).is_some() {
                self.begin(dice, lie, block.slot);
            }
        }
        let lie = self.lie.filter(|(lie, slot)| *lie != Lie::LeftOut && *slot == block.slot);
        match lie.and_then(|(lie, _)| bent(lie, block)) {
            Some(answer) => {
                self.told();
                Told { answer, lie }
            }
            None => Told { answer: Ok(BlockFetch::Present(block.clone())), lie: None },
        }
    }

    fn begins(&self, dice: &mut Dice, sides: u64) -> bool {
        self.lie.is_none() && sides > 0 && dice.once_in(sides)
    }

    fn begin(&mut self, dice: &mut Dice, lie: Lie, slot: u64) {
        self.lie = Some((lie, slot));
        self.times = dice.roll(3);
    }

    fn told(&mut self) {
        match self.times.checked_sub(1) {
            Some(left) => self.times = left,
            None => self.lie = None,
        }
    }
}

/// What the endpoint says instead of a block; `None` if the block gives no occasion for the lie.
fn bent(lie: Lie, block: &SlotBlock) -> Option<Result<BlockFetch, SourceError>> {
    let slot = block.slot;
    match lie {
        Lie::LeftOut => None,
        Lie::Skipped => Some(Ok(BlockFetch::ClaimedSkipped)),
        Lie::Unavailable => Some(Ok(BlockFetch::Unavailable { reason: "pruned".to_owned() })),
        Lie::Undecodable => Some(Err(SourceError::Undecodable { slot, reason: "version 1".to_owned() })),
        Lie::Unreadable => {
            let mut block = block.clone();
            let signature = block.events.last()?.id.signature;
            block.events.retain(|event| event.id.signature != signature);
            let (reason, received) = ("parsed".to_owned(), Vec::new());
            let unreadable = vec![UnreadableTransaction { signature, slot, reason, received }];
            Some(Err(SourceError::UnreadableIn { block: Box::new(block), unreadable }))
        }
        Lie::OtherChain => {
            let mut block = block.clone();
            block.blockhash[0] ^= 1;
            block.parent_blockhash[0] ^= 1;
            Some(Ok(BlockFetch::Present(block)))
        }
        Lie::OtherCluster | Lie::UnknownEvent | Lie::EventLeftOut | Lie::EventTwice | Lie::EventWithheld => {
            bent_events(lie, block).map(|block| Ok(BlockFetch::Present(block)))
        }
    }
}

/// A block with other events; `None` if the block gives no occasion for the lie.
pub fn bent_events(lie: Lie, block: &SlotBlock) -> Option<SlotBlock> {
    let mut block = block.clone();
    match lie {
        Lie::OtherCluster => {
            let raw = block.events.first_mut()?;
            let Ok(Event::NetworkInitialized(mut body)) = raw.decode() else { return None };
            body.cluster_id[0] ^= 1;
            raw.payload = Event::NetworkInitialized(body).encode().1;
        }
        Lie::UnknownEvent => block.events.last_mut()?.discriminator = [0xee; 8],
        Lie::EventLeftOut => {
            let needed = needed(&block)?;
            block.events.remove(needed);
        }
        Lie::EventWithheld => {
            block.events.pop()?;
        }
        Lie::EventTwice => {
            let again = block.events.last()?.clone();
            block.events.push(again);
        }
        _ => return None,
    }
    Some(block)
}

/// An event that another one of the block follows in an aggregate. The absence of any other shows only when
/// the aggregate changes again.
fn needed(block: &SlotBlock) -> Option<usize> {
    let aggregates: Vec<Vec<Aggregate>> = block.events.iter().map(|raw| raw.decode().unwrap().aggregates()).collect();
    let follows = |a: &Aggregate, b: &Aggregate| (b.kind, b.key, b.seq) == (a.kind, a.key, a.seq + 1);
    let needed = |of: &Vec<Aggregate>| of.iter().any(|a| aggregates.iter().flatten().any(|b| follows(a, b)));
    aggregates.iter().position(needed)
}
