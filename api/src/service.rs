//! What a job asks of its tier and what a machine has, from their wire forms to the dispatcher's.

use mira_core::label::Label;
use mira_dispatch::service as engine;
use mira_wire::{Kind, service as wire};

use crate::problem::{ApiProblem, Result};

/// A job's service. `stage_bytes` are the sizes of the stages' modules, in order.
///
/// # Errors
/// `SpecInvalid`.
pub fn service(service: &wire::Service, stage_bytes: &[u64]) -> Result<engine::Service> {
    let stages = service.stages.iter().zip(stage_bytes);
    Ok(engine::Service {
        target_ms: service.target_ms,
        gang: service.gang.unwrap_or(0),
        preemptible: service.preemptible,
        stages: stages.map(|(stage, bytes)| engine::Stage { module: stage.module.get(), bytes: *bytes }).collect(),
        needs: service.needs.as_ref().map(needs).transpose()?.unwrap_or_default(),
    })
}

/// What one slot needs.
///
/// # Errors
/// `SpecInvalid`.
pub fn needs(needs: &wire::Needs) -> Result<engine::Needs> {
    Ok(engine::Needs {
        cpu_milli: needs.cpu_milli,
        memory_mib: needs.memory_mib,
        gpus: needs.gpus,
        gpu_milli: needs.gpu_milli,
        models: needs.models.iter().map(|name| model(name, Kind::SpecInvalid)).collect::<Result<_>>()?,
    })
}

/// What a machine has.
///
/// # Errors
/// `InvalidLabel`.
pub fn machine(machine: &wire::Machine) -> Result<engine::Machine> {
    Ok(engine::Machine {
        cpu_milli: machine.cpu_milli,
        memory_mib: machine.memory_mib,
        gpus: machine.gpus,
        model: machine.model.as_deref().map(|name| model(name, Kind::InvalidLabel)).transpose()?,
    })
}

fn model(name: &str, kind: Kind) -> Result<engine::Model> {
    Label::parse(name).map(engine::Model).map_err(|error| ApiProblem::new(kind, format!("{name:?}: {error}")))
}
