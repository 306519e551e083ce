//! Somebody with a wallet and work.

use std::sync::Arc;

use bytes::Bytes;
use mira_chain::ix;
use mira_core::hash::{Sha2, Sha256};
use mira_node::executor::{Executor, Task};
use mira_requester::{Error, Requester, Settings, Submission};
use mira_wire::clock;
use mira_wire::job::JobsQuery;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use tokio_util::sync::CancellationToken;

use crate::api::support::world::files;
use crate::chain::net::key;
use crate::dispatch::stage::Stage;

pub const MODULE: &[u8] = include_bytes!("../../modules/token-index/artifacts/token_index.wasm");
/// What the providers of the stage ask: payment base units per million units.
pub const PRICE: u64 = 40_000;
/// What a patron has, payment base units.
pub const PURSE: u64 = 2_000_000;

pub struct Patron {
    pub requester: Requester,
}

/// All that a requester's call could change.
#[derive(Debug, PartialEq, Eq)]
pub struct Books {
    pub payment: u64,
    pub lamports: u64,
    pub jobs: usize,
    pub blobs: usize,
}

impl Patron {
    /// Somebody with `lamports` and a purse.
    pub async fn with_lamports(stage: &Stage, id: u8, lamports: u64) -> Self {
        let wallet = key(id);
        let net = &stage.net;
        net.rpc.request_airdrop(&wallet.pubkey(), lamports).await.unwrap();
        net.give(&wallet.pubkey(), &net.payment_mint, PURSE).await;
        let patron = Self { requester: connect(stage.client.base(), net.chain.rpc_url(), id).await.unwrap() };
        stage
            .until("the lamports are there", async || patron.requester.balances().await.unwrap().lamports == lamports)
            .await;
        patron
    }

    /// Somebody with enough of everything.
    pub async fn arrive(stage: &Stage, id: u8) -> Self {
        Self::with_lamports(stage, id, 1_000_000_000).await
    }

    pub async fn books(&self, stage: &Stage) -> Books {
        let held = self.requester.balances().await.unwrap();
        let jobs = stage.client.jobs(&JobsQuery::default()).await.unwrap().data.len();
        let blobs = files(&stage.folder.path().join("blobs"));
        Books { payment: held.payment, lamports: held.lamports, jobs, blobs }
    }
}

/// Connects with a key that is wallet and voucher signer.
pub async fn connect(api_url: &str, rpc_url: &str, id: u8) -> Result<Requester, Error> {
    let wallet = Arc::new(key(id));
    let settings = Settings {
        api_url: api_url.to_owned(),
        rpc_url: rpc_url.to_owned(),
        voucher_signer: wallet.clone(),
        wallet,
        clock: clock::system(),
    };
    Requester::connect(settings).await
}

/// Three small shards of about the same work.
pub fn shards() -> Vec<Bytes> {
    ["the cat sat on the mat and", "the dog ate of the log and", "the cow ran to the sea and"]
        .into_iter()
        .map(|text| Bytes::from_static(text.as_bytes()))
        .collect()
}

/// A job that would be taken.
pub fn submission(units_per_shard: u64) -> Submission {
    Submission {
        resource_class: "cpu-small".to_owned(),
        est_units_per_shard: units_per_shard,
        fuel_limit: units_per_shard * 2,
        max_unit_price: PRICE,
        funding: PURSE / 2,
        max_share_bps: 10_000,
        max_leases: 1,
        ..Submission::batch(Bytes::from_static(MODULE), shards())
    }
}

/// An address at which there is nothing.
pub fn nowhere() -> Pubkey {
    Pubkey::new_from_array([99; 32])
}

/// What running a shard here gives.
pub fn measure(executor: &dyn Executor, input: &Bytes) -> (Bytes, u64) {
    let module = Bytes::from_static(MODULE);
    let task = Task {
        module_hash: Sha2::hashv(&[&module]),
        module,
        input: input.clone(),
        units_limit: 1_000_000_000,
        memory_limit_bytes: 256 << 20,
        time_limit_ms: 30_000,
        output_limit_bytes: 1 << 20,
    };
    let output = executor.run(&task, &CancellationToken::new()).unwrap();
    (output.bytes, output.units)
}

/// Opens all fee shards.
pub async fn found_fee_shards(stage: &Stage) {
    let (net, admin) = (&stage.net, stage.net.admin.pubkey());
    for first in [0, 4, 8, 12] {
        let shards: Vec<_> =
            (first..first + 4).map(|shard| ix::init_fee_shard(&admin, &net.payment_mint, shard)).collect();
        net.send(&shards, &[&net.admin]).await.unwrap();
    }
}
