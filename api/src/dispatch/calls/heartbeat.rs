//! A provider is alive; the answer tells it which leases it may open.

use mira_core::amount::{Payment, UnitPrice};
use mira_core::{Hash, Key};
use mira_dispatch::input::{self, Event};

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;
use crate::dispatch::offering::Ask;

/// A sign of life.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    /// The provider account.
    pub provider: Key,
    /// Shards it runs, as it counts them. The dispatcher counts for itself.
    pub in_flight: u16,
    /// Content hashes it holds.
    pub cached: Vec<Hash>,
}

/// The answer to a sign of life.
#[derive(Clone, Debug)]
pub struct Beat {
    /// Whether it is sent no work for now.
    pub suspended: bool,
    /// Leases that it may open now.
    pub proposals: Vec<LeaseOffer>,
}

/// A lease that a provider may open: everything is signed but by its operator.
#[derive(Clone, Debug)]
pub struct LeaseOffer {
    /// The proposal's number.
    pub id: u64,
    /// The job.
    pub job: Key,
    /// The provider.
    pub provider: Key,
    /// The lease's number within the job.
    pub nonce: u32,
    /// The price per 1,000,000 units.
    pub unit_price: UnitPrice,
    /// The most it pays.
    pub cap: Payment,
    /// When it shall expire. Unix seconds.
    pub expires_at: i64,
    /// The transaction as base64: the operator pays fee and rent, and signs last.
    pub transaction: String,
}

impl Handle {
    /// Takes a sign of life.
    ///
    /// # Errors
    /// `NoOffer`, `Unavailable`. That the chain cannot be reached is none: then there are no proposals.
    pub async fn heartbeat(&self, beat: Heartbeat) -> Result<Beat, Error> {
        let provider = beat.provider;
        tracing::trace!(in_flight = beat.in_flight, "heartbeat");
        let event = Event::Heartbeat(input::Heartbeat { provider, cached: Some(beat.cached) });
        let read = self.act(vec![event], move |engine, _| {
            let known = engine.provider(&provider).filter(|known| known.offer.is_some())?;
            Some((!known.health.takes_work(), Ask::of(engine, &provider, known)))
        });
        let (suspended, asks) = read.await?.ok_or(Error::NoOffer)?;
        let proposals = self.shared.offering.offers(asks, self.now_ms()).await;
        Ok(Beat { suspended, proposals })
    }
}
