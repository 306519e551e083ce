//! A network without a chain: rows as an indexer would leave them, of many providers that all hold a lease of one
//! interactive job.

use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use ed25519_dalek::SigningKey;
use mira_core::Key;
use mira_core::amount::{Bps, Payment, UnitPrice};
use mira_core::hash::{Sha2, Sha256};
use mira_core::tier::Tier;
use mira_store::Store;
use mira_store::model::{JobRow, LeaseRow, Ordinal, Projection, ProviderRow};
use mira_testkit::rows;
use mira_wire::client::ApiClient;
use mira_wire::node::Offer;
use mira_wire::request::{RequestSigner, body_hash};
use mira_wire::service::Service;
use mira_wire::spec::{JobSpec, VERSION, WASM_MAGIC};
use mira_wire::{HashHex, KeyStr, U64Str};

/// The regions that providers and requests are in, in turn.
pub const REGIONS: [&str; 8] =
    ["eu-west", "eu-north", "us-east", "us-west", "ap-south", "ap-east", "sa-east", "af-south"];
/// Requests that a provider takes at the same time.
pub const SLOTS: u16 = 4_096;
/// What one request may use.
const UNITS: u64 = 10;
/// A lease's cap: no run comes near it.
const CAP: u64 = 1 << 40;
const JOB: &[u8] = b"job";
const REQUESTER: u8 = 3;

/// The town.
pub struct Town {
    seed: u64,
    providers: u32,
    now: i64,
}

impl Town {
    /// A town of so many providers.
    pub fn new(seed: u64, providers: u32, now: i64) -> Self {
        Town { seed, providers, now }
    }

    /// The job's address.
    pub fn job(&self) -> Key {
        self.key(JOB, 0)
    }

    /// Who may open a session for it.
    pub fn requester(&self) -> SigningKey {
        rows::signer(REQUESTER)
    }

    /// Writes all rows.
    pub async fn write(&self, store: &dyn Store) -> anyhow::Result<()> {
        let spec = self.spec().to_bytes()?;
        let mut writes: Vec<Projection> = vec![rows::network().into(), self.job_row(body_hash(&spec)).into()];
        for index in 0..self.providers {
            writes.push(self.provider(index).into());
            writes.push(self.lease(index).into());
        }
        rows::write(store, writes, Vec::new()).await;
        Ok(())
    }

    /// Hands in all that a running server has to know: blobs, offers, and that the job is to be placed.
    pub async fn open(&self, api: &ApiClient) -> anyhow::Result<()> {
        api.put_blob(Bytes::from_static(&WASM_MAGIC)).await?;
        api.put_blob(Bytes::from(self.spec().to_bytes()?)).await?;
        for index in 0..self.providers {
            let node = api.node(Arc::new(self.operator(index)));
            node.offer(&self.offer(index)).await.with_context(|| format!("offer {index}"))?;
        }
        api.place(KeyStr(self.job())).await.context("the job was not placed")?;
        Ok(())
    }

    fn key(&self, kind: &[u8], index: u32) -> Key {
        Sha2::hashv(&[b"town:", kind, &self.seed.to_le_bytes(), &index.to_le_bytes()])
    }

    fn operator(&self, index: u32) -> SigningKey {
        SigningKey::from_bytes(&self.key(b"operator", index))
    }

    fn spec(&self) -> JobSpec {
        JobSpec {
            version: VERSION,
            tier: Tier::Interactive.as_str().to_owned(),
            resource_class: "cpu-small".to_owned(),
            region: REGIONS[0].to_owned(),
            module: HashHex(body_hash(&WASM_MAGIC)),
            shards: Vec::new(),
            fuel_limit: U64Str(UNITS),
            memory_limit_bytes: U64Str(1 << 20),
            time_limit_ms: U64Str(1_000),
            est_units_per_shard: U64Str(UNITS),
            regions: Vec::new(),
            deny: Vec::new(),
            service: Service { target_ms: Some(500), ..Service::default() },
        }
    }

    fn offer(&self, index: u32) -> Offer {
        Offer {
            provider: KeyStr(self.key(b"provider", index)),
            region: self.region(index).to_owned(),
            resource_class: "cpu-small".to_owned(),
            unit_kind: "fuel".to_owned(),
            unit_price: U64Str(self.price(index)),
            slots: SLOTS,
            cached: Vec::new(),
            machine: None,
        }
    }

    fn region(&self, index: u32) -> &'static str {
        REGIONS[usize::try_from(index).unwrap_or(0) % REGIONS.len()]
    }

    fn price(&self, index: u32) -> u64 {
        500 + u64::from(index % 7) * 100
    }

    fn provider(&self, index: u32) -> ProviderRow {
        ProviderRow {
            provider: self.key(b"provider", index),
            owner: self.key(b"owner", index),
            operator: RequestSigner::key(&self.operator(index)),
            jailed_until: 0,
            registered_at: self.now - 1_000,
            ord: ord(index, 0),
            ..rows::provider()
        }
    }

    fn job_row(&self, spec_hash: [u8; 32]) -> JobRow {
        JobRow {
            job: self.job(),
            spec_hash,
            tier: Tier::Interactive,
            funded: Payment::new(CAP * u64::from(self.providers) * 2),
            committed: Payment::new(CAP * u64::from(self.providers)),
            max_share: Bps::new(10_000).unwrap_or_default(),
            max_leases: u16::try_from(self.providers).unwrap_or(u16::MAX),
            open_leases: u16::try_from(self.providers).unwrap_or(u16::MAX),
            leases_total: self.providers,
            created_at: self.now - 100,
            deadline: self.now + 3_000,
            young_until: self.now + 500,
            due_at: self.now + 3_060,
            ..rows::job()
        }
    }

    fn lease(&self, index: u32) -> LeaseRow {
        LeaseRow {
            lease: self.key(b"lease", index),
            job: self.job(),
            provider: self.key(b"provider", index),
            nonce: index,
            operator: RequestSigner::key(&self.operator(index)),
            unit_price: UnitPrice::new(self.price(index)),
            cap: Payment::new(CAP),
            settled: Payment::ZERO,
            opened_at: self.now - 50,
            expires_at: self.now + 2_900,
            settle_until: self.now + 2_960,
            dispute_until: self.now + 2_990,
            ord: ord(index, 1),
            ..rows::lease()
        }
    }
}

/// A place in the chain of its own for every row.
fn ord(index: u32, part: u16) -> Ordinal {
    Ordinal { slot: 5, signature: [6; 64], ix: u16::try_from(index).unwrap_or(u16::MAX), inner_ix: part }
}
