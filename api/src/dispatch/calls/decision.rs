//! A recorded placement decision, with words.

use mira_core::{Hash, Key};
use mira_dispatch::explain::{explain, explain_route};
use mira_dispatch::proof::reroute;
use mira_dispatch::record::PlacementRecord;
use mira_dispatch::route::RouteRecord;

use crate::dispatch::actor::PLACEMENT;
use crate::dispatch::calls::proof::DecisionId;
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What was recorded.
    pub record: PlacementRecord,
    /// The same for a person.
    pub explanation: String,
}

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its number.
    pub number: u64,
    /// What was recorded.
    pub record: RouteRecord,
    /// The same for a person.
    pub explanation: String,
}

impl Handle {
    /// A route by its number; nothing if there is none of that number.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` if the record is broken.
    pub async fn route_record(&self, number: u64) -> Result<Option<Route>, Error> {
        let Some(proof) = self.proof(DecisionId::Route(number)).await? else { return Ok(None) };
        let broken = || Error::Internal(format!("table dispatch_route, route {number}: no route record"));
        let record = reroute::read(&proof.record).ok_or_else(broken)?;
        let explanation = explain_route(&record, |key: &Key| bs58::encode(key).into_string());
        Ok(Some(Route { number, record, explanation }))
    }

    /// A decision by its name; nothing if there is none of that name.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` if the record is broken.
    pub async fn decision(&self, id: Hash) -> Result<Option<Decision>, Error> {
        let Some(row) = self.shared.store.dispatch_record(&id).await?.filter(|row| row.kind == PLACEMENT) else {
            return Ok(None);
        };
        let broken = |error| Error::Internal(format!("table dispatch_record, id {}: {error}", hex::encode(id)));
        let record = PlacementRecord::from_bytes(&row.bytes).map_err(broken)?;
        let explanation = explain(&record, |key: &Key| bs58::encode(key).into_string());
        Ok(Some(Decision { record, explanation }))
    }
}
