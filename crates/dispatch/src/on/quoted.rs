//! The quote that a job was placed with. The first one named counts: placing again changes nothing.

use crate::engine::Engine;
use crate::quoted::Quoted;

pub(crate) fn apply(engine: &mut Engine, quoted: &Quoted) {
    if let Some(job) = engine.jobs.get_mut(&quoted.job) {
        job.quoted.get_or_insert_with(|| quoted.clone());
    }
}
