//! `GET /v1/network`: parameters, supply, demand, fees, and what coordination costs.

use axum::Json;
use axum::extract::State;
use mira_core::amount::Stake;
use mira_dispatch::share::concentration;
use mira_store::Store;
use mira_store::model::{
    JobFilter, JobState, LeaseFilter, MAX_PAGE, Order, PageRequest, ProviderFilter, ProviderRow, ProviderStatus,
};
use mira_wire::network::{Demand, Fees, Network, Supply};
use mira_wire::{Problem, Reply};

use crate::convert;
use crate::problem::{ApiProblem, Result};
use crate::state::{AppState, reply};

/// Sums over all projections, with who holds the supply.
#[utoipa::path(get, path = "/v1/network", tag = "network", summary = "The network as a whole",
    responses((status = 200, body = Reply<Network>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn show(State(state): State<AppState>) -> Result<Json<Reply<Network>>> {
    let context = state.context();
    let row = state.network().await?;
    let supply = supply(&*state.store, row.params.min_stake).await?;
    let demand = demand(&*state.store).await?;
    let fees = fees(&*state.store).await?;
    let overview = state.dispatch.overview().await?;
    let coordination = (&overview, &state.dispatch.latencies());
    let data = convert::network(&row, &state.program_id, &state.dispatcher, (supply, demand, fees), coordination);
    Ok(reply(context, data))
}

/// A page of the largest size after a key.
fn after(key: Option<[u8; 32]>) -> PageRequest {
    PageRequest { order: Order::Key { after: key }, limit: MAX_PAGE }
}

fn overflow() -> ApiProblem {
    ApiProblem::internal("a sum over the projections does not fit 64 bits")
}

fn add(sum: &mut u64, amount: u64) -> Result<()> {
    *sum = sum.checked_add(amount).ok_or_else(overflow)?;
    Ok(())
}

/// Whether a provider may take leases at all.
fn is_active(row: &ProviderRow, min_stake: Stake) -> Result<bool> {
    let own = convert::own_stake(row).map_err(ApiProblem::internal)?;
    Ok(row.status == ProviderStatus::Active && own >= min_stake)
}

async fn supply(store: &dyn Store, min_stake: Stake) -> Result<Supply> {
    let (mut providers, mut active, mut total, mut exposure) = (0u64, 0u64, 0u64, 0u64);
    let (mut stakes, mut last) = (Vec::new(), None);
    loop {
        let page = store.providers(&ProviderFilter::default(), after(last)).await?;
        for row in &page.rows {
            providers += 1;
            active += u64::from(is_active(row, min_stake)?);
            add(&mut total, row.total_stake.get())?;
            add(&mut exposure, row.exposure.get())?;
            stakes.push((row.owner, row.total_stake.get()));
        }
        last = page.rows.last().map(|row| row.provider);
        if !page.more {
            break;
        }
    }
    let concentration = concentration(stakes);
    Ok(Supply {
        providers: providers.into(),
        active_providers: active.into(),
        total_stake: total.into(),
        exposure: exposure.into(),
        herfindahl_e4: concentration.herfindahl_e4,
        owners_for_half: concentration.owners_for_half,
    })
}

async fn demand(store: &dyn Store) -> Result<Demand> {
    let (mut jobs, mut open, mut in_escrow, mut paid, mut last) = (0u64, 0u64, 0u64, 0u64, None);
    loop {
        let page = store.jobs(&JobFilter::default(), after(last)).await?;
        for row in &page.rows {
            jobs += 1;
            open += u64::from(row.status == JobState::Open);
            add(&mut paid, row.paid.get())?;
            let gone = row.paid.get().checked_add(row.refunded.get());
            let held = gone.and_then(|gone| row.funded.get().checked_sub(gone)).ok_or_else(overflow)?;
            add(&mut in_escrow, held)?;
        }
        last = page.rows.last().map(|row| row.job);
        if !page.more {
            break;
        }
    }
    Ok(Demand {
        jobs: jobs.into(),
        open_jobs: open.into(),
        open_leases: open_leases(store).await?.into(),
        in_escrow: in_escrow.into(),
        paid: paid.into(),
    })
}

async fn open_leases(store: &dyn Store) -> Result<u64> {
    let filter = LeaseFilter { released: Some(false), ..LeaseFilter::default() };
    let (mut count, mut last) = (0u64, None);
    loop {
        let page = store.leases(&filter, after(last)).await?;
        count += u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
        last = page.rows.last().map(|row| row.lease);
        if !page.more {
            return Ok(count);
        }
    }
}

async fn fees(store: &dyn Store) -> Result<Fees> {
    let (mut collected, mut swept) = (0u64, 0u64);
    for shard in store.fee_shards().await? {
        add(&mut collected, shard.collected.get())?;
        add(&mut swept, shard.swept.get())?;
    }
    Ok(Fees { collected: collected.into(), swept: swept.into() })
}
