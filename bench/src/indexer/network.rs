//! A network on a local chain with leases on which settlements can be sent.

use mira_chain::ix::{CreateJobArgs, LeaseTerms};
use mira_chain::rpc::Rpc;
use mira_chain::send::Confirmed;
use mira_testkit::network::{self, with_leases_of};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;
use std::sync::atomic::{AtomicU64, Ordering};

/// Milliseconds of a slot: finality takes 31 of them.
pub const SLOT_MS: u64 = 50;
/// Leases on which settlements are sent at the same time.
pub const LEASES: u32 = 8;

const CAP: u64 = 100_000;
/// The leases outlast the run.
const LEASE_SECS: u32 = 3_600;

/// A running network: one provider, one job and [`LEASES`] leases.
pub struct Network {
    town: network::Network,
    job: Pubkey,
    leases: Vec<(Pubkey, AtomicU64)>,
}

impl Network {
    /// Starts it.
    pub async fn start(seed: u64) -> Self {
        let town = network::Network::with(seed, SLOT_MS, with_leases_of(LEASE_SECS)).await;
        town.furnish().await;
        let deadline = town.now().await + 2 * i64::from(LEASE_SECS) - 100;
        let args = CreateJobArgs { max_share_bps: 10_000, max_leases: 16, deadline, ..town.job_args(1).await };
        let job = town.create(args).await;
        let mut leases = Vec::new();
        for nonce in 0..LEASES {
            let expires_at = town.now().await + i64::from(LEASE_SECS) - 100;
            let terms = LeaseTerms { expires_at, ..town.lease_terms(job, nonce, CAP).await };
            leases.push((town.open(&terms).await, AtomicU64::new(0)));
        }
        Self { town, job, leases }
    }

    /// Stops it.
    pub async fn stop(self) {
        self.town.chain.shutdown().await;
    }

    /// A client of its own of the endpoint, whose calls can be counted.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(self.town.chain.rpc_url())
    }

    /// Where its endpoint is.
    pub fn rpc_url(&self) -> String {
        self.town.rpc.url()
    }

    /// The newest finalized slot.
    ///
    /// # Errors
    /// The endpoint does not answer.
    pub async fn finalized(&self) -> anyhow::Result<u64> {
        Ok(self.town.rpc.slot(CommitmentLevel::Finalized).await?)
    }

    /// Settles one unit more on a lease and waits until that is confirmed.
    pub async fn settle(&self, lease: usize) -> Confirmed {
        let (lease, settled) = &self.leases[lease];
        let units = settled.fetch_add(1, Ordering::Relaxed) + 1;
        self.town.settle(self.job, *lease, units).await
    }
}
