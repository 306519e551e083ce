//! Supply, work and what coordination costs, in numbers.

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
}
