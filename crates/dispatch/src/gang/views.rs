//! What others may see of gangs: where one stands, and why it waits.

use mira_core::Key;
use mira_core::amount::Units;
use mira_core::tier::Tier;

use crate::engine::Engine;
use crate::gang::advance::Standing;
use crate::gang::book::{Gang, State};
use crate::gang::floor::standing;
use crate::state::lease::Lease;

impl Engine {
    /// A job's gang, while it has shards left.
    pub fn gang(&self, job: &Key) -> Option<&Gang> {
        self.gangs.get(job)
    }

    /// Gangs that claim nothing yet and are let in before this one.
    pub fn gangs_before(&self, job: &Key) -> usize {
        let order = self.gangs.in_order();
        let before = order.iter().take_while(|other| *other != job);
        before.filter(|other| self.gangs.get(other).is_some_and(|gang| !gang.is_running())).count()
    }

    /// Members whose lease is open.
    pub fn gang_open(&self, job: &Key) -> usize {
        let members = self.gangs.get(job).map(Gang::members).unwrap_or_default();
        let open = |(rank, member)| standing(self, &self.gangs, job, rank, member, self.now_ms) == Standing::Open;
        members.iter().enumerate().filter(|member| open(*member)).count()
    }

    /// Whether a lease may still get work. A gang that has chosen its members needs nobody else: what a try that failed
    /// left open only holds escrow. Where something ran, or runs, its provider keeps its time to be paid.
    pub fn is_wanted(&self, lease: &Lease) -> bool {
        let Some(gang) = self.gangs.get(&lease.job).filter(|gang| !gang.is_holder()) else { return true };
        let members = gang.members();
        let idle = lease.used == Units::ZERO && lease.reserved == Units::ZERO;
        !idle || members.is_empty() || members.iter().any(|member| member.provider == lease.provider)
    }
}

/// Where a gang stands, in words; nothing for a job without one.
pub(crate) fn message(engine: &Engine, key: &Key) -> Option<String> {
    let job = engine.jobs.get(key).filter(|job| job.terms.tier == Tier::Training)?;
    let gang = engine.gangs.get(key)?;
    let (size, open) = (gang.size, engine.gang_open(key));
    Some(match &gang.state {
        State::Waiting if job.shortage.is_some() => format!("gang of {size}: not enough members to be had"),
        State::Waiting => format!("gang of {size}: {} gangs are before it", engine.gangs_before(key)),
        State::Reserving { members, invited: false, until_ms } => {
            let missing = usize::from(size).saturating_sub(members.len());
            let until = until_ms / 1_000;
            format!("gang of {size}: {} reserved, waiting for {missing} more providers until {until}", members.len())
        }
        State::Reserving { until_ms, .. } if open < usize::from(size) => {
            let until = until_ms / 1_000;
            format!("gang of {size}: {open} reserved, waiting for {} until {until}", usize::from(size) - open)
        }
        State::Reserving { until_ms, .. } => {
            format!("gang of {size}: all reserved, waiting for slots until {}", until_ms / 1_000)
        }
        State::Running { .. } => format!("gang of {size} runs step {}", gang.step),
    })
}
