//! How fast a chain is. Whoever waits for a chain waits for something that can be seen there; how long it
//! waits before it gives up follows from here.

use std::time::Duration;

use mira_chain::rpc::{Rpc, RpcError};
use mira_wire::clock;
use solana_commitment_config::CommitmentLevel;

use crate::error::Error;

/// Slots from a block to its finality, on every cluster.
const FINALITY_SLOTS: u32 = 32;
/// Slots that are timed: at the usual 400 ms they take three seconds.
const TIMED_SLOTS: u64 = 8;
/// How long the timed slots may take in all.
const TIMING_PATIENCE: Duration = Duration::from_secs(60);
/// Much shorter than any slot.
const LOOK: Duration = Duration::from_millis(5);
/// No chain is faster, whatever was measured.
const MIN_SLOT: Duration = Duration::from_millis(10);

/// The time of a slot, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    slot: Duration,
}

impl Pace {
    /// The pace of a chain whose slots take so many milliseconds.
    pub fn of(slot_ms: u64) -> Self {
        Self { slot: Duration::from_millis(slot_ms).max(MIN_SLOT) }
    }

    /// Times some slots of a running chain.
    pub async fn measure(rpc: &Rpc) -> Result<Self, Error> {
        let failed = |error: RpcError| Error::failed("timing the chain", error);
        let timing = async {
            // The slot that runs now has begun at an unknown time.
            let first = after(rpc, rpc.slot(CommitmentLevel::Processed).await?).await?;
            let begun = clock::monotonic();
            let mut last = first;
            while last < first.saturating_add(TIMED_SLOTS) {
                last = after(rpc, last).await?;
            }
            let slots = u32::try_from(last.saturating_sub(first)).unwrap_or(u32::MAX).max(1);
            Ok(Self { slot: (begun.elapsed() / slots).max(MIN_SLOT) })
        };
        match tokio::time::timeout(TIMING_PATIENCE, timing).await {
            Ok(pace) => pace.map_err(failed),
            Err(_) => Err(Error::invalid(
                format!("the chain made no {TIMED_SLOTS} slots in {TIMING_PATIENCE:?}"),
                "make sure that the validator produces blocks: its slot has to rise",
            )),
        }
    }

    /// One slot: how often it makes sense to ask for news.
    pub fn slot(self) -> Duration {
        self.slot
    }

    /// From a block to its finality.
    pub fn finality(self) -> Duration {
        self.slot.saturating_mul(FINALITY_SLOTS)
    }

    /// How long to wait for what takes at most `base`, and besides that waits so many times for finality.
    pub fn patience(self, base: Duration, finalities: u32) -> Duration {
        base.saturating_add(self.finality().saturating_mul(finalities))
    }
}

/// The first slot seen after `slot`.
async fn after(rpc: &Rpc, slot: u64) -> Result<u64, RpcError> {
    loop {
        let now = rpc.slot(CommitmentLevel::Processed).await?;
        if now > slot {
            return Ok(now);
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_with_finality() {
        let (quick, usual) = (Pace::of(50), Pace::of(400));
        assert_eq!(usual.finality(), Duration::from_millis(12_800));
        let base = Duration::from_secs(30);
        assert_eq!(quick.patience(base, 0), base);
        assert_eq!(quick.patience(base, 2), Duration::from_millis(33_200));
        assert_eq!(usual.patience(base, 2), Duration::from_millis(55_600));
    }

    #[test]
    fn no_chain_is_infinitely_fast() {
        assert_eq!(Pace::of(0).slot(), MIN_SLOT);
    }
}
