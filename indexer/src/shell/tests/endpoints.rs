//! Two endpoints: one may be down or leave something out, but not tell another story.

use super::*;
use mira_chain::source::{BlockSource, Endpoints};

/// Slots 5 to 8 at two endpoints.
struct Pair {
    world: World,
    other: Arc<FakeSource>,
}

impl Pair {
    async fn new() -> Self {
        let mut world = World::new().await;
        [6, 7, 8].into_iter().for_each(|slot| world.play(slot));
        let other = Arc::new(FakeSource::new(CLUSTER));
        for slot in [5, 6, 7, 8] {
            let Ok(BlockFetch::Present(block)) = BlockSource::block(world.source.as_ref(), slot).await else {
                panic!("slot {slot} has a block");
            };
            other.block(slot, block.events);
        }
        Self { world, other }
    }

    fn spawn(&self) -> (Handle, CancellationToken) {
        let sources: [Arc<dyn BlockSource>; 2] = [self.world.source.clone(), self.other.clone()];
        let named = ["here", "there"].map(str::to_owned).into_iter().zip(sources).collect();
        self.world.spawn_over(Source::Blocks(Arc::new(Endpoints::new(named).unwrap())))
    }

    async fn reaches(&self, slot: u64) {
        finish(self.spawn(), slot).await;
    }
}

#[tokio::test]
async fn what_one_lacks_the_other_gives() {
    let pair = Pair::new().await;
    pair.world.source.hide(&[6]);
    pair.world.source.answer(7, Some(BlockFetch::Unavailable { reason: "pruned".to_owned() }));
    pair.other.answer(8, Some(BlockFetch::ClaimedSkipped));
    pair.reaches(8).await;
    pair.world.source.set_down(true);
    pair.other.block(9, Vec::new());
    pair.reaches(9).await;
}

#[tokio::test]
async fn two_stories_stop_the_cursor_and_both_tellers_are_named() {
    let pair = Pair::new().await;
    pair.other.change(7, |block| block.events.truncate(1));
    let (handle, shutdown) = pair.spawn();
    let stop = stopped(&handle).await;
    assert_eq!((stop.code, stop.asks_again), ("endpoints_disagree", false));
    assert!(stop.reason.starts_with("here and there disagree about slot 7: the program's events"), "{}", stop.reason);
    assert!(pair.world.cursor().await.is_none_or(|slot| slot < 7));
    shutdown.cancel();
    handle.task.await.unwrap();
}
