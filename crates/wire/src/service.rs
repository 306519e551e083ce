//! What a job asks of its tier, and what a machine has.

use mira_core::label::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::HashHex;
use crate::spec::SpecError;

/// The most members of a gang.
pub const MAX_GANG: u16 = 256;
/// The most stages after the first.
pub const MAX_STAGES: usize = 16;
/// The most GPU models that a job may name.
pub const MAX_MODELS: usize = 16;
/// One GPU, in thousandths.
pub const GPU_MILLI: u16 = 1_000;

/// What a job asks of its tier beyond the common terms. Leave out what you do not ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Interactive: the 95th percentile of the time to first token that it wants, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ms: Option<u32>,
    /// Training: how many members start together or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gang: Option<u16>,
    /// Batch: whether its shards may be stopped, and run again, to make room for a gang.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub preemptible: bool,
    /// Pipeline: the stages after the first. Each runs once over every output of the stage before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// What one slot of it needs of a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
}

/// A later stage of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The WebAssembly module (wasm32-wasip1 command): it reads one output of the stage before.
    pub module: HashHex,
}

/// What one slot needs of a machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Needs {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    /// Memory, MiB.
    pub memory_mib: u32,
    /// Whole GPUs, or 1 of which `gpu_milli` is needed.
    pub gpus: u16,
    /// Thousandths of each GPU: 1000 unless `gpus` is 1.
    pub gpu_milli: u16,
    /// GPU models that will do, labels; empty for any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
}

/// What a machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    /// Memory, MiB.
    pub memory_mib: u32,
    /// GPUs.
    #[serde(default)]
    pub gpus: u16,
    /// Their model, a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl Service {
    /// Whether nothing is asked for.
    pub fn is_default(&self) -> bool {
        *self == Service::default()
    }

    /// Checks everything that needs no other source.
    ///
    /// # Errors
    /// `SpecError::Service`.
    pub fn validate(&self) -> Result<(), SpecError> {
        let rule = |ok: bool, text: &str| if ok { Ok(()) } else { Err(SpecError::Service(text.to_owned())) };
        rule(self.target_ms != Some(0), "target_ms must be at least 1")?;
        rule(self.gang.is_none_or(|gang| (1..=MAX_GANG).contains(&gang)), "gang must be from 1 to 256")?;
        rule(self.stages.len() <= MAX_STAGES, "a pipeline has at most 16 stages after the first")?;
        self.needs.as_ref().map_or(Ok(()), Needs::validate)
    }
}

impl Needs {
    fn validate(&self) -> Result<(), SpecError> {
        let whole = self.gpu_milli == GPU_MILLI;
        let fits = match self.gpus {
            0 => self.gpu_milli == 0 && self.models.is_empty(),
            1 => (1..=GPU_MILLI).contains(&self.gpu_milli),
            _ => whole,
        };
        if !fits {
            let text = "gpu_milli must be 1000 for several GPUs, from 1 to 1000 for one, and 0 without any, and models need a GPU";
            return Err(SpecError::Service(text.to_owned()));
        }
        if self.models.len() > MAX_MODELS {
            return Err(SpecError::TooLong { field: "service.needs.models" });
        }
        let bad = self.models.iter().find(|model| Label::parse(model).is_err());
        bad.map_or(Ok(()), |model| Err(SpecError::Label { field: "service.needs.models", value: model.clone() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: &Service) -> bool {
        service.validate().is_ok()
    }

    #[test]
    fn each_rule_holds() {
        let needs = |gpus, gpu_milli| Service {
            needs: Some(Needs { gpus, gpu_milli, ..Needs::default() }),
            ..Service::default()
        };
        assert!(check(&Service::default()));
        assert!(!check(&Service { target_ms: Some(0), ..Service::default() }));
        assert!(!check(&Service { gang: Some(0), ..Service::default() }));
        assert!(!check(&Service { gang: Some(MAX_GANG + 1), ..Service::default() }));
        assert!(check(&Service { gang: Some(MAX_GANG), ..Service::default() }));
        let stage = Stage { module: HashHex([1; 32]) };
        assert!(!check(&Service { stages: vec![stage; MAX_STAGES + 1], ..Service::default() }));
        assert!([(0, 0), (1, 1), (1, 1_000), (8, 1_000)].into_iter().all(|(gpus, milli)| check(&needs(gpus, milli))));
        assert!([(0, 1), (1, 0), (1, 1_001), (2, 500)].into_iter().all(|(gpus, milli)| !check(&needs(gpus, milli))));
    }

    #[test]
    fn nothing_asked_for_is_not_written() {
        assert_eq!(serde_json::to_string(&Service::default()).expect("json"), "{}");
        assert_eq!(serde_json::from_str::<Service>("{}").expect("reads"), Service::default());
    }
}
