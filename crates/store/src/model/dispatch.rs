//! The dispatch engine's log: replaying the inputs gives the records again.

use super::{DispatchEpoch, RouteBlock};
use crate::row::row;

row! {
    /// One input of the engine.
    pub struct DispatchInput in "dispatch_input" keyed 1 {
        /// Its number, from 1, without a gap.
        pub seq: u64,
        /// The encoded input.
        pub bytes: Vec<u8>,
    }
}

row! {
    /// One decision of the engine.
    pub struct DispatchRecord in "dispatch_record" keyed 1 {
        /// The engine's name for it: a hash, so that replays agree.
        pub id: [u8; 32],
        /// The number of the input that caused it.
        pub input_seq: u64,
        /// Which kind, snake_case.
        pub kind: String,
        /// What it is about: the hash of a job's specification, or a job's or lease's key.
        pub subject: [u8; 32],
        /// The encoded record.
        pub bytes: Vec<u8>,
    }
}

/// Inputs and the records they caused, stored together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchCommit {
    /// The inputs, their `seq` following the newest stored one.
    pub inputs: Vec<DispatchInput>,
    /// The records.
    pub records: Vec<DispatchRecord>,
    /// The blocks of route records.
    pub routes: Vec<RouteBlock>,
    /// The epochs that were closed.
    pub epochs: Vec<DispatchEpoch>,
}
