//! What a job would cost now.

use mira_core::Key;
use mira_core::amount::{Bps, Stake, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_dispatch::quote::{self, tiers::TierQuote};
use mira_dispatch::service::Service;

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// What is asked.
#[derive(Clone, Debug)]
pub struct QuoteRequest {
    /// How it is to be served.
    pub tier: Tier,
    /// What is metered.
    pub unit_kind: UnitKind,
    /// The machine needed.
    pub resource_class: Label,
    /// Where the requester is.
    pub region: Option<Label>,
    /// Where it may run; empty means anywhere.
    pub regions: Vec<Label>,
    /// Providers, owners or operators that may not serve it.
    pub deny: Vec<Key>,
    /// The most it would pay per 1,000,000 units, if there is a limit.
    pub max_unit_price: Option<UnitPrice>,
    /// The largest part that one owner may hold.
    pub max_share: Bps,
    /// The most leases at a time.
    pub max_leases: u16,
    /// The least active stake of a provider.
    pub min_provider_stake: Stake,
    /// How many shards.
    pub shards: u32,
    /// What one is expected to use.
    pub est_units_per_shard: Units,
    /// How long one may run, if that was said.
    pub time_limit_ms: Option<u64>,
    /// By when it should be done, from now, if that was said. Milliseconds.
    pub within_ms: Option<u64>,
    /// What it asks of its tier.
    pub service: Service,
}

/// The answer. Nothing is reserved.
#[derive(Clone, Debug)]
pub struct QuoteReply {
    /// Providers that could serve.
    pub candidates: u32,
    /// Their owners.
    pub owners: u32,
    /// Owners that `max_share` asks for.
    pub owners_needed: u32,
    /// The lowest price among them.
    pub price_low: Option<UnitPrice>,
    /// The middle one.
    pub price_median: Option<UnitPrice>,
    /// The highest one.
    pub price_high: Option<UnitPrice>,
    /// How many providers each limit rejected.
    pub rejects: Vec<(&'static str, u32)>,
    /// What the tier that was asked would make of it.
    pub asked: TierQuote,
    /// What each tier would make of it.
    pub tiers: Vec<TierQuote>,
}

impl Handle {
    /// Answers a quote.
    ///
    /// # Errors
    /// `BadSpec`, `Unavailable`.
    pub async fn quote(&self, request: QuoteRequest) -> Result<QuoteReply, Error> {
        let network = self.shared.store.network().await?.ok_or_else(Error::soon)?;
        let request = quote::QuoteRequest {
            tier: request.tier,
            unit_kind: request.unit_kind,
            resource_class: request.resource_class,
            region: request.region,
            regions: request.regions,
            deny: request.deny,
            max_unit_price: request.max_unit_price,
            max_share: request.max_share,
            max_leases: request.max_leases,
            min_provider_stake: request.min_provider_stake,
            stake_per_million: network.params.stake_per_million,
            shards: request.shards,
            est_units_per_shard: request.est_units_per_shard,
            time_limit_ms: request.time_limit_ms,
            within_ms: request.within_ms,
            service: request.service,
        };
        let quote = self.read(move |engine| quote::quote(engine, &request)).await??;
        let paused = |mut tier: TierQuote| {
            if network.paused {
                tier.reason = Some(Error::NetworkPaused.to_string());
            }
            tier
        };
        Ok(QuoteReply {
            candidates: quote.candidates,
            owners: quote.owners,
            owners_needed: quote.owners_needed,
            price_low: quote.price_low,
            price_median: quote.price_median,
            price_high: quote.price_high,
            rejects: quote.rejects.into_iter().map(|(limit, count)| (limit.as_str(), count)).collect(),
            asked: paused(quote.asked),
            tiers: quote.tiers.into_iter().map(paused).collect(),
        })
    }
}
