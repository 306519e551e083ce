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
        /// The format that it is encoded in.
        pub version: u32,
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
    /// The inputs, at least one, their `seq` following the newest stored one.
    pub inputs: Vec<DispatchInput>,
    /// The records.
    pub records: Vec<DispatchRecord>,
    /// The engine began after the input of this number, 0 for the first: a record of an input up to there is of an
    /// engine before, and one of the same id takes its place.
    pub began_after: u64,
    /// The blocks of route records.
    pub routes: Vec<RouteBlock>,
    /// The epochs that were closed.
    pub epochs: Vec<DispatchEpoch>,
}

/// The stream of a [`Dispatcher`] row: a database has one log.
pub const DISPATCH: &str = "dispatch";

row! {
    /// Which dispatcher writes the log.
    pub struct Dispatcher in "dispatcher" keyed 1 {
        /// [`DISPATCH`].
        pub stream: String,
        /// The public key that it dispatches with.
        pub dispatcher: [u8; 32],
        /// Where its process is, for people.
        pub holder: String,
        /// The writer that may append.
        pub fence: u64,
        /// The writer's sign of life: it grows while the writer is there. `None` while nobody holds the log.
        pub beat: Option<u64>,
        /// The number of the newest input.
        pub seq: u64,
    }
}
