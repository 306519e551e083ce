//! Dispatch epochs in the store: signed when they close, and where an engine that begins anew goes on from.

use mira_chain::pda;
use mira_dispatch::proof::{Anchor, EpochClosed, epoch};
use mira_store::Store;
use mira_store::model::DispatchEpoch;

use crate::dispatch::error::Error;
use crate::dispatch::handle::Shared;

/// What is written of the epochs that one round closed.
pub(super) async fn rows(shared: &Shared, closed: &[EpochClosed]) -> Result<Vec<DispatchEpoch>, Error> {
    if closed.is_empty() {
        return Ok(Vec::new());
    }
    // Nothing is placed before the network is indexed, so this is never missing where a record is.
    let cluster = shared.store.network().await?.map(|network| network.cluster_id).unwrap_or_default();
    Ok(closed.iter().map(|closed| row(shared, cluster, closed)).collect())
}

fn row(shared: &Shared, cluster: [u8; 32], closed: &EpochClosed) -> DispatchEpoch {
    let root = closed.root();
    let message = epoch::message(&pda::PROGRAM_ID.to_bytes(), &cluster, &shared.key, closed.number, &root);
    DispatchEpoch {
        number: closed.number,
        hash: closed.hash,
        root,
        first_seq: closed.first,
        last_seq: closed.last,
        placement_root: closed.placements.root,
        placements: closed.placements.count,
        route_root: closed.routes.root,
        routes: closed.routes.count,
        first_route: closed.first_route,
        closed_ms: i64::try_from(closed.closed_ms).unwrap_or(i64::MAX),
        dispatcher: shared.key,
        cluster,
        signature: shared.offering.sign_message(&message),
    }
}

/// Where the epochs of an engine that takes its first input after `seq` go on from.
pub(super) async fn anchor(store: &dyn Store, seq: u64) -> Result<Anchor, Error> {
    let newest = store.dispatch_epochs(None, 1).await?.rows.pop();
    let (number, root) = newest.map_or_else(Default::default, |epoch| (epoch.number, epoch.root));
    Ok(Anchor { number, root, inputs: seq, routes: store.next_route().await? })
}
