//! Audits.

use mira_store::model::{AuditRow, AuditRun};
use mira_wire::audit::{Audit, AuditedRun};
use mira_wire::{HashHex, KeyStr, Time, U64Str};

/// One audit with the runs that followed.
pub fn audit(row: &AuditRow, later: &[AuditRun]) -> Audit {
    let first = AuditedRun {
        job: KeyStr(row.job),
        lease: KeyStr(row.lease),
        provider: KeyStr(row.provider),
        owner: KeyStr(row.owner),
        operator: KeyStr(row.operator),
        output: HashHex(row.output),
        units: U64Str(row.units.get()),
    };
    Audit {
        job: KeyStr(row.job),
        shard: row.shard,
        state: row.state.as_str().to_owned(),
        runs: [first].into_iter().chain(later.iter().map(run)).collect(),
        wrong_lease: row.wrong_lease.map(KeyStr),
        wrong_provider: row.wrong_provider.map(KeyStr),
        seed: U64Str(row.seed),
        rate_bps: row.rate.get(),
        sampled_at: Time::from_ms(row.sampled_ms),
        decided_at: row.decided_ms.map(Time::from_ms),
    }
}

fn run(run: &AuditRun) -> AuditedRun {
    AuditedRun {
        job: KeyStr(run.audit_job),
        lease: KeyStr(run.lease),
        provider: KeyStr(run.provider),
        owner: KeyStr(run.owner),
        operator: KeyStr(run.operator),
        output: HashHex(run.output),
        units: U64Str(run.units.get()),
    }
}
