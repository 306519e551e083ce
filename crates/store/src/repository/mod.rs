//! What can be asked of the database: one trait per group of tables, and [`Store`] for all.
//!
//! Every method is one transaction, durable when it returns.

mod archive;
mod audits;
mod dispatch;
mod dispatch_epochs;
mod dispatch_snapshots;
mod intent;
mod ledger;
mod overlay;
mod projections;
mod rebuild;
mod recon;
mod requests;
mod retention;
mod usage;
mod vouchers;

pub use archive::Archive;
pub use audits::Audits;
pub use dispatch::DispatchLog;
pub use dispatch_epochs::DispatchEpochs;
pub use dispatch_snapshots::DispatchSnapshots;
pub use intent::Intents;
pub use ledger::Ledger;
pub use overlay::Overlay;
pub use projections::Projections;
pub use rebuild::Rebuild;
pub use recon::Reconciliations;
pub use requests::Requests;
pub use retention::Retention;
pub use usage::UsageBook;
pub use vouchers::VoucherBook;

use async_trait::async_trait;

use crate::Result;

/// What following a chain needs of the database.
pub trait Index: Ledger + Projections + Overlay + Send + Sync {}

impl<T: Ledger + Projections + Overlay + Send + Sync> Index for T {}

/// The whole database. Cheap to share as `Arc<dyn Store>`.
#[async_trait]
pub trait Store:
    Index
    + Rebuild
    + UsageBook
    + VoucherBook
    + Audits
    + Reconciliations
    + Intents
    + DispatchLog
    + DispatchEpochs
    + DispatchSnapshots
    + Requests
    + Archive
    + Retention
{
    /// `sqlite` or `postgres`.
    fn engine(&self) -> &'static str;

    /// Answers if the database does.
    async fn ping(&self) -> Result<()>;

    /// Waits for running calls and closes all connections.
    async fn close(&self);
}
