//! What the jobs under way ask of machines: the jobs to come are taken to ask the same.

use crate::engine::Engine;
use crate::pack::Workload;
use crate::pack::waste::Waste;
use crate::service::Needs;

/// Every class of them counts.
const PERCENT: u8 = 100;

/// Counts the open jobs again: one came or went that needs this.
pub(crate) fn learn(engine: &mut Engine, changed: &Needs) {
    if *changed == Needs::default() {
        return;
    }
    let open = engine.jobs.values().filter(|job| job.open && !job.is_complete());
    let needs: Vec<_> = open.map(|job| &job.terms.service.needs).filter(|needs| **needs != Needs::default()).collect();
    engine.waste = Waste::new(&Workload::count(needs, PERCENT));
}
