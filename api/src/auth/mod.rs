//! Who asks. Reads, blobs, placement and vouchers need no identity: placement acts only on what the
//! job on chain allows, and a voucher is its own proof. A provider's node proves that it holds the
//! operator's key, per request. A requester proves once per session that a job is its own.

mod operator;
mod session;
mod signed;

pub use operator::require_operator;
pub use session::{SESSION_MS, SessionJob, Sessions};
pub use signed::SignedBody;
