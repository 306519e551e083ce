//! How long things took: what quotes are made of.

use std::collections::BTreeMap;

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::Units;
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};

use crate::codec::{get_map, put_map};
use crate::histogram::Histogram;

/// Units that a pace is for.
const PER: u128 = 1_000_000;

/// What was observed, by what it depends on.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub struct History {
    /// From the request for leases to the first shard handed out. Milliseconds.
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    start_ms: BTreeMap<Tier, Histogram>,
    /// How long accepted results took, data moved, for a million units. Milliseconds.
    #[borsh(serialize_with = "put_map", deserialize_with = "get_map")]
    pace_ms: BTreeMap<(UnitKind, Label), Histogram>,
}

impl History {
    pub(crate) fn started(&mut self, tier: Tier, took_ms: u64) {
        self.start_ms.entry(tier).or_default().record(took_ms);
    }

    pub(crate) fn ran(&mut self, kind: UnitKind, class: Label, units: Units, took_ms: u64) {
        let pace = (u128::from(took_ms) * PER).checked_div(u128::from(units.get()));
        if let Some(pace) = pace {
            let pace = u64::try_from(pace).unwrap_or(u64::MAX);
            self.pace_ms.entry((kind, class)).or_default().record(pace);
        }
    }

    /// How long jobs of a tier waited for their first shard to be handed out.
    pub fn start(&self, tier: Tier) -> Option<&Histogram> {
        self.start_ms.get(&tier)
    }

    /// How long a million units took on such machines.
    pub fn pace(&self, kind: UnitKind, class: Label) -> Option<&Histogram> {
        self.pace_ms.get(&(kind, class))
    }
}

/// How long so many units take at a pace.
pub(crate) fn at_pace(units: Units, pace_ms: u64) -> u64 {
    let ms = (u128::from(units.get()) * u128::from(pace_ms)).div_ceil(PER);
    u64::try_from(ms).unwrap_or(u64::MAX)
}
