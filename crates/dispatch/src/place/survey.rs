//! Whether enough owners could serve a lease, and what stands against the others if not.

use std::collections::BTreeSet;

use mira_core::Key;

use crate::place::ask::{Ask, Held};
use crate::place::draw::Draw;
use crate::place::limit::{Limit, rejects};
use crate::place::sample::{EVERYBODY, probes};
use crate::place::view::View;

/// What was found.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    /// Providers with an offer.
    pub(crate) considered: u32,
    /// Owners that could serve: all of them, or as many as were asked for and maybe more.
    pub(crate) owners: u32,
    /// How many providers each limit rejected, in the order of `Limit::ALL`: of all, if there are not enough owners.
    pub(crate) rejected: Vec<u32>,
}

/// Looks for this many owners; at everybody, unless a few draws find them in a large network.
pub(crate) fn survey(view: &View<'_>, ask: &Ask<'_>, held: &Held, draw: &Draw, enough: u32) -> Survey {
    let considered = view.index.total();
    let (mut owners, mut rejected) = (BTreeSet::new(), vec![0u32; Limit::ALL.len()]);
    if considered > EVERYBODY {
        for seen in probes(view, ask, draw).filter_map(|key| view.see(key, held)) {
            if rejects(ask, &seen).is_feasible() {
                owners.insert(seen.provider.facts.owner);
            }
            if count(&owners) >= enough {
                return Survey { considered, owners: count(&owners), rejected };
            }
        }
    }
    for seen in view.offers(held) {
        let bits = rejects(ask, &seen);
        bits.limits().for_each(|limit| rejected[limit.index()] += 1);
        if bits.is_feasible() {
            owners.insert(seen.provider.facts.owner);
        }
    }
    Survey { considered, owners: count(&owners), rejected }
}

fn count(owners: &BTreeSet<Key>) -> u32 {
    u32::try_from(owners.len()).unwrap_or(u32::MAX)
}
