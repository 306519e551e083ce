//! The rows as plain data: keys and signatures are bytes, amounts are `mira_core` newtypes, times
//! are unix seconds of the chain (`_at`) or unix milliseconds of this host (`_ms`).

pub mod archive;
pub mod audit;
pub mod code;
pub mod dispatch;
pub mod dispatch_epoch;
pub mod dispatch_snapshot;
pub mod hash;
pub mod intent;
pub mod ledger;
pub mod ordinal;
pub mod page;
pub mod projection;
pub mod recon;
pub mod request;
pub mod usage;
pub mod voucher;

pub use archive::{BackedUp, Horizon, Restored};
pub use audit::{AuditCount, AuditFilter, AuditRow, AuditRun};
pub use code::{
    AuditState, DisputeStatus, EpochStatus, IntentState, JobState, ProviderStatus, ReconClass, ReconOwner, ReconState,
    SlotState,
};
pub use dispatch::{DISPATCH, DispatchCommit, DispatchInput, DispatchRecord, Dispatcher};
pub use dispatch_epoch::{DispatchEpoch, RouteBlock};
pub use dispatch_snapshot::{DispatchSnapshot, SNAPSHOT_PART_BYTES, SnapshotPart};
pub use hash::{StateHasher, state_hash};
pub use intent::{IntentChange, TxIntent};
pub use ledger::{ChainSlot, Claim, Cursor, DeadLetter, Gap, NO_BLOCKHASH, RawEvent, SLOTS, SlotCommit};
pub use ordinal::{EventId, Ordinal, Signature};
pub use page::{DisputeFilter, JobFilter, LeaseFilter, MAX_PAGE, Order, Page, PageRequest, ProviderFilter};
pub use projection::{
    DisputeRow, EpochRow, FeeShardRow, JobRow, KeyPart, LeaseRow, NetworkRow, Projection, ProjectionKey,
    ProjectionTable, ProviderRow, RewardsRow, StakePositionRow,
};
pub use projection::{ProjectionMeta, Set, StateDigest, Swap, SwapReport};
pub use recon::{QuarantineSum, ReconItem, ReconRun};
pub use request::{
    Begin, Idempotent, MAX_IDEMPOTENCY_KEY_BYTES, MAX_RESPONSE_BYTES, NodeNonce, REQUEST_TIMEOUT_MS, Response,
};
pub use usage::{QuarantinedUsage, UsageReport};
pub use voucher::{Put, PutVoucher, Voucher};
