//! The prices and limits of all markets, as the fast paths read them and as they are recorded.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};

use crate::codec::{get, put};
use crate::share::Class;

/// The prices and limits of all markets.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Prices {
    /// One a class of machine and unit, in their order.
    pub markets: Vec<MarketPrices>,
}

/// The prices and limits of one market.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MarketPrices {
    /// The class of machine.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub resource_class: Label,
    /// What is metered.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub unit_kind: UnitKind,
    /// What half of the capacity asks at most, per 1,000,000 units.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub ask_median: UnitPrice,
    /// How short slots are: 1,000,000 where they are not, at most four times that.
    pub congestion_ppm: u32,
    /// λ: how many microseconds 1,000,000 base units of a unit price are worth, by tier in the order of `Tier::ALL`.
    pub latency_price: [u64; 4],
    /// Slots that batch work leaves free for interactive work.
    pub headroom: u64,
    /// Owners that get no more leases for now, in the order of their keys.
    pub held_back: Vec<Key>,
}

impl Prices {
    /// Those of one market; nothing if nobody offers in it.
    pub fn of(&self, class: &Class) -> Option<&MarketPrices> {
        let key = |market: &MarketPrices| (market.resource_class, market.unit_kind);
        let place = self.markets.binary_search_by_key(class, key).ok()?;
        self.markets.get(place)
    }
}

impl MarketPrices {
    /// What a price is worth in microseconds of latency, for a tier.
    pub fn latency_us(&self, tier: Tier, price: UnitPrice) -> u64 {
        let rate = self.latency_price.get(usize::from(tier.as_u8())).copied().unwrap_or(0);
        u64::try_from(u128::from(price.get()) * u128::from(rate) / 1_000_000).unwrap_or(u64::MAX)
    }

    /// Whether an owner may get no more for now.
    pub fn holds_back(&self, owner: &Key) -> bool {
        self.held_back.binary_search(owner).is_ok()
    }
}
