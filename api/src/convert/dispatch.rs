//! Dispatch epochs and proofs.

use mira_chain::pda;
use mira_store::model::DispatchEpoch as Row;
use mira_wire::dispatch::{DecisionProof, DispatchEpoch, InclusionProof, RecordTree};
use mira_wire::{HashHex, KeyStr, SigStr, Time};

use crate::dispatch;

/// A closed dispatch epoch.
pub fn dispatch_epoch(row: &Row) -> DispatchEpoch {
    let tree = |root, count: u64| RecordTree { root: HashHex(root), count: count.into() };
    DispatchEpoch {
        number: row.number.into(),
        hash: HashHex(row.hash),
        root: HashHex(row.root),
        first_input: row.first_seq.into(),
        last_input: row.last_seq.into(),
        placements: tree(row.placement_root, row.placements),
        routes: tree(row.route_root, row.routes),
        first_route: row.first_route.into(),
        closed_at: Time::from_ms(row.closed_ms),
        dispatcher: KeyStr(row.dispatcher),
        program: KeyStr(pda::PROGRAM_ID.to_bytes()),
        cluster: KeyStr(row.cluster),
        signature: SigStr(row.signature),
    }
}

/// What is recorded of a decision, and the proof of it.
pub fn proof(proof: dispatch::Proof) -> DecisionProof {
    DecisionProof {
        kind: proof.kind.as_str().to_owned(),
        record: hex::encode(proof.record),
        input: proof.input_seq.into(),
        in_log: proof.in_log,
        inclusion: proof.closed.map(|(epoch, inclusion)| InclusionProof {
            epoch: dispatch_epoch(&epoch),
            siblings: inclusion.siblings.into_iter().map(HashHex).collect(),
        }),
    }
}
