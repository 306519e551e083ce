//! `POST /v1/jobs/{job}/place`: hands a job to the dispatcher.
//!
//! Anyone may ask: the dispatcher acts only on a job that names it, within what the job on chain
//! allows. Everything that the specification refers to is checked here first, so that no provider is
//! given work that cannot run.

use axum::Json;
use axum::extract::State;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use mira_core::Hash;
use mira_core::amount::Units;
use mira_core::label::Label;
use mira_core::tier::Tier;
use mira_dispatch::quoted::Quoted;
use mira_store::model::{JobRow, JobState};
use mira_wire::job::{PlaceRequest, Placed, ProposedLease};
use mira_wire::quote::Promise;
use mira_wire::spec::{JobSpec, MAX_SPEC_BYTES, ShardInput, SpecError, WASM_MAGIC};
use mira_wire::{HashHex, KeyStr, Kind, Problem, Reply, Time};

use super::show::find;
use crate::extract::{Address, Body};
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::{AppState, reply};
use crate::{convert, dispatch, service};

/// How many inputs are looked for at a time.
const LOOKUPS: usize = 32;

/// Places a job. Asking again for a job that was placed answers the same.
#[utoipa::path(post, path = "/v1/jobs/{job}/place", tag = "jobs", summary = "Place a job",
    params(("job" = KeyStr, Path, description = "The job's account")), request_body = PlaceRequest,
    responses((status = 200, body = Reply<Placed>),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn place(
    State(state): State<AppState>,
    Address(key): Address,
    Body(request): Body<PlaceRequest>,
) -> Result<Json<Reply<Placed>>> {
    let context = state.context();
    let job = find(&state, &key).await?;
    check_job(&state, &job)?;
    let spec = load_spec(&state, &job).await?;
    let module_bytes = check_module(&state, &spec.module.get()).await?;
    let mut stage_bytes = Vec::new();
    for stage in &spec.service.stages {
        stage_bytes.push(check_module(&state, &stage.module.get()).await?);
    }
    check_inputs(&state, &spec).await?;
    let service = service::service(&spec.service, &stage_bytes)?;
    let quoted = request.promise.as_ref().map(|promise| quoted(&job, promise)).transpose()?;
    let request = dispatch::Place { job: key, spec: to_dispatch(&job, &spec, module_bytes, service)?, quoted };
    let placement = state.dispatch.place(request).await?;
    Ok(reply(context, to_wire(&key, placement)))
}

/// What a requester names of a quote. It is not signed, and nothing rests on it but the difference that is shown.
fn quoted(job: &JobRow, promise: &Promise) -> Result<Quoted> {
    if promise.tier != job.tier.as_str() {
        let (quoted, tier) = (&promise.tier, job.tier.as_str());
        return refuse(Kind::SpecMismatch, format!("the quote is of tier {quoted:?}, the job of {tier:?}"));
    }
    Ok(convert::quoted(job.job, promise))
}

/// What the chain says of the job.
fn check_job(state: &AppState, job: &JobRow) -> Result<()> {
    if job.status != JobState::Open {
        return refuse(Kind::JobNotOpen, format!("it is {}", job.status.as_str()));
    }
    let deadline = Time::from_secs(job.deadline);
    if state.now_signed_ms() >= deadline.ms() {
        return refuse(Kind::DeadlinePassed, format!("it was {deadline}: close the job and create another"));
    }
    if job.dispatcher != Some(state.dispatcher) {
        let names = job.dispatcher.map_or_else(|| "none".to_owned(), |key| KeyStr(key).to_string());
        return refuse(
            Kind::WrongDispatcher,
            format!("it names {names}, this one is {}: create the job with it", KeyStr(state.dispatcher)),
        );
    }
    if job.funded.is_zero() {
        return refuse(Kind::EscrowInsufficient, "nothing was funded yet: fund the job, and wait for finality");
    }
    Ok(())
}

/// The specification behind the job's `spec_hash`, checked alone and against the job.
async fn load_spec(state: &AppState, job: &JobRow) -> Result<JobSpec> {
    let name = HashHex(job.spec_hash);
    let Some(length) = state.blobs.len(&job.spec_hash).await? else {
        return refuse(Kind::SpecMissing, format!("PUT /v1/blobs/{name} first"));
    };
    if usize::try_from(length).map_or(true, |length| length > MAX_SPEC_BYTES) {
        return refuse(Kind::SpecInvalid, format!("it has {length} bytes, at most {MAX_SPEC_BYTES} are allowed"));
    }
    let Some(bytes) = state.blobs.get(&job.spec_hash).await? else {
        return refuse(Kind::SpecMissing, format!("PUT /v1/blobs/{name} first"));
    };
    let spec = JobSpec::parse(&bytes).map_err(|error| {
        let kind = if matches!(error, SpecError::Tier(_)) { Kind::UnknownTier } else { Kind::SpecInvalid };
        ApiProblem::new(kind, error.to_string())
    })?;
    if spec.tier != job.tier.as_str() {
        return refuse(
            Kind::SpecMismatch,
            format!("the specification says {:?}, the job on chain {:?}", spec.tier, job.tier.as_str()),
        );
    }
    Ok(spec)
}

/// The module's length, if it is there and starts as WebAssembly does. Whether it is valid to its end
/// is known when a node compiles it.
async fn check_module(state: &AppState, module: &Hash) -> Result<u64> {
    let name = HashHex(*module);
    let magic = u64::try_from(WASM_MAGIC.len()).unwrap_or(u64::MAX);
    let Some(head) = state.blobs.head(module, magic).await? else {
        return refuse(Kind::ModuleMissing, format!("PUT /v1/blobs/{name} first"));
    };
    if *head != WASM_MAGIC {
        return refuse(Kind::ModuleMalformed, format!("{name} does not start as a WebAssembly module of version 1"));
    }
    state.blobs.len(module).await?.ok_or_else(|| ApiProblem::internal("a blob vanished"))
}

/// Every input is there and as long as the specification says.
async fn check_inputs(state: &AppState, spec: &JobSpec) -> Result<()> {
    let shards: Vec<_> = spec.shards.iter().copied().enumerate().collect();
    stream::iter(shards)
        .map(|(index, shard)| check_input(state, index, shard))
        .buffer_unordered(LOOKUPS)
        .try_collect()
        .await
}

async fn check_input(state: &AppState, index: usize, shard: ShardInput) -> Result<()> {
    let name = shard.input;
    match state.blobs.len(&name.get()).await? {
        None => refuse(Kind::InputMissing, format!("shard {index}: PUT /v1/blobs/{name} first")),
        Some(length) if length != shard.bytes.get() => refuse(
            Kind::SpecMismatch,
            format!("shard {index}: the specification says {} bytes, the blob has {length}", shard.bytes),
        ),
        Some(_) => Ok(()),
    }
}

fn label(text: &str) -> Result<Label> {
    Label::parse(text).map_err(|error| ApiProblem::new(Kind::SpecInvalid, format!("{text:?}: {error}")))
}

fn to_dispatch(
    job: &JobRow,
    spec: &JobSpec,
    module_bytes: u64,
    service: mira_dispatch::service::Service,
) -> Result<dispatch::Spec> {
    let shard = |shard: &ShardInput| dispatch::SpecShard { input: shard.input.get(), bytes: shard.bytes.get() };
    Ok(dispatch::Spec {
        tier: Tier::parse(&spec.tier).map_err(|error| ApiProblem::new(Kind::UnknownTier, error.to_string()))?,
        resource_class: label(&spec.resource_class)?,
        unit_kind: job.unit_kind,
        region: Some(label(&spec.region)?),
        regions: spec.regions.iter().map(|region| label(region)).collect::<Result<_>>()?,
        deny: spec.deny.iter().map(|key| key.get()).collect(),
        module: spec.module.get(),
        module_bytes,
        shards: spec.shards.iter().map(shard).collect(),
        est_units_per_shard: Units::new(spec.est_units_per_shard.get()),
        fuel_limit: Units::new(spec.fuel_limit.get()),
        memory_limit_bytes: spec.memory_limit_bytes.get(),
        time_limit_ms: spec.time_limit_ms.get(),
        service,
    })
}

fn to_wire(job: &[u8; 32], placement: dispatch::Placement) -> Placed {
    let proposed = |proposal: dispatch::Proposed| ProposedLease {
        id: proposal.id.into(),
        provider: KeyStr(proposal.provider),
        unit_price: proposal.unit_price.get().into(),
        cap: proposal.cap.get().into(),
    };
    Placed {
        job: KeyStr(*job),
        shards: placement.shards,
        proposals: placement.proposals.into_iter().map(proposed).collect(),
        decisions: placement.decisions.into_iter().map(HashHex).collect(),
    }
}
