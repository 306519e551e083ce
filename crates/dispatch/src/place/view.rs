//! What a decision reads of the network.

use std::collections::BTreeMap;

use mira_core::Key;

use crate::config::Config;
use crate::engine::Engine;
use crate::pack::waste::Waste;
use crate::place::ask::{Held, Seen};
use crate::place::index::Index;
use crate::reputation::Reputation;
use crate::share::Shares;
use crate::state::provider::Provider;

/// The network as one decision sees it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// All providers.
    pub providers: &'a BTreeMap<Key, Provider>,
    /// Their offers, in order.
    pub index: &'a Index,
    /// What others observed of them.
    pub reputation: &'a Reputation,
    /// What their owners have of the work.
    pub shares: &'a Shares,
    /// What is left of machines, measured by what jobs usually ask of them.
    pub waste: &'a Waste,
    /// The settings.
    pub config: &'a Config,
    /// Unix milliseconds.
    pub now_ms: u64,
}

impl<'a> View<'a> {
    /// One provider, if it has an offer.
    pub(crate) fn see(&'a self, key: &Key, held: &'a Held) -> Option<Seen<'a>> {
        let provider = self.providers.get(key)?;
        Some(Seen { provider, offer: provider.offer.as_ref()?, held, view: self })
    }

    /// All providers that have an offer, as one plan sees them.
    pub fn offers(&'a self, held: &'a Held) -> impl Iterator<Item = Seen<'a>> {
        self.providers.values().filter_map(move |provider| {
            let offer = provider.offer.as_ref()?;
            Some(Seen { provider, offer, held, view: self })
        })
    }
}

impl Engine {
    /// The network as a decision taken now sees it.
    pub fn view(&self) -> View<'_> {
        View {
            providers: &self.providers,
            index: &self.index,
            reputation: &self.reputation,
            shares: &self.shares,
            waste: &self.waste,
            config: &self.config,
            now_ms: self.now_ms,
        }
    }
}
