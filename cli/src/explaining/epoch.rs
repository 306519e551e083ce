//! What must hold between a record, its dispatch epoch and the dispatcher's signature.

use mira_chain::pda;
use mira_core::Hash;
use mira_dispatch::proof::{EpochClosed, Inclusion, Kind, Tree, epoch};
use mira_wire::dispatch::{DispatchEpoch, InclusionProof, RecordTree};
use mira_wire::request::verify_strict;

use super::{Check, Expected};
use crate::settings::show_key;

/// Checks the way from the record's bytes to a signature. `seeded` is the epoch that the record says it was drawn in.
pub fn checks(
    expected: &Expected<'_>,
    proof: &InclusionProof,
    kind: Kind,
    record: &[u8],
    seeded: Option<(u64, Hash)>,
    previous: Option<&DispatchEpoch>,
) -> Vec<Check> {
    let epoch = &proof.epoch;
    let closed = closed(epoch);
    let check = |name, ok, detail: String| Check { name, ok, detail };
    let mut checks = Vec::new();
    if let Some(seeded) = seeded {
        let ok = seeded == (closed.number, closed.hash);
        checks.push(check("epoch", ok, format!("drawn in dispatch epoch {}, seeded with its hash", closed.number)));
    }
    let siblings = proof.siblings.iter().map(|hash| hash.get()).collect();
    let count = if kind == Kind::Placement { closed.placements.count } else { closed.routes.count };
    let detail = format!("one of {count} {} records of that epoch", kind.as_str());
    checks.push(check("included", Inclusion { kind, siblings }.holds(record, &closed), detail));
    checks.push(check("root", closed.root() == epoch.root.get(), format!("the epoch's root is {}", epoch.root)));
    checks.push(signed(expected, epoch));
    checks.push(chained(epoch, previous));
    checks
}

/// That the dispatcher signed the root, for this network.
fn signed(expected: &Expected<'_>, epoch: &DispatchEpoch) -> Check {
    let (program, cluster, key) = (pda::PROGRAM_ID.to_bytes(), epoch.cluster.get(), epoch.dispatcher.get());
    let message = epoch::message(&program, &cluster, &key, epoch.number.get(), &epoch.root.get());
    let name = "signed";
    if expected.dispatcher.is_some_and(|expected| expected != key) {
        return Check { name, ok: false, detail: format!("by {}, another dispatcher", show_key(&key)) };
    }
    if expected.cluster.is_some_and(|expected| expected != cluster) {
        return Check { name, ok: false, detail: format!("for another cluster, {}", show_key(&cluster)) };
    }
    let ok = verify_strict(&key, &epoch.signature.get(), &message);
    let detail = if ok { format!("by dispatcher {}", show_key(&key)) } else { "the signature does not fit".to_owned() };
    Check { name, ok, detail }
}

/// That its hash follows from the epoch before.
fn chained(epoch: &DispatchEpoch, previous: Option<&DispatchEpoch>) -> Check {
    let number = epoch.number.get();
    let before = match previous {
        None => (number == 1).then_some(Hash::default()),
        Some(previous) => (previous.number.get().checked_add(1) == Some(number)).then_some(closed(previous).root()),
    };
    let ok = before.is_some_and(|root| epoch::epoch_hash(&root, number) == epoch.hash.get());
    let detail = match number.checked_sub(1) {
        None | Some(0) => "its hash is that of a first epoch".to_owned(),
        Some(before) => format!("its hash follows from the root of epoch {before}"),
    };
    Check { name: "chained", ok, detail }
}

/// The epoch as its dispatcher closed it.
fn closed(epoch: &DispatchEpoch) -> EpochClosed {
    let tree = |tree: &RecordTree| Tree { root: tree.root.get(), count: tree.count.get() };
    EpochClosed {
        number: epoch.number.get(),
        hash: epoch.hash.get(),
        first: epoch.first_input.get(),
        last: epoch.last_input.get(),
        placements: tree(&epoch.placements),
        routes: tree(&epoch.routes),
        first_route: epoch.first_route.get(),
        closed_ms: 0,
    }
}
