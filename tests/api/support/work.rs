//! Signed documents and a small job.

use bytes::Bytes;
use mira_core::amount::{Payment, Units};
use mira_core::hash::Sha2;
use mira_core::{Key, usage as core_usage, voucher as core_voucher};
use mira_store::model::JobRow;
use mira_wire::quote::QuoteRequest;
use mira_wire::request::{body_hash, sign_message};
use mira_wire::spec::{JobSpec, ShardInput, WASM_MAGIC};
use mira_wire::usage::UsageReport;
use mira_wire::voucher::Voucher;
use mira_wire::{HashHex, KeyStr, U64Str};

use super::World;
use super::rows::{self, CLUSTER, PROGRAM};

/// A voucher signed by `signer` over exactly its values.
pub fn voucher(signer: u8, lease: Key, amount: u64, units: u64) -> Voucher {
    let message = core_voucher::message::<Sha2>(&core_voucher::Voucher {
        program_id: PROGRAM,
        cluster_id: CLUSTER,
        lease,
        cumulative_amount: Payment::new(amount),
        cumulative_units: Units::new(units),
    });
    Voucher {
        lease: KeyStr(lease),
        cumulative_amount: U64Str(amount),
        cumulative_units: U64Str(units),
        signature: sign_message(&rows::signer(signer), &message),
    }
}

/// A usage report signed by `signer` over exactly its values.
pub fn usage(signer: u8, lease: Key, seq: u64, units: u64, items: u32) -> UsageReport {
    let message = core_usage::message::<Sha2>(&core_usage::Report {
        program_id: PROGRAM,
        cluster_id: CLUSTER,
        lease,
        seq,
        cumulative_units: Units::new(units),
        items,
        outputs_hash: [8; 32],
    });
    UsageReport {
        lease: KeyStr(lease),
        seq: U64Str(seq),
        cumulative_units: U64Str(units),
        items,
        outputs_hash: HashHex([8; 32]),
        signature: sign_message(&rows::signer(signer), &message),
    }
}

/// Something that starts as a module does.
pub fn module() -> Bytes {
    Bytes::copy_from_slice(&WASM_MAGIC)
}

/// The inputs of [`spec`].
pub fn inputs() -> Vec<Bytes> {
    ["one", "two", "three"].map(|text| Bytes::from_static(text.as_bytes())).to_vec()
}

/// A specification of three small shards.
pub fn spec() -> JobSpec {
    let shard = |input: &Bytes| ShardInput { input: HashHex(body_hash(input)), bytes: U64Str(input.len() as u64) };
    JobSpec {
        version: 1,
        tier: "batch".to_owned(),
        resource_class: "cpu-small".to_owned(),
        region: "eu-west".to_owned(),
        module: HashHex(body_hash(&module())),
        shards: inputs().iter().map(shard).collect(),
        fuel_limit: U64Str(1_000_000),
        memory_limit_bytes: U64Str(1 << 20),
        time_limit_ms: U64Str(10_000),
        est_units_per_shard: U64Str(500_000),
        regions: Vec::new(),
        deny: Vec::new(),
        service: mira_wire::service::Service::default(),
    }
}

/// [`rows::job`] with the hash of these bytes as its specification.
pub fn job_of(spec: &[u8]) -> JobRow {
    JobRow { spec_hash: body_hash(spec), ..rows::job() }
}

/// A quote for [`spec`].
pub fn quote() -> QuoteRequest {
    QuoteRequest {
        tier: "batch".to_owned(),
        unit_kind: "fuel".to_owned(),
        resource_class: "cpu-small".to_owned(),
        region: "eu-west".to_owned(),
        regions: Vec::new(),
        deny: Vec::new(),
        max_unit_price: Some(U64Str(2_000)),
        max_share_bps: 10_000,
        max_leases: 8,
        min_provider_stake: U64Str(1_000),
        shards: 3,
        est_units_per_shard: U64Str(500_000),
        time_limit_ms: None,
        within_ms: None,
        service: mira_wire::service::Service::default(),
    }
}

/// The standing offer of [`rows::provider`].
pub fn offer() -> mira_wire::node::Offer {
    mira_wire::node::Offer {
        provider: KeyStr(rows::PROVIDER),
        region: "eu-west".to_owned(),
        resource_class: "cpu-small".to_owned(),
        unit_kind: "fuel".to_owned(),
        unit_price: U64Str(1_000),
        slots: 4,
        cached: Vec::new(),
        machine: None,
    }
}

/// A heartbeat of [`rows::provider`].
pub fn heartbeat() -> mira_wire::node::Heartbeat {
    mira_wire::node::Heartbeat { provider: KeyStr(rows::PROVIDER), in_flight: 0, cached: Vec::new() }
}

/// A pull for any lease of [`rows::provider`].
pub fn work(wait_ms: u32) -> mira_wire::node::WorkRequest {
    mira_wire::node::WorkRequest { provider: KeyStr(rows::PROVIDER), leases: Vec::new(), wait_ms }
}

impl World {
    /// A world whose job was placed with the one provider, and whose lease is not open yet.
    pub async fn placed(spec: &JobSpec) -> Self {
        let bytes = spec.to_bytes().unwrap();
        let rows = vec![rows::network().into(), rows::provider().into(), job_of(&bytes).into()];
        let world = Self::with_rows(rows).await;
        world.upload(&bytes).await;
        world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
        world.client.place(KeyStr(rows::JOB)).await.unwrap();
        world
    }

    /// The same, with the lease open, as if the provider had accepted.
    pub async fn leased(spec: &JobSpec) -> Self {
        let world = Self::placed(spec).await;
        let bytes = spec.to_bytes().unwrap();
        let (job, lease) = rows::opened(&job_of(&bytes));
        world.write(vec![job.into(), lease.into()], Vec::new()).await;
        world
    }

    /// Uploads the module, the inputs and these bytes as the specification.
    pub async fn upload(&self, spec: &[u8]) {
        for blob in [vec![module(), Bytes::copy_from_slice(spec)], inputs()].concat() {
            self.client.put_blob(blob).await.unwrap();
        }
    }
}
