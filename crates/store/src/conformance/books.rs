//! Rows of every table that no event gives.

use mira_core::amount::Payment;

use super::{audits, dispatch_epochs, dispatch_snapshots, sample};
use crate::Store;
use crate::archive::PAGE;
use crate::model::{
    Begin, Claim, DispatchCommit, DispatchInput, DispatchRecord, Gap, IntentState, NodeNonce, QuarantinedUsage,
    ReconClass, ReconItem, ReconOwner, ReconRun, ReconState, Response, TxIntent, UsageReport,
};

/// The right to write that whoever wrote last had.
pub async fn held(store: &dyn Store, stream: &str) -> Claim {
    let cursor = store.cursor(stream).await.unwrap().unwrap();
    Claim { stream: cursor.stream, fence: cursor.fence, at: cursor.slot }
}

/// Fills them; reports take more than a page.
pub async fn fill(store: &dyn Store, claim: &Claim) {
    for seq in 1..=u64::from(PAGE) + 3 {
        store.put_usage(sample::report(1, seq, u64::MAX - 1_000 + seq)).await.unwrap();
    }
    store.quarantine_usage(set_aside(sample::report(2, 1, 5))).await.unwrap();
    for amount in [1, 255, 256, u64::MAX] {
        store.put_voucher(sample::voucher(1, amount)).await.unwrap();
    }
    store.put_intent(intent()).await.unwrap();
    let input = |seq: u64| DispatchInput { seq, bytes: seq.to_be_bytes().to_vec(), version: 3 };
    let record = |n, input_seq| DispatchRecord {
        id: sample::key(n),
        input_seq,
        kind: "placement".into(),
        subject: sample::key(7),
        bytes: Vec::new(),
    };
    let writer = store.take_dispatch(None, &sample::key(8), "here").await.unwrap().unwrap();
    let (inputs, records) = (vec![input(1), input(2)], vec![record(1, 1), record(2, 2)]);
    let (routes, epochs) = (vec![dispatch_epochs::block(0, 3)], vec![dispatch_epochs::epoch(1)]);
    let commit = DispatchCommit { inputs, records, began_after: 0, routes, epochs };
    store.append_dispatch(writer.fence, commit).await.unwrap();
    dispatch_snapshots::keep(store, writer.fence, 2).await;
    store.put_recon(run(), vec![item(1), item(2)]).await.unwrap();
    for key in ["b", "a", "é"] {
        let begun = store.begin_request(&sample::key(3), key, &[4; 32], 5).await.unwrap();
        assert_eq!(begun, Begin::New);
    }
    let response = Response { status: 201, content_type: "application/json".into(), body: vec![0; 1_000] };
    store.finish_request(&sample::key(3), "a", response).await.unwrap();
    store.use_nonce(NodeNonce { signer: sample::key(3), nonce: [5; 16], expires_ms: i64::MAX }).await.unwrap();
    let gap = Gap { subject: b"lease".to_vec(), first: 1, last: 2, reason: "seen".into(), found_ms: 3 };
    store.record_gap(claim, gap).await.unwrap();
    let audit = audits::audit(1, 2, 3);
    let run = audits::run(&audit, 2, 4);
    assert!(store.put_audit(audit.clone()).await.unwrap());
    store.move_audit(audit, Some(run)).await.unwrap();
}

fn set_aside(report: UsageReport) -> QuarantinedUsage {
    QuarantinedUsage {
        lease: report.lease,
        seq: report.seq,
        signature: report.signature,
        cumulative_units: report.cumulative_units,
        items: report.items,
        outputs_hash: report.outputs_hash,
        signer: report.signer,
        reason: "above the cap, «as seen»".into(),
        received_ms: i64::MIN,
    }
}

fn intent() -> TxIntent {
    TxIntent {
        id: sample::key(1),
        kind: "settle".into(),
        subject: sample::key(9),
        last_valid_block_height: 150,
        signatures: vec![[1; 64], [2; 64]],
        bytes: vec![1, 2],
        state: IntentState::Failed,
        error: "CapZero".into(),
        created_ms: 1,
        updated_ms: 2,
    }
}

fn run() -> ReconRun {
    ReconRun {
        run: 1,
        at_ms: -1,
        slot: None,
        leases: 2,
        matched_leases: 0,
        matched: u128::MAX,
        eligible: 1 << 64,
        eligible_fees: 0,
        items: 2,
    }
}

fn item(lease: u32) -> ReconItem {
    ReconItem {
        run: 1,
        lease: sample::key(lease),
        class: ReconClass::Replayed,
        owner: ReconOwner::Provider,
        state: ReconState::Exception,
        amount: Payment::MAX,
        target: Payment::new(256),
        since_ms: 7,
    }
}
