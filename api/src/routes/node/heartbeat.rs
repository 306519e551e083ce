//! `POST /v1/node/heartbeat`: the node is there; what should it know?

use axum::Json;
use axum::extract::State;
use mira_core::Key;
use mira_wire::node::{Heartbeat, HeartbeatReply, MAX_CACHED, Proposal};
use mira_wire::voucher::Voucher;
use mira_wire::{KeyStr, Kind, Problem, Time};

use crate::auth::{SignedBody, require_operator};
use crate::problem::{Result, refuse};
use crate::state::AppState;
use crate::{convert, dispatch};

/// How many vouchers are read at a time.
const BATCH: u32 = 256;
/// The most vouchers in one reply: a provider with more unreleased leases reads the rest per lease.
const MAX_VOUCHERS: usize = 1_024;

/// Lease proposals, and the newest voucher of each lease that can still be settled.
#[utoipa::path(post, path = "/v1/node/heartbeat", tag = "node", summary = "Say that the node is there (signed)",
    request_body = Heartbeat,
    responses((status = 200, body = HeartbeatReply),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn heartbeat(State(state): State<AppState>, signed: SignedBody<Heartbeat>) -> Result<Json<HeartbeatReply>> {
    let heartbeat = signed.body;
    if heartbeat.cached.len() > MAX_CACHED {
        return refuse(Kind::InvalidBody, format!("cached may have at most {MAX_CACHED} hashes"));
    }
    let provider = heartbeat.provider.get();
    require_operator(&state, &provider, &signed.key).await?;
    let beat = state
        .dispatch
        .heartbeat(dispatch::Heartbeat {
            provider,
            in_flight: heartbeat.in_flight,
            cached: heartbeat.cached.iter().map(|hash| hash.get()).collect(),
        })
        .await?;
    Ok(Json(HeartbeatReply {
        proposals: beat.proposals.into_iter().map(|offer| proposal(&provider, offer)).collect(),
        vouchers: vouchers(&state, &provider).await?,
        suspended: beat.suspended,
    }))
}

fn proposal(provider: &Key, offer: dispatch::LeaseOffer) -> Proposal {
    Proposal {
        id: offer.id.into(),
        job: KeyStr(offer.job),
        provider: KeyStr(*provider),
        nonce: offer.nonce,
        unit_price: offer.unit_price.get().into(),
        cap: offer.cap.get().into(),
        expires_at: Time::from_secs(offer.expires_at),
        transaction: offer.transaction,
    }
}

async fn vouchers(state: &AppState, provider: &Key) -> Result<Vec<Voucher>> {
    let (mut vouchers, mut after) = (Vec::new(), None);
    while vouchers.len() < MAX_VOUCHERS {
        let rows = state.store.vouchers_of_provider(provider, after, BATCH).await?;
        after = rows.last().map(|row| row.lease);
        vouchers.extend(rows.iter().map(|row| convert::voucher_to_wire(row).voucher));
        if after.is_none() {
            break;
        }
    }
    Ok(vouchers)
}
