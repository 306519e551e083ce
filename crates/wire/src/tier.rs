//! Tiers: which one follows from what a requester states, and what each lets a specification ask for.

use mira_core::tier::Tier;

use crate::service::Service;
use crate::spec::{MAX_SHARDS, SpecError};

/// Whoever waits less long than this waits for each answer: until a lease is open on a public chain, half a minute
/// has passed, so that work which is placed anew for each request could not answer.
pub const INTERACTIVE_BELOW_MS: u64 = 30_000;

/// The tier that follows from the stated latency tolerance and shape of the work. A requester may choose another:
/// its quote says what each would cost.
///
/// Stages make a pipeline and a gang makes training, whatever the tolerance: no other tier serves them. An answer
/// within [`INTERACTIVE_BELOW_MS`] is interactive; everything else, and whoever states nothing, is batch.
pub fn suggest(within_ms: Option<u64>, service: &Service) -> Tier {
    if !service.stages.is_empty() {
        Tier::Pipeline
    } else if service.gang.is_some() {
        Tier::Training
    } else if within_ms.is_some_and(|within_ms| within_ms < INTERACTIVE_BELOW_MS) || service.target_ms.is_some() {
        Tier::Interactive
    } else {
        Tier::Batch
    }
}

/// Whether a specification of so many shards may ask this of a tier.
///
/// # Errors
/// `SpecError::NoShards`, `SpecError::Service` with the rule that is broken.
pub fn check(tier: Tier, service: &Service, shards: usize) -> Result<(), SpecError> {
    let rule = |ok: bool, text: &str| if ok { Ok(()) } else { Err(SpecError::Service(text.to_owned())) };
    // Interactive work comes as requests, after the job is placed.
    if shards == 0 && tier != Tier::Interactive {
        return Err(SpecError::NoShards);
    }
    rule(service.target_ms.is_none() || tier == Tier::Interactive, "target_ms is for the interactive tier")?;
    rule(!service.preemptible || tier == Tier::Batch, "preemptible is for the batch tier")?;
    rule(service.gang.is_none() || tier == Tier::Training, "gang is for the training tier")?;
    rule(service.stages.is_empty() || tier == Tier::Pipeline, "stages are for the pipeline tier")?;
    match tier {
        Tier::Interactive | Tier::Batch => Ok(()),
        Tier::Training => {
            let Some(gang) = service.gang else {
                return rule(false, "training states a gang: how many start together");
            };
            rule(usize::from(gang) <= shards, "gang is larger than the number of shards: each member needs one")
        }
        Tier::Pipeline => {
            let stages = service.stages.len();
            rule(stages > 0, "a pipeline has at least one stage after the first: name one, or use batch")?;
            let all = shards.saturating_mul(stages.saturating_add(1));
            rule(all <= MAX_SHARDS, "a pipeline has at most 100000 shards over all its stages: use larger shards")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HashHex;
    use crate::service::Stage;

    fn staged(count: usize) -> Service {
        Service { stages: vec![Stage { module: HashHex([1; 32]) }; count], ..Service::default() }
    }

    fn gang(gang: u16) -> Service {
        Service { gang: Some(gang), ..Service::default() }
    }

    #[test]
    fn the_tier_follows_from_what_is_stated() {
        let (plain, target) = (Service::default(), Service { target_ms: Some(300), ..Service::default() });
        assert_eq!(suggest(None, &plain), Tier::Batch);
        assert_eq!(suggest(Some(2_000), &plain), Tier::Interactive);
        assert_eq!(suggest(Some(INTERACTIVE_BELOW_MS - 1), &plain), Tier::Interactive);
        assert_eq!(suggest(Some(INTERACTIVE_BELOW_MS), &plain), Tier::Batch);
        assert_eq!(suggest(None, &target), Tier::Interactive);
        assert_eq!(suggest(Some(2_000), &gang(4)), Tier::Training);
        assert_eq!(suggest(Some(2_000), &staged(1)), Tier::Pipeline);
    }

    #[test]
    fn each_rule_has_its_own_error() {
        let error = |tier, service: Service, shards| check(tier, &service, shards).expect_err("refused").to_string();
        let target = || Service { target_ms: Some(300), ..Service::default() };
        let preemptible = || Service { preemptible: true, ..Service::default() };
        assert_eq!(check(Tier::Batch, &Service::default(), 0), Err(SpecError::NoShards));
        assert!(error(Tier::Batch, target(), 1).ends_with("target_ms is for the interactive tier"));
        assert!(error(Tier::Training, preemptible(), 1).ends_with("preemptible is for the batch tier"));
        assert!(error(Tier::Batch, gang(1), 1).ends_with("gang is for the training tier"));
        assert!(error(Tier::Training, staged(1), 1).ends_with("stages are for the pipeline tier"));
        assert!(error(Tier::Training, Service::default(), 1).contains("states a gang"));
        assert!(error(Tier::Training, gang(3), 2).contains("larger than the number of shards"));
        assert!(error(Tier::Pipeline, Service::default(), 1).contains("at least one stage"));
        assert!(error(Tier::Pipeline, staged(1), MAX_SHARDS / 2 + 1).contains("over all its stages"));
    }

    #[test]
    fn what_fits_passes() {
        let target = Service { target_ms: Some(300), ..Service::default() };
        let preemptible = Service { preemptible: true, ..Service::default() };
        for (tier, service, shards) in [
            (Tier::Interactive, target.clone(), 0),
            (Tier::Interactive, target, 5),
            (Tier::Batch, Service::default(), 1),
            (Tier::Batch, preemptible, 1),
            (Tier::Training, gang(2), 2),
            (Tier::Pipeline, staged(1), MAX_SHARDS / 2),
        ] {
            assert_eq!(check(tier, &service, shards), Ok(()), "{tier} {service:?}");
        }
    }
}
