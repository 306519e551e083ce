//! The endpoints: one that may lie, alone or among honest ones. What several say together is decided as
//! the indexer decides it, by [`Agreement`] and [`listed_by_any`].

use super::faults::{Faults, Lie};
use super::liar::{Liar, Told};
use crate::solvency::dice::Dice;
use mira_chain::source::{Agreement, BlockFetch, SlotBlock, SourceError, listed_by_any};
use mira_indexer::Stop;
use mira_indexer::step::Input;

/// What the liar is called in messages.
pub const LIAR: &str = "liar";
/// What the others are called.
const HONEST: &str = "honest";

/// What comes of a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the pipeline is told, or why it stops at once.
    pub said: Result<Input, Stop>,
    /// The lie that was told on the way, and the slot that it is about.
    pub lie: Option<(Lie, u64)>,
}

/// Endpoints in the order in which they are asked.
pub struct Panel {
    liar: Liar,
    /// How many others there are.
    honest: usize,
    /// The liar's place among them; `None` once a person has left it out.
    place: Option<usize>,
}

impl Panel {
    /// A liar among some honest endpoints of a chain that begins with a slot.
    pub fn new(first: u64, honest: usize, place: usize) -> Self {
        Self { liar: Liar::new(first), honest, place: Some(place) }
    }

    /// Whether there is a second opinion.
    pub fn compares(&self) -> bool {
        self.honest > 0
    }

    /// Somebody has seen to it: the only endpoint is mended, one among others is left out.
    pub fn mend(&mut self) {
        if self.compares() {
            self.place = None;
        } else {
            self.liar.mend();
        }
    }

    /// Ends a lie about what nobody asks for any more.
    pub fn stored(&mut self, up_to: u64) {
        self.liar.stored(up_to);
    }

    /// Lists the slots that have blocks.
    pub fn list(&mut self, dice: &mut Dice, faults: &Faults, to: u64, slots: Vec<u64>) -> Answer {
        let (mut lists, mut lie) = (vec![slots.clone(); self.honest], None);
        if self.place.is_some() {
            let (told, about) = self.liar.list(dice, faults, slots.clone());
            lists.push(told);
            lie = about;
        }
        let listed = listed_by_any(lists);
        assert!(!self.compares() || listed == slots, "what one leaves out, the others list");
        Answer { said: Ok(Input::Listed { to, slots: listed }), lie }
    }

    /// Gives a block.
    ///
    /// # Panics
    /// Something false passes although somebody honest was asked.
    pub fn block(&mut self, dice: &mut Dice, faults: &Faults, block: &SlotBlock) -> Answer {
        let (mut agreement, mut lie, mut outcome) = (Agreement::default(), None, None);
        for place in 0..self.honest + usize::from(self.place.is_some()) {
            let (label, answer) = if self.place == Some(place) {
                let Told { answer, lie: told } = self.liar.block(dice, faults, block);
                lie = told;
                (LIAR, answer)
            } else {
                (HONEST, Ok(BlockFetch::Present(block.clone())))
            };
            outcome = agreement.hear(label, answer);
            if outcome.is_some() {
                break;
            }
        }
        let outcome = outcome.unwrap_or_else(|| agreement.end());
        if self.compares() {
            let true_or_named = match &outcome {
                Ok(answer) => *answer == BlockFetch::Present(block.clone()),
                Err(error) => matches!(error, SourceError::Disagreement { .. }),
            };
            assert!(true_or_named, "a lie passes among honest endpoints: {outcome:?}");
        }
        let said = Input::fetched(block.slot, outcome);
        Answer { said: said.map_err(|error| Stop::try_from(error).expect("no endpoint fails here")), lie }
    }
}

#[cfg(test)]
mod tests {
    use super::super::story::Story;
    use super::*;
    use std::collections::BTreeSet;

    /// Lies about every block, at every place among one or two honest endpoints.
    #[test]
    fn no_lie_passes_and_who_gives_another_block_is_named() {
        let dice = &mut Dice::new(4);
        let story = Story::new(dice);
        let faults = Faults { lies: &Lie::ALL, lie_once_in: 1, ..Faults::default() };
        let mut told = BTreeSet::new();
        for (honest, place) in [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2)] {
            // Only the first block gives occasion to name another cluster.
            for block in std::iter::repeat_n(&story.blocks[0], 40).chain(&story.blocks) {
                let mut panel = Panel::new(story.blocks[0].slot, honest, place);
                let Answer { said, lie } = panel.block(dice, &faults, block);
                assert!(lie.is_none() || place < 2, "two that agree settle it before a third is asked");
                match (lie, said) {
                    (Some((lie, slot)), Err(Stop::Disagreement { what, first, second })) => {
                        assert!(lie.is_a_block() && what.starts_with(&format!("slot {slot}: ")), "{lie:?}: {what}");
                        let expected = if place == 0 { [LIAR, HONEST] } else { [HONEST, LIAR] };
                        assert_eq!([first, second], expected);
                    }
                    (lie, Ok(Input::Block(given))) => {
                        assert!(given == *block && lie.is_none_or(|(lie, _)| !lie.is_a_block()), "{lie:?} passes");
                    }
                    other => panic!("{other:?}"),
                }
                told.extend(lie.map(|(lie, _)| lie));
            }
        }
        assert_eq!(told.len(), Lie::ALL.len() - 1, "all but the one in lists: {told:?}");
    }

    #[test]
    fn what_is_left_out_of_a_list_is_in_the_other() {
        let dice = &mut Dice::new(5);
        let faults = Faults { lies: &Lie::ALL, lie_once_in: 1, ..Faults::default() };
        let (mut panel, mut lies) = (Panel::new(1, 1, 0), 0);
        for _ in 0..20 {
            let Answer { said, lie } = panel.list(dice, &faults, 9, vec![7, 8, 9]);
            assert_eq!(said, Ok(Input::Listed { to: 9, slots: vec![7, 8, 9] }));
            lies += usize::from(lie.is_some());
        }
        assert!(lies > 0, "nothing was left out");
    }

    #[test]
    fn the_only_endpoint_is_believed_and_mended() {
        let dice = &mut Dice::new(6);
        let faults = Faults { lies: &[Lie::LeftOut], lie_once_in: 1, ..Faults::default() };
        let mut panel = Panel::new(1, 0, 0);
        let Answer { said: Ok(Input::Listed { slots, .. }), lie: Some((Lie::LeftOut, slot)) } =
            panel.list(dice, &faults, 9, vec![8, 9])
        else {
            panic!("it lies whenever it can")
        };
        assert!(slots.len() == 1 && !slots.contains(&slot));
        panel.mend();
        let truth = Faults::default();
        assert_eq!(panel.list(dice, &truth, 9, vec![8, 9]).lie, None);
    }
}
