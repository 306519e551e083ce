//! One owner's part of the network's work stays under twice its part of the capacity, or 1 %: see `share`. The lease
//! that reaches the limit is the last one.

use crate::place::ask::{Ask, Seen};

pub(super) fn admits(ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
    let view = seen.view;
    view.shares.admits(&view.config.share, &ask.class(), &seen.provider.facts.owner, view.now_ms)
}
