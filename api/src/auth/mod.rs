//! Who asks. Reads, blobs, placement and vouchers need no identity: placement acts only on what the
//! job on chain allows, and a voucher is its own proof. A provider's node proves that it holds the
//! operator's key, per request.

mod operator;
mod signed;

pub use operator::require_operator;
pub use signed::SignedBody;
