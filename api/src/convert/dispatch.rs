//! Dispatch epochs and proofs.

use mira_chain::pda;
use mira_dispatch::proof::Inclusion;
use mira_store::model::DispatchEpoch as Row;
use mira_wire::dispatch::{BlockProof, DecisionProof, DispatchEpoch, InclusionProof, RecordTree};
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
        route_blocks: tree(row.block_root, row.blocks),
        first_route: row.first_route.into(),
        routes: row.routes.into(),
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
        inclusion: proof.closed.map(|(epoch, inclusion)| inclusion_proof(&epoch, inclusion)),
    }
}

fn inclusion_proof(epoch: &Row, inclusion: Inclusion) -> InclusionProof {
    let hashes = |siblings: Vec<[u8; 32]>| siblings.into_iter().map(HashHex).collect();
    let (siblings, block) = match inclusion {
        Inclusion::Placement { siblings } => (siblings, None),
        Inclusion::Route { within, count, first, siblings } => {
            (siblings, Some(BlockProof { first: first.into(), count, siblings: hashes(within) }))
        }
    };
    InclusionProof { epoch: dispatch_epoch(epoch), siblings: hashes(siblings), block }
}
