//! `POST /v1/vouchers`: the requester's signed consent to pay, for the provider to fetch.
//!
//! A voucher is its own proof, so anyone may bring it. It is checked as the program would check it,
//! and also for what only hurts the requester: an amount above the lease's price.

use axum::Json;
use axum::extract::State;
use mira_core::amount::{Payment, Units};
use mira_core::hash::Sha2;
use mira_core::{price, voucher};
use mira_store::model::{LeaseRow, PutVoucher};
use mira_wire::voucher::{StoredVoucher, Voucher};
use mira_wire::{KeyStr, Kind, Problem, request};

use crate::convert;
use crate::extract::Body;
use crate::problem::{Result, refuse};
use crate::routes::leases::show::find;
use crate::state::AppState;

/// Stores a voucher if it is signed by the lease's voucher signer, above the newest one and within the cap.
#[utoipa::path(post, path = "/v1/vouchers", tag = "vouchers", summary = "Hand in a voucher",
    request_body = Voucher,
    responses((status = 200, body = StoredVoucher),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn create(State(state): State<AppState>, Body(voucher): Body<Voucher>) -> Result<Json<StoredVoucher>> {
    let lease = find(&state, &voucher.lease.get()).await?;
    check_signature(&state, &lease, &voucher).await?;
    check_terms(&lease, &voucher)?;
    let row = convert::voucher_from_wire(&voucher, &lease.voucher_signer, state.now_signed_ms());
    match state.store.put_voucher(row.clone()).await? {
        PutVoucher::Stored => Ok(Json(convert::voucher_to_wire(&row))),
        PutVoucher::Duplicate => not_increasing(voucher.cumulative_amount.get(), "it is the newest one already"),
        PutVoucher::Stale { newest } => {
            not_increasing(newest.cumulative_amount.get(), "the newest one is worth as much or more")
        }
    }
}

fn not_increasing(newest: u64, why: &str) -> Result<Json<StoredVoucher>> {
    refuse(Kind::VoucherNotIncreasing, format!("{why}: sign more than {newest}"))
}

async fn check_signature(state: &AppState, lease: &LeaseRow, voucher: &Voucher) -> Result<()> {
    let message = voucher::message::<Sha2>(&voucher::Voucher {
        program_id: state.program_id,
        cluster_id: state.network().await?.cluster_id,
        lease: lease.lease,
        cumulative_amount: Payment::new(voucher.cumulative_amount.get()),
        cumulative_units: Units::new(voucher.cumulative_units.get()),
    });
    if request::verify_strict(&lease.voucher_signer, &voucher.signature.get(), &message) {
        return Ok(());
    }
    refuse(
        Kind::VoucherSignatureInvalid,
        format!("it must be {}'s over exactly these values", KeyStr(lease.voucher_signer)),
    )
}

/// What the lease allows. Pure.
fn check_terms(lease: &LeaseRow, voucher: &Voucher) -> Result<()> {
    if lease.released || lease.ended {
        return refuse(Kind::LeaseReleased, "nothing can be settled under it any more");
    }
    let amount = Payment::new(voucher.cumulative_amount.get());
    if amount > lease.cap {
        return refuse(Kind::VoucherAboveCap, format!("the cap is {}", lease.cap));
    }
    if amount <= lease.settled {
        return refuse(Kind::VoucherNotIncreasing, format!("{} are settled already: sign more", lease.settled));
    }
    let worth = price::amount_ceil(Units::new(voucher.cumulative_units.get()), lease.unit_price);
    // Units that cost more than 64 bits can say cost more than any cap.
    if worth.is_ok_and(|worth| amount > worth) {
        return refuse(
            Kind::VoucherPriceMismatch,
            format!("{} units cost less than {amount} at {} per million", voucher.cumulative_units, lease.unit_price),
        );
    }
    Ok(())
}
