//! Dispatch epochs and blocks of route records. They are written with the inputs that led to them:
//! [`super::DispatchLog::append_dispatch`].

use async_trait::async_trait;

use crate::Result;
use crate::model::{DispatchEpoch, Page, RouteBlock};

/// What proves a decision.
#[async_trait]
pub trait DispatchEpochs {
    /// One epoch.
    async fn dispatch_epoch(&self, number: u64) -> Result<Option<DispatchEpoch>>;

    /// Epochs below a number, newest first.
    async fn dispatch_epochs(&self, before: Option<u64>, limit: u32) -> Result<Page<DispatchEpoch>>;

    /// The epoch that an input belongs to, if it is closed.
    async fn dispatch_epoch_of(&self, input_seq: u64) -> Result<Option<DispatchEpoch>>;

    /// The epoch that a route record belongs to, if it is closed.
    async fn dispatch_epoch_of_route(&self, number: u64) -> Result<Option<DispatchEpoch>>;

    /// The block that has the route record of this number.
    async fn route_block(&self, number: u64) -> Result<Option<RouteBlock>>;

    /// The number that the next route record gets: that of the newest and one more.
    async fn next_route(&self) -> Result<u64>;
}
