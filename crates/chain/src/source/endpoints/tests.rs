//! Endpoints that are down, late and lying.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::event::EventId;
use crate::source::{BlockFetch, BlockSource, ClusterSource, SlotBlock};
use async_trait::async_trait;
use mira_core::Hash;
use std::sync::Mutex;

/// An endpoint of one block, slot 7.
struct Fake {
    down: Mutex<bool>,
    asked: AtomicU32,
    cluster: Hash,
    slots: Vec<u64>,
    block: fn() -> Result<BlockFetch, SourceError>,
}

impl Fake {
    fn with(block: fn() -> Result<BlockFetch, SourceError>) -> Arc<Self> {
        Self::new(block, [1; 32], vec![7])
    }

    fn new(block: fn() -> Result<BlockFetch, SourceError>, cluster: Hash, slots: Vec<u64>) -> Arc<Self> {
        Arc::new(Self { down: Mutex::new(false), asked: 0.into(), cluster, slots, block })
    }

    fn set_down(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }

    /// Questions since the last look.
    fn asked(&self) -> u32 {
        self.asked.swap(0, Relaxed)
    }

    fn answer<T>(&self, answer: T) -> Result<T, SourceError> {
        self.asked.fetch_add(1, Relaxed);
        if *self.down.lock().unwrap() { Err(nobody()) } else { Ok(answer) }
    }
}

#[async_trait]
impl ClusterSource for Fake {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        self.answer(self.cluster)
    }

    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        self.answer(self.slots.last().copied().unwrap_or_default())
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        self.answer(self.slots.first().copied().unwrap_or_default())
    }
}

#[async_trait]
impl BlockSource for Fake {
    async fn produced_slots(&self, _: u64, _: u64) -> Result<Vec<u64>, SourceError> {
        self.answer(self.slots.clone())
    }

    async fn block(&self, _: u64) -> Result<BlockFetch, SourceError> {
        self.answer(())?;
        (self.block)()
    }

    async fn confirmed_slots(&self, _: u64, _: u64) -> Result<Vec<u64>, SourceError> {
        self.answer(self.slots.clone())
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.block(slot).await
    }
}

fn event(payload: u8) -> RawEvent {
    let id = EventId { signature: [1; 64], ix: 0, inner_ix: 0 };
    RawEvent { id, slot: 7, block_time: Some(5), discriminator: [2; 8], schema: 1, payload: vec![1, payload] }
}

fn block() -> SlotBlock {
    SlotBlock {
        slot: 7,
        parent_slot: 6,
        blockhash: [7; 32],
        parent_blockhash: [6; 32],
        block_time: Some(5),
        transactions: 1,
        forged: 0,
        events: vec![event(9)],
    }
}

fn honest() -> Result<BlockFetch, SourceError> {
    Ok(BlockFetch::Present(block()))
}

fn forgetful() -> Result<BlockFetch, SourceError> {
    let events = vec![RawEvent { block_time: None, ..event(9) }];
    Ok(BlockFetch::Present(SlotBlock { block_time: None, events, ..block() }))
}

fn skipping() -> Result<BlockFetch, SourceError> {
    Ok(BlockFetch::ClaimedSkipped)
}

fn broken() -> Result<BlockFetch, SourceError> {
    Err(SourceError::Undecodable { slot: 7, reason: "parsed".to_owned() })
}

fn over(fakes: &[&Arc<Fake>]) -> Endpoints<dyn BlockSource> {
    let named = |(index, fake): (usize, &&Arc<Fake>)| (format!("e{index}"), Arc::clone(fake) as Arc<dyn BlockSource>);
    Endpoints::new(fakes.iter().enumerate().map(named).collect()).unwrap()
}

#[tokio::test]
async fn one_that_is_down_is_passed_over_and_tried_again_later() {
    let (first, second) = (Fake::with(honest), Fake::with(honest));
    let endpoints = over(&[&first, &second]);
    first.set_down(true);
    let mut asked = Vec::new();
    for _ in 0..16 {
        assert_eq!(endpoints.finalized_slot().await.unwrap(), 7);
        asked.push(first.asked());
    }
    // Passed over for two questions, then four, then eight.
    assert_eq!(asked, [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    first.set_down(false);
    for _ in 0..3 {
        endpoints.finalized_slot().await.unwrap();
    }
    assert_eq!(first.asked(), 2, "it is back, and asked each time");
}

#[tokio::test]
async fn when_nobody_else_answers_all_are_asked() {
    let (first, second) = (Fake::with(honest), Fake::with(honest));
    let endpoints = over(&[&first, &second]);
    first.set_down(true);
    second.set_down(true);
    assert!(matches!(endpoints.finalized_slot().await, Err(SourceError::Rpc(_))));
    first.set_down(false);
    assert_eq!(endpoints.finalized_slot().await.unwrap(), 7, "although it is passed over");
    assert!(Endpoints::<dyn BlockSource>::new(Vec::new()).is_none());
}

#[tokio::test]
async fn a_slot_that_one_lacks_comes_from_another() {
    for lacking in [skipping as fn() -> _, broken, || Ok(BlockFetch::Unavailable { reason: "pruned".to_owned() })] {
        let (first, second) = (Fake::with(lacking), Fake::with(honest));
        assert_eq!(over(&[&first, &second]).block(7).await.unwrap(), BlockFetch::Present(block()));
    }
    let nobody = over(&[&Fake::with(broken), &Fake::with(skipping)]).block(7).await;
    assert_eq!(nobody.unwrap(), BlockFetch::ClaimedSkipped);
    assert!(matches!(over(&[&Fake::with(broken)]).block(7).await, Err(SourceError::Undecodable { .. })));
}

#[tokio::test]
async fn two_that_give_a_block_alike_settle_it() {
    let fakes = [Fake::with(skipping), Fake::with(honest), Fake::with(forgetful), Fake::with(honest)];
    let endpoints = over(&fakes.each_ref());
    assert_eq!(endpoints.block(7).await.unwrap(), BlockFetch::Present(block()));
    assert_eq!(fakes.each_ref().map(|fake| fake.asked()), [1, 1, 1, 0]);
}

#[tokio::test]
async fn two_that_differ_are_named() {
    type Block = fn() -> Result<BlockFetch, SourceError>;
    let liars: [(Block, &str); 3] = [
        (|| Ok(BlockFetch::Present(SlotBlock { blockhash: [8; 32], ..block() })), "slot 7: its hash or parent"),
        (
            || Ok(BlockFetch::Present(SlotBlock { events: vec![event(8)], ..block() })),
            "slot 7: the program's events in it",
        ),
        (|| Ok(BlockFetch::Present(SlotBlock { events: vec![], ..block() })), "slot 7: the program's events in it"),
    ];
    for (liar, what) in liars {
        let error = over(&[&Fake::with(skipping), &Fake::with(honest), &Fake::with(liar)]).block(7).await.unwrap_err();
        assert_eq!(error.to_string(), format!("e1 and e2 disagree about {what}"));
    }
}

#[tokio::test]
async fn endpoints_of_two_clusters_are_named() {
    let (one, other) = (Fake::with(honest), Fake::new(honest, [2; 32], vec![]));
    let error = over(&[&one, &other]).genesis_hash().await.unwrap_err();
    assert_eq!(error.to_string(), "e0 and e1 disagree about the cluster's genesis hash");
}

#[tokio::test]
async fn what_one_leaves_out_another_lists() {
    let (one, other) = (Fake::new(honest, [1; 32], vec![5, 7]), Fake::new(honest, [1; 32], vec![6, 7, 8]));
    let endpoints = over(&[&one, &other]);
    assert_eq!(endpoints.produced_slots(0, 9).await.unwrap(), [5, 6, 7, 8]);
    assert_eq!(endpoints.finalized_slot().await.unwrap(), 8);
    assert_eq!(endpoints.first_available_slot().await.unwrap(), 5);
}

#[tokio::test]
async fn what_is_confirmed_is_what_the_first_says_that_answers() {
    let (first, second) = (Fake::with(honest), Fake::new(skipping, [1; 32], vec![6, 7]));
    let endpoints = over(&[&first, &second]);
    assert_eq!(endpoints.confirmed_slots(0, 9).await.unwrap(), [7]);
    assert_eq!(endpoints.confirmed_block(7).await.unwrap(), BlockFetch::Present(block()));
    assert_eq!(second.asked(), 0);
    first.set_down(true);
    assert_eq!(endpoints.confirmed_slots(0, 9).await.unwrap(), [6, 7]);
    assert_eq!(endpoints.confirmed_block(7).await.unwrap(), BlockFetch::ClaimedSkipped);
}

#[test]
fn a_label_holds_no_secret() {
    assert_eq!(label("https://api.devnet.solana.com"), "api.devnet.solana.com");
    assert_eq!(label("http://127.0.0.1:8899/"), "127.0.0.1:8899");
    for url in ["https://u:secret@host:1/secret?key=secret#secret", "host:1?secret", "wss://secret@host:1"] {
        assert_eq!(label(url), "host:1", "{url}");
    }
}
