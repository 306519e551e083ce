//! A provider says what it sells.

use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::UnitKind;
use mira_core::{Hash, Key};
use mira_dispatch::input::{self, Event};
use mira_dispatch::service::Machine;

use crate::dispatch::error::Error;
use crate::dispatch::facts;
use crate::dispatch::handle::{Handle, refusal};

/// An offer, replacing the provider's earlier one.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The provider account.
    pub provider: Key,
    /// Where it is.
    pub region: Label,
    /// What kind of machine it is.
    pub resource_class: Label,
    /// What it meters.
    pub unit_kind: UnitKind,
    /// What it asks per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// Shards at the same time; 0 withdraws the offer.
    pub slots: u16,
    /// Content hashes it holds.
    pub cached: Vec<Hash>,
    /// What the machine has, if it says so.
    pub machine: Option<Machine>,
}

impl Handle {
    /// Takes an offer.
    ///
    /// # Errors
    /// `UnknownProvider`, `BadOffer`, `Unavailable`.
    pub async fn offer(&self, offer: Offer) -> Result<(), Error> {
        let store = &self.shared.store;
        let row = store.provider(&offer.provider).await?.ok_or(Error::UnknownProvider)?;
        let network = store.network().await?.ok_or_else(Error::soon)?;
        let facts = facts::provider(&row, network.params.min_stake)?;
        let offer = input::Offer {
            provider: offer.provider,
            region: offer.region,
            resource_class: offer.resource_class,
            unit_kind: offer.unit_kind,
            unit_price: offer.unit_price,
            slots: offer.slots,
            cached: offer.cached,
            machine: offer.machine,
        };
        let refused = self.act(vec![Event::Provider(facts), Event::Offer(offer)], |_, out| refusal(&out)).await?;
        refused.map_or(Ok(()), Err)
    }
}
