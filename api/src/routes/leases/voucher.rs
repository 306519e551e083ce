//! `GET /v1/leases/{lease}/voucher`.

use axum::Json;
use axum::extract::State;
use mira_wire::voucher::StoredVoucher;
use mira_wire::{KeyStr, Kind, Problem, Reply};

use super::show::find;
use crate::convert;
use crate::extract::Address;
use crate::problem::{Result, refuse};
use crate::state::{AppState, reply};

/// A lease's newest voucher. Anyone may settle it: it pays the provider and nobody else.
#[utoipa::path(get, path = "/v1/leases/{lease}/voucher", tag = "leases", summary = "A lease's newest voucher",
    params(("lease" = KeyStr, Path, description = "The lease's account")),
    responses((status = 200, body = Reply<StoredVoucher>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn voucher(State(state): State<AppState>, Address(key): Address) -> Result<Json<Reply<StoredVoucher>>> {
    let context = state.context();
    find(&state, &key).await?;
    match state.store.voucher(&key).await? {
        Some(row) => Ok(reply(context, convert::voucher_to_wire(&row))),
        None => refuse(Kind::VoucherNotFound, "the requester has not signed one yet"),
    }
}
