//! A job's specification: the blob whose hash the job on chain carries as `spec_hash`.
//!
//! What travels is the exact bytes: hash and parse them, never re-encode before hashing.

use mira_core::label::Label;
use mira_core::tier::Tier;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::Service;
use crate::{HashHex, KeyStr, U64Str, tier};

/// The only version so far.
pub const VERSION: u32 = 1;
/// The most shards of one job: bounds what the dispatcher keeps in memory for a job.
pub const MAX_SHARDS: usize = 100_000;
/// The longest specification in bytes: [`MAX_SHARDS`] entries of some 110 bytes, rounded up.
pub const MAX_SPEC_BYTES: usize = 16 << 20;
/// The most memory a shard may ask for: what a 32-bit module can address.
pub const MAX_MEMORY_BYTES: u64 = 4 << 30;
/// The longest a shard may run, in milliseconds: an hour.
pub const MAX_TIME_MS: u64 = 3_600_000;
/// The most regions, and the most denied keys, that a specification may list.
pub const MAX_LIST: usize = 256;
/// The longest module in bytes: compiling takes time and memory in proportion, and neither is metered.
pub const MAX_MODULE_BYTES: usize = 16 << 20;
/// The first bytes of every WebAssembly module: magic and version 1.
pub const WASM_MAGIC: [u8; 8] = *b"\0asm\x01\0\0\0";

/// What a job computes: one module over many shards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobSpec {
    /// [`VERSION`].
    pub version: u32,
    /// The tier, as on chain.
    #[schema(example = "batch")]
    pub tier: String,
    /// The kind of machine, a label.
    #[schema(example = "cpu-small")]
    pub resource_class: String,
    /// Where the requester is: a label. Placement prefers providers near it.
    #[schema(example = "eu-west")]
    pub region: String,
    /// The WebAssembly module (wasm32-wasip1 command): of a pipeline, that of the first stage.
    pub module: HashHex,
    /// The inputs, one per shard: of a pipeline, those of the first stage. An interactive job may have none.
    pub shards: Vec<ShardInput>,
    /// The most fuel one shard may burn.
    pub fuel_limit: U64Str,
    /// The most linear memory one shard may use, in bytes.
    pub memory_limit_bytes: U64Str,
    /// The longest one shard may run, in milliseconds.
    pub time_limit_ms: U64Str,
    /// What the requester expects one shard to use, in the job's unit.
    pub est_units_per_shard: U64Str,
    /// Regions that may serve, labels; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Providers, owners or operators that must not serve.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<KeyStr>,
    /// What the job asks of its tier beyond the above.
    #[serde(default, skip_serializing_if = "Service::is_default")]
    pub service: Service,
}

/// One shard's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardInput {
    /// The blob given to the module on standard input.
    pub input: HashHex,
    /// The blob's length in bytes.
    pub bytes: U64Str,
}

/// Why a specification is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Not JSON of the documented shape.
    #[error("the specification is not JSON of the documented shape: {0}")]
    Shape(String),
    /// Another version.
    #[error("the specification has version {0}, this software knows version 1")]
    Version(u32),
    /// No such tier.
    #[error("there is no tier {0:?}: use interactive, batch, training or pipeline")]
    Tier(String),
    /// Not a label.
    #[error("{field} {value:?} is not a label: use 1 to 16 of a-z, 0-9 and '-'")]
    Label {
        /// Which field.
        field: &'static str,
        /// What it holds.
        value: String,
    },
    /// No shards.
    #[error("the specification has no shards: cut the input into at least one")]
    NoShards,
    /// Too many shards.
    #[error("the specification has {0} shards, at most 100000 are allowed: use larger shards")]
    TooManyShards(usize),
    /// An empty input.
    #[error("shard {0} is empty: leave it out")]
    EmptyShard(usize),
    /// Too many entries.
    #[error("{field} has more than 256 entries")]
    TooLong {
        /// Which list.
        field: &'static str,
    },
    /// What is asked of a tier contradicts itself.
    #[error("service: {0}")]
    Service(String),
    /// A limit out of its range.
    #[error("{field} must be from 1 to {max}")]
    Limit {
        /// Which field.
        field: &'static str,
        /// The highest value.
        max: u64,
    },
}

impl JobSpec {
    /// Parses and validates the bytes of a specification.
    pub fn parse(bytes: &[u8]) -> Result<Self, SpecError> {
        let spec: Self = serde_json::from_slice(bytes).map_err(|e| SpecError::Shape(e.to_string()))?;
        spec.validate()?;
        Ok(spec)
    }

    /// The bytes to upload; their SHA-256 is the job's `spec_hash`.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SpecError> {
        self.validate()?;
        serde_json::to_vec(self).map_err(|e| SpecError::Shape(e.to_string()))
    }

    /// Checks everything that needs no other source.
    pub fn validate(&self) -> Result<(), SpecError> {
        if self.version != VERSION {
            return Err(SpecError::Version(self.version));
        }
        let tier = Tier::parse(&self.tier).map_err(|_| SpecError::Tier(self.tier.clone()))?;
        label("resource_class", &self.resource_class)?;
        label("region", &self.region)?;
        for region in &self.regions {
            label("regions", region)?;
        }
        for (field, len) in [("regions", self.regions.len()), ("deny", self.deny.len())] {
            if len > MAX_LIST {
                return Err(SpecError::TooLong { field });
            }
        }
        if self.shards.len() > MAX_SHARDS {
            return Err(SpecError::TooManyShards(self.shards.len()));
        }
        if let Some(index) = self.shards.iter().position(|shard| shard.bytes.get() == 0) {
            return Err(SpecError::EmptyShard(index));
        }
        within("fuel_limit", self.fuel_limit, u64::MAX)?;
        within("memory_limit_bytes", self.memory_limit_bytes, MAX_MEMORY_BYTES)?;
        within("time_limit_ms", self.time_limit_ms, MAX_TIME_MS)?;
        within("est_units_per_shard", self.est_units_per_shard, u64::MAX)?;
        self.service.validate()?;
        tier::check(tier, &self.service, self.shards.len())
    }
}

fn label(field: &'static str, value: &str) -> Result<(), SpecError> {
    Label::parse(value).map(|_| ()).map_err(|_| SpecError::Label { field, value: value.to_owned() })
}

fn within(field: &'static str, value: U64Str, max: u64) -> Result<(), SpecError> {
    if (1..=max).contains(&value.get()) { Ok(()) } else { Err(SpecError::Limit { field, max }) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn spec() -> JobSpec {
        JobSpec {
            version: VERSION,
            tier: "batch".into(),
            resource_class: "cpu-small".into(),
            region: "eu-west".into(),
            module: HashHex([1; 32]),
            shards: vec![ShardInput { input: HashHex([2; 32]), bytes: U64Str(10) }],
            fuel_limit: U64Str(1_000),
            memory_limit_bytes: U64Str(1 << 20),
            time_limit_ms: U64Str(1_000),
            est_units_per_shard: U64Str(500),
            regions: vec![],
            deny: vec![],
            service: Service::default(),
        }
    }

    #[test]
    fn a_valid_specification_survives() {
        let bytes = spec().to_bytes().unwrap();
        assert_eq!(JobSpec::parse(&bytes).unwrap(), spec());
    }

    #[test]
    fn each_rule_has_its_own_error() {
        let check = |change: fn(&mut JobSpec)| {
            let mut spec = spec();
            change(&mut spec);
            spec.validate().unwrap_err()
        };
        assert_eq!(check(|s| s.version = 2), SpecError::Version(2));
        assert!(matches!(check(|s| s.tier = "Batch".into()), SpecError::Tier(_)));
        assert!(matches!(check(|s| s.region = "EU".into()), SpecError::Label { field: "region", .. }));
        assert_eq!(check(|s| s.deny = vec![KeyStr([1; 32]); MAX_LIST + 1]), SpecError::TooLong { field: "deny" });
        assert_eq!(check(|s| s.shards.clear()), SpecError::NoShards);
        assert_eq!(check(|s| s.shards[0].bytes = U64Str(0)), SpecError::EmptyShard(0));
        assert!(matches!(check(|s| s.fuel_limit = U64Str(0)), SpecError::Limit { field: "fuel_limit", .. }));
        assert!(matches!(
            check(|s| s.memory_limit_bytes = U64Str(MAX_MEMORY_BYTES + 1)),
            SpecError::Limit { field: "memory_limit_bytes", .. }
        ));
        assert!(matches!(check(|s| s.shards = vec![s.shards[0]; MAX_SHARDS + 1]), SpecError::TooManyShards(_)));
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let text = String::from_utf8(spec().to_bytes().unwrap()).unwrap();
        let text = text.replacen('{', "{\"gpu\":1,", 1);
        assert!(matches!(JobSpec::parse(text.as_bytes()), Err(SpecError::Shape(_))));
    }
}
