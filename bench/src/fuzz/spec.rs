//! Job specifications: bytes that whoever pays has written.
//!
//! What holds: what is taken is within every limit, and written and read again it is the same; everything else is
//! refused with a reason. A version that is not known is named.

use super::draw::Draw;
use mira_core::label::Label;
use mira_core::tier::Tier;
use mira_wire::U64Str;
use mira_wire::service::{Needs, Service, Stage};
use mira_wire::spec::{JobSpec, MAX_LIST, MAX_MEMORY_BYTES, MAX_TIME_MS, ShardInput, SpecError, VERSION};

/// What enough inputs meet.
pub const CLASSES: [&str; 4] = ["taken", "not a specification", "unknown version", "against a rule"];

const TIERS: [&str; 5] = ["interactive", "batch", "training", "pipeline", "Batch"];
const LABELS: [&str; 5] = ["eu-west", "a", "cpu-small", "", "UPPER"];

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    let spec = spec(draw);
    match draw.below(3) {
        0 => {
            let valid = spec.validate();
            let bytes = serde_json::to_vec(&spec).expect("it is made of texts and numbers");
            assert_eq!(spec.to_bytes().map(|_| ()), valid);
            assert_eq!(JobSpec::parse(&bytes), valid.map(|()| spec));
            read(&bytes)
        }
        1 => {
            let mut bytes = serde_json::to_vec(&spec).expect("it is made of texts and numbers");
            draw.mutate(&mut bytes);
            read(&bytes)
        }
        _ => read(&draw.bytes(400)),
    }
}

fn read(bytes: &[u8]) -> &'static str {
    match JobSpec::parse(bytes) {
        Ok(spec) => {
            bounded(&spec);
            let again = spec.to_bytes().expect("it is valid");
            assert_eq!(JobSpec::parse(&again).as_ref(), Ok(&spec));
            "taken"
        }
        Err(SpecError::Version(version)) => {
            assert_ne!(version, VERSION);
            "unknown version"
        }
        Err(SpecError::Shape(reason)) => {
            assert!(!reason.is_empty());
            "not a specification"
        }
        Err(_) => "against a rule",
    }
}

/// The limits, written down a second time.
fn bounded(spec: &JobSpec) {
    assert!(spec.version == VERSION && Tier::parse(&spec.tier).is_ok());
    let labels = [&spec.resource_class, &spec.region].into_iter().chain(&spec.regions);
    assert!(labels.into_iter().all(|label| Label::parse(label).is_ok() && label.len() <= 16));
    assert!(spec.regions.len() <= MAX_LIST && spec.deny.len() <= MAX_LIST);
    let (service, shards) = (&spec.service, spec.shards.len());
    assert!((spec.tier == "interactive" || shards > 0) && spec.shards.iter().all(|shard| shard.bytes.get() > 0));
    assert_eq!(spec.tier == "pipeline", !service.stages.is_empty());
    assert_eq!(spec.tier == "training", service.gang.is_some_and(|gang| usize::from(gang) <= shards));
    assert!(service.target_ms.is_none() || spec.tier == "interactive");
    assert!(!service.preemptible || spec.tier == "batch");
    assert!((1..=MAX_MEMORY_BYTES).contains(&spec.memory_limit_bytes.get()));
    assert!((1..=MAX_TIME_MS).contains(&spec.time_limit_ms.get()));
    assert!(spec.fuel_limit.get() > 0 && spec.est_units_per_shard.get() > 0);
}

/// A specification, mostly valid.
fn spec(draw: &mut Draw<'_>) -> JobSpec {
    let label = |draw: &mut Draw<'_>| {
        let end = if draw.once_in(8) { LABELS.len() } else { 3 };
        (*draw.pick(&LABELS[..end])).to_owned()
    };
    let number = |draw: &mut Draw<'_>, most: u64| {
        let any = draw.any::<u64>();
        U64Str(if draw.once_in(16) { any } else { any % most + 1 })
    };
    let shard = |draw: &mut Draw<'_>| ShardInput { input: draw.any::<[u8; 32]>().into(), bytes: number(draw, 1 << 20) };
    let tiers = if draw.once_in(8) { TIERS.len() } else { 4 };
    let shards = (0..draw.below(4) + usize::from(!draw.once_in(8))).map(|_| shard(draw)).collect();
    let tier = TIERS[draw.below(tiers)];
    JobSpec {
        version: if draw.once_in(8) { draw.any() } else { VERSION },
        tier: tier.to_owned(),
        resource_class: label(draw),
        region: label(draw),
        module: draw.any::<[u8; 32]>().into(),
        shards,
        fuel_limit: number(draw, u64::MAX - 1),
        memory_limit_bytes: number(draw, MAX_MEMORY_BYTES),
        time_limit_ms: number(draw, MAX_TIME_MS),
        est_units_per_shard: number(draw, u64::MAX - 1),
        regions: (0..draw.below(3)).map(|_| label(draw)).collect(),
        deny: (0..draw.below(3)).map(|_| draw.any::<[u8; 32]>().into()).collect(),
        service: service(draw, tier),
    }
}

/// What is asked of a tier, mostly nothing, mostly within the rules.
fn service(draw: &mut Draw<'_>, tier: &str) -> Service {
    let needs = |draw: &mut Draw<'_>| Needs {
        cpu_milli: draw.any(),
        memory_mib: draw.any(),
        gpus: u16::try_from(draw.below(4)).unwrap_or(0),
        gpu_milli: if draw.once_in(8) { draw.any() } else { 1_000 },
        models: (0..draw.below(3)).map(|_| LABELS[draw.below(LABELS.len())].to_owned()).collect(),
    };
    // Mostly what belongs to the tier, and sometimes what does not.
    let mut asks = |of: &str, often: usize| if of == tier { draw.once_in(often) } else { draw.once_in(32) };
    let (target, gang, preemptible) = (asks("interactive", 2), asks("training", 1), asks("batch", 2));
    let stages = if asks("pipeline", 1) { draw.below(3) + 1 } else { 0 };
    Service {
        target_ms: target.then(|| draw.any()),
        gang: gang.then(|| draw.any::<u16>() % 6),
        preemptible,
        stages: (0..stages).map(|_| Stage { module: draw.any::<[u8; 32]>().into() }).collect(),
        needs: draw.once_in(4).then(|| needs(draw)),
    }
}
