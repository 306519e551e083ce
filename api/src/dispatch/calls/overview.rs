//! Supply, work and what coordination costs, in numbers.

use mira_core::Key;
use mira_dispatch::engine::Overview;

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;
use crate::dispatch::meter::Latencies;

impl Handle {
    /// Supply and work now.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn overview(&self) -> Result<Overview, Error> {
        self.read(|engine| engine.overview()).await
    }

    /// How long coordination takes.
    pub fn latencies(&self) -> Latencies {
        self.shared.meter.latencies()
    }

    /// Each provider's standing, by key.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn providers_health(&self) -> Result<Vec<(Key, &'static str)>, Error> {
        let read = self.read(|engine| {
            let offering = engine.providers().filter(|(_, provider)| provider.offer.is_some());
            offering.map(|(key, provider)| (*key, provider.health.as_str())).collect()
        });
        read.await
    }
}
