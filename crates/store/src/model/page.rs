//! Lists: pages by key or by place, and the filters that are allowed.

use mira_core::Key;
use mira_core::tier::Tier;

use super::{DisputeStatus, JobState, Ordinal, ProviderStatus};

/// The most rows of one page; a larger limit is cut to it.
pub const MAX_PAGE: u32 = 10_000;

/// The order of a list and where the page starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By key, ascending: stable, so that no row is missed or seen twice.
    Key {
        /// The last key of the page before.
        after: Option<Key>,
    },
    /// By the place of the last event, newest first.
    Recent {
        /// The last `ord` of the page before.
        before: Option<Ordinal>,
    },
}

impl Default for Order {
    fn default() -> Self {
        Self::Key { after: None }
    }
}

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The order and where to start.
    pub order: Order,
    /// The most rows wanted, 1 to [`MAX_PAGE`].
    pub limit: u32,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// There are more after these.
    pub more: bool,
}

/// Which providers; each that is set must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderFilter {
    /// Their standing.
    pub status: Option<ProviderStatus>,
    /// Their region, zero-padded.
    pub region: Option<[u8; 16]>,
    /// What they offer, zero-padded.
    pub resource_class: Option<[u8; 16]>,
    /// Their cold key.
    pub owner: Option<Key>,
    /// Their hot key.
    pub operator: Option<Key>,
}

/// Which jobs; each that is set must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Who pays.
    pub requester: Option<Key>,
    /// Who dispatches.
    pub dispatcher: Option<Key>,
    /// Their state.
    pub status: Option<JobState>,
    /// Their tier.
    pub tier: Option<Tier>,
}

/// Which leases; each that is set must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeaseFilter {
    /// Their job.
    pub job: Option<Key>,
    /// Their provider.
    pub provider: Option<Key>,
    /// Whether the unsettled rest went back.
    pub released: Option<bool>,
    /// Whether they ended.
    pub ended: Option<bool>,
}

/// Which disputes; each that is set must match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisputeFilter {
    /// The lease that is challenged.
    pub lease: Option<Key>,
    /// The provider that is accused.
    pub provider: Option<Key>,
    /// Who paid the bond.
    pub challenger: Option<Key>,
    /// How far they are.
    pub status: Option<DisputeStatus>,
}
