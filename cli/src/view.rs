//! How the API's answers look to a person.

mod quote;

use mira_wire::{
    job::{Job, Shards},
    lease::Lease,
    provider::Provider,
};

pub use quote::{honoured, quote};

use crate::{amount::Money, output};

/// One provider.
pub fn provider(provider: &Provider, money: Money) -> String {
    let status = match provider.jailed_until {
        Some(until) => format!("{} until {until}", provider.status),
        None => provider.status.clone(),
    };
    let commission = match (provider.next_commission_bps, provider.next_commission_from) {
        (Some(next), Some(from)) => format!("{}, {} from {from}", percent(provider.commission_bps), percent(next)),
        _ => percent(provider.commission_bps),
    };
    output::fields([
        ("provider", provider.provider.to_string()),
        ("owner", provider.owner.to_string()),
        ("operator", provider.operator.to_string()),
        ("payout", provider.payout.to_string()),
        ("status", status),
        ("resource class", provider.resource_class.clone()),
        ("region", provider.region.clone()),
        ("commission", commission),
        ("stake", money.stake(provider.total_stake.get())),
        ("own stake", money.stake(provider.own_stake.get())),
        ("exposure", money.stake(provider.exposure.get())),
        ("open leases", provider.open_leases.to_string()),
    ])
}

/// Hundredths of a percent as percent.
fn percent(bps: u16) -> String {
    format!("{}.{:02} %", bps / 100, bps % 100)
}

/// One job and what became of its shards.
pub fn job(job: &Job, leases: &[Lease], shards: Option<&Shards>, money: Money) -> String {
    let mut rows = vec![
        ("job", job.job.to_string()),
        ("requester", job.requester.to_string()),
        ("status", job.status.clone()),
        ("tier", job.tier.clone()),
        ("unit kind", job.unit_kind.clone()),
        ("funded", money.payment(job.funded.get())),
        ("committed", money.payment(job.committed.get())),
        ("paid", money.payment(job.paid.get())),
        ("refunded", money.payment(job.refunded.get())),
        ("deadline", job.deadline.to_string()),
        ("anyone may close from", job.due_at.to_string()),
    ];
    if let Some(shards) = shards {
        let progress = format!(
            "{} of {} done, {} running, {} queued, {} failed, {} handed on",
            shards.done, shards.total, shards.running, shards.queued, shards.failed, shards.redispatched
        );
        rows.push(("shards", progress));
    }
    let leases = leases.iter().map(|lease| {
        let state = match (lease.ended, lease.disputed, lease.released) {
            (true, ..) => "ended",
            (false, true, _) => "disputed",
            (false, false, true) => "released",
            (false, false, false) => "open",
        };
        [
            lease.lease.to_string(),
            lease.provider.to_string(),
            state.to_owned(),
            money.payment(lease.settled.get()),
            money.payment(lease.cap.get()),
        ]
    });
    let table = output::table(["LEASE", "PROVIDER", "STATE", "SETTLED", "CAP"], leases);
    let quoted = shards.and_then(|shards| shards.quote.as_ref());
    let quoted = quoted.map_or_else(String::new, |quoted| format!("\n\n{}", honoured(quoted, money)));
    format!("{}\n\n{table}{quoted}", output::fields(rows))
}
