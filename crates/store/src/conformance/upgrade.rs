//! A database of a version before: what later migrations add to its rows.

use super::{Bench, sample};
use crate::Result;
use crate::model::{
    Claim, DispatchCommit, DispatchInput, JobRow, LeaseRow, NetworkRow, ProviderRow, StakePositionRow, Swap,
};
use crate::scratch::Scratch;
use mira_core::amount::{Payment, Shares, Stake};
use mira_core::reward::RewardIndex;

/// Both engines' files add the same columns.
const PROTOCOL: &str = include_str!("../../../../migrations/sqlite/0007_protocol.sql");

/// Makes a database one of a version that had no tables for disputes and epochs, and did not note which code
/// folded its rows. Nobody else may have it open.
///
/// # Errors
/// `Database` with what the engine said.
pub async fn take_disputes_back(scratch: &Scratch) -> Result<()> {
    let statements = [
        "DROP TABLE dispute",
        "DROP TABLE epoch",
        "DELETE FROM projection_meta",
        "DELETE FROM _sqlx_migrations WHERE version = 9",
    ];
    for statement in statements {
        scratch.execute(statement).await?;
    }
    Ok(())
}

/// Takes back what the migrations since added, as if it had never run.
async fn take_back(bench: &Bench) {
    take_disputes_back(&bench.scratch).await.unwrap();
    let mut dropped = 0;
    for line in PROTOCOL.lines() {
        let mut words = line.split(' ');
        if let (Some("ALTER"), Some(table), Some(column)) = (words.next(), words.nth(1), words.nth(2)) {
            bench.scratch.execute(&format!("ALTER TABLE {table} DROP COLUMN {column}")).await.unwrap();
            dropped += 1;
        }
    }
    assert_eq!(dropped, 39, "columns that the migration adds");
    let younger = ["recon_run", "recon_item", "ledger_horizon", "dispatcher", "dispatch_epoch", "dispatch_route"];
    for table in younger.into_iter().chain(["dispatch_snapshot", "dispatch_snapshot_part"]) {
        bench.scratch.execute(&format!("DROP TABLE {table}")).await.unwrap();
    }
    bench.scratch.execute("ALTER TABLE dispatch_input DROP COLUMN version").await.unwrap();
    bench.scratch.execute("DELETE FROM _sqlx_migrations WHERE version IN (7, 8, 13, 14, 15, 16)").await.unwrap();
}

pub async fn rows_of_before_are_filled_in(bench: &Bench) {
    let network = NetworkRow { paused: false, ..sample::network() };
    let job = JobRow { deadline: 1_000, created_at: 100, ..sample::job(1) };
    let emptied =
        StakePositionRow { shares: Shares::ZERO, tickets: Vec::new(), closed: false, ..sample::position(1, 1) };
    let rows = vec![
        network.clone().into(),
        sample::provider(1).into(),
        emptied.into(),
        sample::position(1, 2).into(),
        job.into(),
        sample::lease(1, 1).into(),
        sample::rewards().into(),
    ];
    bench.with(rows).await;
    let input = |version| DispatchInput { seq: 1, bytes: vec![7], version };
    let fence = bench.store.take_dispatch(None, &sample::key(8), "here").await.unwrap().unwrap().fence;
    let logged = DispatchCommit { inputs: vec![input(2)], ..DispatchCommit::default() };
    bench.store.append_dispatch(fence, logged).await.unwrap();
    take_back(bench).await;

    let store = bench.scratch.open().await.unwrap();
    let found = store.network().await.unwrap().unwrap();
    assert_eq!((found.guardian, found.pending_admin, found.paused), (network.admin, None, false));
    assert_eq!((found.verifiers.len(), found.params.grace_secs), (0, network.params.grace_secs));
    let ProviderRow { commission, next_commission, reward_index, jailed_until, .. } =
        store.provider(&sample::key(1)).await.unwrap().unwrap();
    assert_eq!((next_commission, reward_index, jailed_until), (commission, RewardIndex::ZERO, 0));
    let closed =
        async |staker| store.stake_position(&sample::key(1), &sample::key(staker)).await.unwrap().unwrap().closed;
    assert_eq!((closed(1).await, closed(2).await), (true, false));
    let job = store.job(&sample::key(1)).await.unwrap().unwrap();
    assert_eq!((job.young_until, job.due_at), (108, 1_002));
    let LeaseRow { stake_per_million, bond, disputed, .. } = store.lease(&sample::key(1)).await.unwrap().unwrap();
    assert_eq!((stake_per_million, bond, disputed), (network.params.stake_per_million, Stake::ZERO, false));
    let rewards = store.rewards().await.unwrap().unwrap();
    assert_eq!((rewards.epoch, rewards.claimed, rewards.swept), (0, Payment::ZERO, Payment::new(256)));
    assert_eq!(store.last_recon().await.unwrap(), None);
    assert_eq!(store.dispatcher().await.unwrap(), None);
    assert_eq!(store.dispatch_inputs(0, 10).await.unwrap(), [input(1)]);
    assert_eq!(store.dispute(&sample::key(1)).await.unwrap(), None);
    assert_eq!(store.epochs(None, 10).await.unwrap().rows, []);
    // What made these rows was never noted, so that the indexer asks for a rebuild, whose rows come back.
    assert_eq!(store.projection_meta("test").await.unwrap(), None);
    let claim = Claim { stream: "test".into(), fence: store.claim("test").await.unwrap().fence, at: Some(10) };
    store.write_shadow(&sample::world()).await.unwrap();
    store.swap_shadow(Swap { claim, code_version: 3 }).await.unwrap();
    assert_eq!(store.dispute(&sample::key(1)).await.unwrap(), Some(sample::dispute(1)));
    assert_eq!(store.epoch(255).await.unwrap(), Some(sample::epoch(255)));
    assert_eq!(store.projection_meta("test").await.unwrap().map(|meta| meta.code_version), Some(3));
    store.close().await;
}
