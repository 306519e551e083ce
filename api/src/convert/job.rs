//! Jobs.

use mira_store::model::JobRow;
use mira_wire::job::{Job, LeaseDue, Shard, Shards};
use mira_wire::{HashHex, KeyStr, Time};

use super::quote;
use crate::dispatch;

/// A job.
pub fn job(row: &JobRow) -> Job {
    Job {
        job: KeyStr(row.job),
        requester: KeyStr(row.requester),
        job_id: row.job_id.into(),
        voucher_signer: KeyStr(row.voucher_signer),
        dispatcher: row.dispatcher.map(KeyStr),
        spec_hash: HashHex(row.spec_hash),
        tier: row.tier.as_str().to_owned(),
        unit_kind: row.unit_kind.as_str().to_owned(),
        max_unit_price: row.max_unit_price.get().into(),
        funded: row.funded.get().into(),
        committed: row.committed.get().into(),
        paid: row.paid.get().into(),
        refunded: row.refunded.get().into(),
        min_provider_stake: row.min_provider_stake.get().into(),
        max_share_bps: row.max_share.get(),
        max_leases: row.max_leases,
        open_leases: row.open_leases,
        leases_total: row.leases_total,
        created_at: Time::from_secs(row.created_at),
        deadline: Time::from_secs(row.deadline),
        young_until: Time::from_secs(row.young_until),
        due_at: Time::from_secs(row.due_at),
        closing_at: row.closing_at.map(Time::from_secs),
        status: row.status.as_str().to_owned(),
        seq: row.seq.into(),
    }
}

/// A job's shards: the whole and a page.
pub fn shards(job: &[u8; 32], shards: dispatch::Shards, next_cursor: Option<String>) -> Shards {
    Shards {
        job: KeyStr(*job),
        status: shards.status.to_owned(),
        total: shards.total,
        done: shards.done,
        failed: shards.failed,
        running: shards.running,
        queued: shards.queued,
        redispatched: shards.redispatched,
        duplicates: shards.duplicates,
        leases: shards.leases.into_iter().map(lease_due).collect(),
        shards: shards.rows.into_iter().map(shard).collect(),
        quote: shards.quoted.map(|(quoted, actual)| quote::honoured(&quoted, &actual)),
        next_cursor,
    }
}

fn lease_due(due: dispatch::LeaseDue) -> LeaseDue {
    LeaseDue {
        lease: KeyStr(due.lease),
        provider: KeyStr(due.provider),
        unit_price: due.unit_price.get().into(),
        cap: due.cap.get().into(),
        units: due.units.get().into(),
        amount_due: due.amount_due.get().into(),
        shards_done: due.shards_done,
        live: due.live,
        wanted: due.wanted,
    }
}

fn shard(row: dispatch::ShardRow) -> Shard {
    Shard {
        shard: row.index,
        state: row.state.to_owned(),
        attempts: row.attempts,
        lease: row.lease.map(KeyStr),
        provider: row.provider.map(KeyStr),
        output: row.output.map(HashHex),
        units: row.units.map(|units| units.get().into()),
        error: row.error,
    }
}
