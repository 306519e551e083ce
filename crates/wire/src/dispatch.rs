//! Dispatch epochs: what a dispatcher signed over its decisions, and the proof that one of them is among these.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HashHex, KeyStr, SigStr, Time, U64Str};

/// A tree over an epoch's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordTree {
    /// Its root; zeros over nothing.
    pub root: HashHex,
    /// How many leaves it has.
    pub count: U64Str,
}

/// A closed dispatch epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DispatchEpoch {
    /// Its number, from 1.
    pub number: U64Str,
    /// The hash that seeded its draws: of the root of the epoch before and of its own number.
    pub hash: HashHex,
    /// The root over all that follows up to `first_route`; what is signed.
    pub root: HashHex,
    /// The number of its first input in the dispatcher's log.
    pub first_input: U64Str,
    /// The number of its last input.
    pub last_input: U64Str,
    /// The tree over its placement records, by input and then by id.
    pub placements: RecordTree,
    /// The tree over its route records, by number.
    pub routes: RecordTree,
    /// The number of its first route record, from 0.
    pub first_route: U64Str,
    /// When it was closed, by the dispatcher's clock.
    pub closed_at: Time,
    /// Whose decisions they are.
    pub dispatcher: KeyStr,
    /// The program that the signature names.
    pub program: KeyStr,
    /// The genesis hash of the cluster that it names.
    pub cluster: KeyStr,
    /// The dispatcher's signature over `mira:dispatch:v1:` and the hash of program, cluster, dispatcher, number and
    /// root.
    pub signature: SigStr,
}

/// The way from a record to the root of its epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InclusionProof {
    /// The epoch.
    pub epoch: DispatchEpoch,
    /// The siblings up to the root over the records of its kind.
    pub siblings: Vec<HashHex>,
}

/// What is recorded of a decision, and the proof of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionProof {
    /// `placement` or `route`.
    #[schema(example = "placement")]
    pub kind: String,
    /// The record's bytes in hexadecimal: Borsh, as `mira_dispatch` writes it.
    pub record: String,
    /// The number of the dispatcher's input that led to it.
    pub input: U64Str,
    /// Whether that input is still in the dispatcher's log. If not, the decision is proven all the same, but cannot be
    /// replayed from what was observed.
    pub in_log: bool,
    /// The proof; absent while the decision's epoch is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inclusion: Option<InclusionProof>,
}
