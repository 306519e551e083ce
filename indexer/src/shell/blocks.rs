//! A session over blocks.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use mira_chain::source::BlockSource;
use mira_store::model::{Claim, Cursor, NO_BLOCKHASH};

use super::STREAM;
use super::confirmed::View;
use super::session::{Failure, Session};
use crate::step::{Effect, Input, State, Tip, step};

impl Session {
    pub(super) async fn follow_blocks(&mut self, source: Arc<dyn BlockSource>) -> Result<Infallible, Failure> {
        let cluster = source.genesis_hash().await?;
        let cursor = self.resume(&cluster).await?;
        let start = match self.config.start_slot {
            Some(slot) => slot,
            None => source.first_available_slot().await?,
        };
        let (start, tip) = place(&cursor, start);
        self.tip = tip;
        let mut state = State::new(cluster, start, tip).setting_aside(self.config.set_aside.clone());
        let mut claim = Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot };
        let mut view = View::new(self, &claim).await?;
        loop {
            let finalized = source.finalized_slot().await?;
            self.finalized(finalized);
            self.drive_blocks(&source, &mut state, &mut claim, Input::Finalized(finalized)).await?;
            if self.config.confirmed {
                view.follow(self, source.as_ref(), &claim).await?;
            }
            self.rest().await;
        }
    }

    /// Feeds `step` until it has nothing more to do.
    async fn drive_blocks(
        &mut self,
        source: &Arc<dyn BlockSource>,
        state: &mut State,
        claim: &mut Claim,
        input: Input,
    ) -> Result<(), Failure> {
        let mut inputs = VecDeque::from([input]);
        let mut blocks: BoxStream<'static, Result<Input, Failure>> = stream::empty().boxed();
        loop {
            let input = match inputs.pop_front() {
                Some(input) => input,
                None => match blocks.next().await {
                    Some(input) => input?,
                    None => return Ok(()),
                },
            };
            for effect in step(state, input) {
                match effect {
                    Effect::List { from, to } => {
                        let slots = source.produced_slots(from, to).await?;
                        inputs.push_back(Input::Listed { to, slots });
                    }
                    Effect::Fetch(slots) => blocks = self.blocks(source, slots),
                    Effect::Commit(batch) => self.commit(batch, claim).await?,
                    Effect::Stop(stop) => return Err(Failure::Stop(stop)),
                }
            }
        }
    }

    /// Blocks in the order of `slots`, several on their way at once.
    fn blocks(&self, source: &Arc<dyn BlockSource>, slots: Vec<u64>) -> BoxStream<'static, Result<Input, Failure>> {
        let source = Arc::clone(source);
        let one = move |slot| {
            let source = Arc::clone(&source);
            async move { Input::fetched(slot, source.block(slot).await).map_err(Failure::from) }
        };
        stream::iter(slots).map(one).buffered(self.config.concurrency.max(1)).boxed()
    }
}

/// The slot to start at and the block to build on. After single transactions no block is known: the
/// next one has to show that it is the first after the cursor.
fn place(cursor: &Cursor, start: u64) -> (u64, Option<Tip>) {
    match (cursor.slot, cursor.blockhash) {
        (Some(slot), Some(blockhash)) if blockhash != NO_BLOCKHASH => (start, Some(Tip { slot, blockhash })),
        (Some(slot), _) => (slot.saturating_add(1), None),
        (None, _) => (start, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_go_on_after_blocks_and_after_single_transactions() {
        let at = |slot, blockhash| Cursor { stream: STREAM.to_owned(), fence: 1, slot, blockhash, beat: None };
        assert_eq!(place(&at(None, None), 5), (5, None));
        assert_eq!(place(&at(Some(9), Some([1; 32])), 5), (5, Some(Tip { slot: 9, blockhash: [1; 32] })));
        assert_eq!(place(&at(Some(9), Some(NO_BLOCKHASH)), 5), (10, None));
    }
}
