//! Which module and which input a shard of a pipeline has. Of `n` inputs, shard `k × n + i` is stage `k` over
//! input `i`; its input is the output of the same place one stage before.

use std::ops::Range;

use mira_wire::{HashHex, job::Shard, spec::JobSpec};

/// Shards of one stage.
fn width(spec: &JobSpec) -> usize {
    spec.shards.len()
}

/// How many stages there are.
pub(crate) fn count(spec: &JobSpec) -> usize {
    spec.service.stages.len().saturating_add(1)
}

/// The modules, one a stage.
pub(crate) fn modules(spec: &JobSpec) -> Vec<HashHex> {
    [spec.module].into_iter().chain(spec.service.stages.iter().map(|stage| stage.module)).collect()
}

/// Which stage a shard is of, if the job has such a shard.
pub(crate) fn stage(spec: &JobSpec, shard: u32) -> Option<usize> {
    let stage = usize::try_from(shard).ok()?.checked_div(width(spec))?;
    (stage < count(spec)).then_some(stage)
}

/// A shard's input, if it exists: `shards` are all of the job's, in order.
pub(crate) fn input(spec: &JobSpec, shards: &[Shard], shard: u32) -> Option<HashHex> {
    let index = usize::try_from(shard).ok()?;
    match index.checked_sub(width(spec)) {
        None => spec.shards.get(index).map(|input| input.input),
        Some(source) => shards.get(source).filter(|row| usize::try_from(row.shard) == Ok(source))?.output,
    }
}

/// The shards whose outputs are the job's result: those of the last stage.
pub fn result_shards(spec: &JobSpec) -> Range<u32> {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let first = width(spec).saturating_mul(count(spec).saturating_sub(1));
    number(first)..number(first.saturating_add(width(spec)))
}

#[cfg(test)]
mod tests {
    use mira_wire::{
        U64Str,
        service::{Service, Stage},
        spec::{ShardInput, VERSION},
    };

    use super::*;

    fn spec(inputs: u8, stages: u8) -> JobSpec {
        let stage = |stage| Stage { module: HashHex([100 + stage; 32]) };
        JobSpec {
            version: VERSION,
            tier: "pipeline".to_owned(),
            resource_class: "cpu".to_owned(),
            region: "eu-west".to_owned(),
            module: HashHex([100; 32]),
            shards: (0..inputs).map(|input| ShardInput { input: HashHex([input; 32]), bytes: U64Str(1) }).collect(),
            fuel_limit: U64Str(1),
            memory_limit_bytes: U64Str(1),
            time_limit_ms: U64Str(1),
            est_units_per_shard: U64Str(1),
            regions: Vec::new(),
            deny: Vec::new(),
            service: Service { stages: (1..=stages).map(stage).collect(), ..Service::default() },
        }
    }

    fn row(shard: u32, output: Option<HashHex>) -> Shard {
        Shard {
            shard,
            state: String::new(),
            attempts: 0,
            lease: None,
            provider: None,
            output,
            units: None,
            error: None,
        }
    }

    #[test]
    fn every_shard_has_its_module_and_its_input() {
        let spec = spec(3, 2);
        let out = |shard: u32| HashHex([200 + u8::try_from(shard).expect("few"); 32]);
        let rows: Vec<Shard> = (0..9).map(|shard| row(shard, (shard != 4).then(|| out(shard)))).collect();
        assert_eq!(modules(&spec), [100, 101, 102].map(|byte| HashHex([byte; 32])));
        assert_eq!([0, 2, 3, 8, 9].map(|shard| stage(&spec, shard)), [Some(0), Some(0), Some(1), Some(2), None]);
        assert_eq!(input(&spec, &rows, 2), Some(HashHex([2; 32])));
        assert_eq!((input(&spec, &rows, 3), input(&spec, &rows, 8)), (Some(out(0)), Some(out(5))));
        assert_eq!(input(&spec, &rows, 7), None, "the stage before has not ended");
        assert_eq!((result_shards(&spec), result_shards(&self::spec(3, 0))), (6..9, 0..3));
    }

    #[test]
    fn a_job_without_shards_has_none() {
        assert_eq!((stage(&spec(0, 0), 0), input(&spec(0, 0), &[], 0)), (None, None));
    }
}
