//! A provider that left a proposal of this job lying is not asked again: the job must go on.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    !ask.declined.contains(&seen.provider.facts.provider)
}
