//! What the provider's owner already has: the larger of its part of this job and its part of the market's work.

use crate::place::ask::{Ask, Seen};
use crate::place::score::ratio;

pub(super) fn penalty(ask: &Ask<'_>, seen: &Seen<'_>) -> u64 {
    let (view, owner) = (seen.view, &seen.provider.facts.owner);
    let of_job = ratio(seen.held.of(owner).get(), ask.owner_cap.get());
    of_job.max(view.shares.share_ppm(&view.config.share, &ask.class(), owner, view.now_ms))
}
