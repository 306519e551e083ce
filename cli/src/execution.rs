//! Running shards here: to estimate a job before it is paid for, and to judge results.

use std::sync::Arc;

use bytes::Bytes;
use mira_core::hash::{Sha2, Sha256};
use mira_node::executor::{Executor, Task, WasmExecutor};
use mira_requester::{Claim, Submission};
use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// The module that is used when none is named: token frequencies and a hashed embedding.
const BUNDLED: &[u8] = include_bytes!("../../modules/token-index/artifacts/token_index.wasm");
/// The longest output that is accepted here.
const OUTPUT_LIMIT_BYTES: usize = 64 << 20;
/// What a shard may use beyond the estimate, as a divisor: a tenth, for shards unlike the measured one.
const MARGIN: u64 = 10;

/// The bundled module.
pub fn bundled_module() -> Bytes {
    Bytes::from_static(BUNDLED)
}

/// An executor.
pub fn executor() -> Result<Arc<dyn Executor>, Error> {
    let executor = WasmExecutor::new().map_err(|error| Error::failed("starting the executor", error))?;
    Ok(executor)
}

/// Cuts an input at token boundaries.
pub fn cut(input: &Bytes, shards: usize) -> Result<Vec<Bytes>, Error> {
    let ranges = token_index::split(input, shards).map_err(|error| {
        Error::invalid(error.to_string(), "give a file with something in it and at least one shard")
    })?;
    Ok(ranges.into_iter().map(|range| input.slice(range)).collect())
}

/// A batch job over the shards, or one with further stages, with the largest shard measured here through all
/// stages for the estimate.
pub async fn submission(
    executor: Arc<dyn Executor>,
    module: Bytes,
    stages: Vec<Bytes>,
    shards: Vec<Bytes>,
) -> Result<Submission, Error> {
    let submission = Submission { stages, ..Submission::batch(module, shards) };
    // Executors block their thread, and must not do that to one that drives other tasks.
    let measured = tokio::task::spawn_blocking(move || measure(&*executor, submission)).await;
    measured.map_err(|error| Error::failed("measuring a shard", error))?
}

fn measure(executor: &dyn Executor, mut submission: Submission) -> Result<Submission, Error> {
    let Some(largest) = submission.shards.iter().max_by_key(|shard| shard.len()).cloned() else {
        return Err(Error::invalid("there is nothing to do", "give an input"));
    };
    let (mut input, mut units) = (largest, 0);
    for module in [&submission.module].into_iter().chain(&submission.stages) {
        executor.check(module).map_err(|error| {
            Error::invalid(
                error.to_string(),
                "build the module for wasm32-wasip1; it reads standard input and writes standard output",
            )
        })?;
        let (fuel, memory) = (submission.fuel_limit, submission.memory_limit_bytes);
        let task = task(module, &input, fuel, memory, submission.time_limit_ms);
        let measured = executor.run(&task, &CancellationToken::new()).map_err(|error| {
            Error::invalid(
                format!("the module fails on a shard of this input: {error}"),
                "try the module on the input first",
            )
        })?;
        // A shard of any stage has to fit.
        units = measured.units.max(units);
        input = measured.bytes;
    }
    submission.est_units_per_shard = units.saturating_add(units / MARGIN);
    submission.fuel_limit = submission.est_units_per_shard.saturating_mul(2);
    Ok(submission)
}

/// Runs a claimed shard again.
pub fn again(executor: Arc<dyn Executor>) -> impl Fn(&Claim<'_>) -> Result<(Bytes, u64), String> + Send + Sync {
    move |claim| {
        let spec = claim.spec;
        let task = task(
            claim.module,
            claim.input,
            spec.fuel_limit.get(),
            spec.memory_limit_bytes.get(),
            spec.time_limit_ms.get(),
        );
        let output = executor.run(&task, &CancellationToken::new()).map_err(|error| error.to_string())?;
        Ok((output.bytes, output.units))
    }
}

fn task(module: &Bytes, input: &Bytes, units_limit: u64, memory_limit_bytes: u64, time_limit_ms: u64) -> Task {
    Task {
        module_hash: Sha2::hashv(&[module]),
        module: module.clone(),
        input: input.clone(),
        units_limit,
        memory_limit_bytes,
        time_limit_ms,
        output_limit_bytes: OUTPUT_LIMIT_BYTES,
    }
}
