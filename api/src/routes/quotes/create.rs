//! `POST /v1/quotes`.

use axum::Json;
use axum::extract::State;
use mira_core::amount::{Bps, Stake, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};
use mira_wire::quote::{Quote, QuoteRequest};
use mira_wire::spec::{MAX_LIST, MAX_SHARDS};
use mira_wire::{Kind, Problem, Reply, Time};

use crate::extract::Body;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::{AppState, reply};
use crate::{convert, dispatch, service};

/// What a job would cost now, and who could serve it. Nothing is reserved.
#[utoipa::path(post, path = "/v1/quotes", tag = "quotes", summary = "What a job would cost now",
    request_body = QuoteRequest,
    responses((status = 200, body = Reply<Quote>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn create(State(state): State<AppState>, Body(request): Body<QuoteRequest>) -> Result<Json<Reply<Quote>>> {
    let context = state.context();
    let request = to_dispatch(&request)?;
    let at = Time::from_ms(state.now_signed_ms());
    let quote = state.dispatch.quote(request).await?;
    Ok(reply(context, to_wire(quote, at)))
}

fn label(text: &str) -> Result<Label> {
    Label::parse(text).map_err(|error| ApiProblem::new(Kind::InvalidLabel, format!("{text:?}: {error}")))
}

fn in_range(field: &str, value: usize, max: usize) -> Result<()> {
    if (1..=max).contains(&value) {
        return Ok(());
    }
    refuse(Kind::InvalidBody, format!("{field} must be from 1 to {max}"))
}

fn to_dispatch(request: &QuoteRequest) -> Result<dispatch::QuoteRequest> {
    let tier = Tier::parse(&request.tier)
        .map_err(|error| ApiProblem::new(Kind::UnknownTier, format!("{:?}: {error}", request.tier)))?;
    let unit_kind = UnitKind::parse(&request.unit_kind)
        .map_err(|error| ApiProblem::new(Kind::UnknownUnitKind, format!("{:?}: {error}", request.unit_kind)))?;
    let Some(max_share) = Bps::new(request.max_share_bps).filter(|share| *share != Bps::ZERO) else {
        return refuse(Kind::InvalidBody, "max_share_bps must be from 1 to 10000");
    };
    if request.max_unit_price.is_some_and(|price| price.get() == 0) {
        return refuse(Kind::PriceZero, "leave max_unit_price out for any price");
    }
    in_range("shards", usize::try_from(request.shards).unwrap_or(usize::MAX), MAX_SHARDS)?;
    in_range("max_leases", request.max_leases.into(), u16::MAX.into())?;
    if request.est_units_per_shard.get() == 0 {
        return refuse(Kind::InvalidBody, "est_units_per_shard must be above zero");
    }
    if request.regions.len() > MAX_LIST || request.deny.len() > MAX_LIST {
        return refuse(Kind::InvalidBody, format!("regions and deny may have at most {MAX_LIST} entries"));
    }
    Ok(dispatch::QuoteRequest {
        tier,
        unit_kind,
        resource_class: label(&request.resource_class)?,
        region: Some(label(&request.region)?),
        regions: request.regions.iter().map(|region| label(region)).collect::<Result<_>>()?,
        deny: request.deny.iter().map(|key| key.get()).collect(),
        max_unit_price: request.max_unit_price.map(|price| UnitPrice::new(price.get())),
        max_share,
        max_leases: request.max_leases,
        min_provider_stake: Stake::new(request.min_provider_stake.get()),
        shards: request.shards,
        est_units_per_shard: Units::new(request.est_units_per_shard.get()),
        time_limit_ms: request.time_limit_ms.map(|limit| limit.get()),
        within_ms: request.within_ms.map(|within| within.get()),
        service: to_service(request)?,
    })
}

fn to_service(request: &QuoteRequest) -> Result<mira_dispatch::service::Service> {
    let service = &request.service;
    service.validate().map_err(|error| ApiProblem::new(Kind::InvalidBody, error.to_string()))?;
    // Nobody has uploaded the modules yet, and nothing is sized by them here.
    service::service(service, &vec![0; service.stages.len()])
}

fn to_wire(quote: dispatch::QuoteReply, at: Time) -> Quote {
    let price = |price: Option<UnitPrice>| price.map(|price| price.get().into());
    let promise = convert::promise(&quote.asked, at);
    Quote {
        feasible: quote.asked.reason.is_none(),
        reason: quote.asked.reason,
        candidates: quote.candidates,
        owners: quote.owners,
        owners_needed: quote.owners_needed,
        price_low: price(quote.price_low),
        price_median: price(quote.price_median),
        price_high: price(quote.price_high),
        expected_cost: quote.asked.expected_cost.get().into(),
        recommended_funding: quote.asked.recommended_funding.get().into(),
        rejects: convert::rejects(quote.rejects),
        id: promise.id(),
        promise,
        tiers: quote.tiers.iter().map(convert::tier_quote).collect(),
    }
}
