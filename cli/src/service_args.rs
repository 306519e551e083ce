//! What a job asks of its tier, and the tier that follows from it.

use std::path::PathBuf;

use bytes::Bytes;
use clap::Args;
use mira_core::tier::Tier;
use mira_wire::{
    service::{Needs, Service},
    tier,
};

use crate::{error::Error, files};

/// The tier and what is asked of it.
#[derive(Args)]
pub struct ServiceArgs {
    /// How the job is served: interactive, batch, training, pipeline; what follows from the rest when left out.
    #[arg(long)]
    tier: Option<String>,
    /// How long you can wait, such as 500ms, 2s, 10m or 1h: an answer within seconds is interactive work.
    #[arg(long, value_name = "TIME", value_parser = milliseconds)]
    within: Option<u64>,
    /// Interactive: the time to the first token that 95 of 100 requests should keep, milliseconds; --within when left out.
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..))]
    target_ms: Option<u32>,
    /// Training: how many members start together or not at all.
    #[arg(long, value_name = "MEMBERS", value_parser = clap::value_parser!(u16).range(1..=256))]
    gang: Option<u16>,
    /// Batch: shards may be stopped, and run again, to make room for a gang.
    #[arg(long)]
    preemptible: bool,
    /// Pipeline: the module of the next stage, which reads each output of the stage before; repeat it for more stages.
    #[arg(long = "stage", value_name = "MODULE")]
    stages: Vec<PathBuf>,
    /// What one slot needs, such as cpu=2,memory=4096,gpus=1,model=h100: cores, MiB, whole GPUs or a part of one.
    #[arg(long)]
    needs: Option<Needs>,
}

/// The same, read.
pub struct Asked {
    /// Stated, or suggested by the rest.
    pub tier: Tier,
    /// Without the stages.
    pub service: Service,
    /// The modules of the stages after the first.
    pub stages: Vec<Bytes>,
    /// By when it should be done, milliseconds from now.
    pub within_ms: Option<u64>,
}

impl ServiceArgs {
    /// Reads the modules and settles the tier.
    pub fn read(&self) -> Result<Asked, Error> {
        let stages = self.stages.iter().map(|path| files::read(path).map(Bytes::from));
        let stages = stages.collect::<Result<Vec<_>, Error>>()?;
        let service = Service {
            target_ms: self.target_ms,
            gang: self.gang,
            preemptible: self.preemptible,
            stages: Vec::new(),
            needs: self.needs.clone(),
        };
        let tier = match &self.tier {
            Some(text) => Tier::parse(text).map_err(|_| {
                Error::invalid(format!("`{text}` is no tier"), "choose interactive, batch, training or pipeline")
            })?,
            None if !stages.is_empty() => Tier::Pipeline,
            None => tier::suggest(self.within, &service),
        };
        let target = self.within.and_then(|within_ms| u32::try_from(within_ms).ok());
        let target_ms = if tier == Tier::Interactive { self.target_ms.or(target) } else { self.target_ms };
        Ok(Asked { tier, service: Service { target_ms, ..service }, stages, within_ms: self.within })
    }
}

/// A time such as `500ms`, `2s`, `10m` or `1h`, in milliseconds.
fn milliseconds(text: &str) -> Result<u64, String> {
    let bad = || format!("`{text}` is not a time above zero; write for example 500ms, 2s, 10m or 1h");
    let (number, factor) = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
        .into_iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .ok_or_else(bad)?;
    let number: u64 = number.parse().map_err(|_| bad())?;
    number.checked_mul(factor).filter(|ms| *ms > 0).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let good = [("500ms", 500), ("2s", 2_000), ("10m", 600_000), ("1h", 3_600_000)];
        assert!(good.iter().all(|(text, ms)| milliseconds(text) == Ok(*ms)));
        assert!(
            ["", "2", "s", "0s", "-1s", "1.5s", "2 s", "99999999999999999h"]
                .iter()
                .all(|bad| milliseconds(bad).is_err())
        );
    }

    #[test]
    fn the_tier_follows_and_can_be_overridden() {
        let plain = || ServiceArgs {
            tier: None,
            within: None,
            target_ms: None,
            gang: None,
            preemptible: false,
            stages: Vec::new(),
            needs: None,
        };
        let tier = |args: ServiceArgs| args.read().map(|asked| (asked.tier, asked.service.target_ms)).expect("reads");
        assert_eq!(tier(plain()), (Tier::Batch, None));
        assert_eq!(tier(ServiceArgs { within: Some(2_000), ..plain() }), (Tier::Interactive, Some(2_000)));
        let batch = ServiceArgs { within: Some(2_000), tier: Some("batch".to_owned()), ..plain() };
        assert_eq!(tier(batch), (Tier::Batch, None));
        assert_eq!(tier(ServiceArgs { gang: Some(2), ..plain() }), (Tier::Training, None));
        assert!(ServiceArgs { tier: Some("fast".to_owned()), ..plain() }.read().is_err());
    }
}
