//! `POST /v1/node/offers`: what a provider offers to this dispatcher, until it says otherwise.

use axum::Json;
use axum::extract::State;
use mira_core::amount::UnitPrice;
use mira_core::label::Label;
use mira_core::tier::UnitKind;
use mira_store::model::{ProviderRow, ProviderStatus};
use mira_wire::node::{MAX_CACHED, MAX_SLOTS, Offer, OfferAck};
use mira_wire::{Kind, Problem};

use crate::auth::{SignedBody, require_operator};
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;
use crate::{convert, dispatch, service};

/// Replaces the provider's standing offer.
#[utoipa::path(post, path = "/v1/node/offers", tag = "node", summary = "Offer capacity (signed)",
    request_body = Offer,
    responses((status = 200, body = OfferAck),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn offers(State(state): State<AppState>, signed: SignedBody<Offer>) -> Result<Json<OfferAck>> {
    let offer = signed.body;
    let checked = to_dispatch(&offer)?;
    let provider = require_operator(&state, &offer.provider.get(), &signed.key).await?;
    check_provider(&state, &provider).await?;
    state.dispatch.offer(checked).await?;
    Ok(Json(OfferAck { provider: offer.provider, heartbeat_ms: state.heartbeat_ms }))
}

fn to_dispatch(offer: &Offer) -> Result<dispatch::Offer> {
    let label = |text: &str| {
        Label::parse(text).map_err(|error| ApiProblem::new(Kind::InvalidLabel, format!("{text:?}: {error}")))
    };
    let unit_kind = UnitKind::parse(&offer.unit_kind)
        .map_err(|error| ApiProblem::new(Kind::UnknownUnitKind, format!("{:?}: {error}", offer.unit_kind)))?;
    if offer.unit_price.get() == 0 {
        return refuse(Kind::PriceZero, "ask at least 1 per million units");
    }
    if !(1..=MAX_SLOTS).contains(&offer.slots) {
        return refuse(Kind::InvalidBody, format!("slots must be from 1 to {MAX_SLOTS}"));
    }
    if offer.cached.len() > MAX_CACHED {
        return refuse(Kind::InvalidBody, format!("cached may have at most {MAX_CACHED} hashes"));
    }
    Ok(dispatch::Offer {
        provider: offer.provider.get(),
        region: label(&offer.region)?,
        resource_class: label(&offer.resource_class)?,
        unit_kind,
        unit_price: UnitPrice::new(offer.unit_price.get()),
        slots: offer.slots,
        cached: offer.cached.iter().map(|hash| hash.get()).collect(),
        machine: offer.machine.as_ref().map(service::machine).transpose()?,
    })
}

/// Whether the program would let it open a lease at all.
async fn check_provider(state: &AppState, provider: &ProviderRow) -> Result<()> {
    if provider.status != ProviderStatus::Active {
        return refuse(Kind::ProviderNotActive, format!("it is {}", provider.status.as_str()));
    }
    let own = convert::own_stake(provider).map_err(ApiProblem::internal)?;
    let least = state.network().await?.params.min_stake;
    if own < least {
        return refuse(
            Kind::StakeTooLow,
            format!("the owner's own active stake is {own}, at least {least} is needed: stake more"),
        );
    }
    Ok(())
}
