//! The network.

use mira_store::model::NetworkRow;
use mira_wire::KeyStr;
use mira_wire::network::{Coordination, Demand, Fees, Latency, Network, Params, Supply};

use crate::dispatch;

/// The network, from its parameters and what was added up.
pub fn network(
    row: &NetworkRow,
    program_id: &[u8; 32],
    dispatcher: &[u8; 32],
    (supply, demand, fees): (Supply, Demand, Fees),
    overview: &dispatch::Overview,
) -> Network {
    Network {
        program_id: KeyStr(*program_id),
        config: KeyStr(row.config),
        admin: KeyStr(row.admin),
        stake_mint: KeyStr(row.stake_mint),
        payment_mint: KeyStr(row.payment_mint),
        cluster_id: KeyStr(row.cluster_id),
        dispatcher: KeyStr(*dispatcher),
        params: params(row),
        supply,
        demand,
        fees,
        coordination: coordination(overview),
    }
}

fn params(row: &NetworkRow) -> Params {
    Params {
        profile: row.profile.as_str().to_owned(),
        fee_bps: row.fee.get(),
        min_stake: row.min_stake.get().into(),
        stake_per_million: row.stake_per_million.get().into(),
        unbonding_secs: row.unbonding_secs,
        max_lease_secs: row.max_lease_secs,
        max_job_secs: row.max_job_secs,
        grace_secs: row.grace_secs,
        dispute_window_secs: row.dispute_window_secs,
        job_id_window_secs: row.job_id_window_secs,
    }
}

fn coordination(overview: &dispatch::Overview) -> Coordination {
    Coordination {
        providers: overview.providers,
        healthy: overview.healthy,
        suspended: overview.suspended,
        slots_total: overview.slots_total.into(),
        slots_busy: overview.slots_busy.into(),
        jobs_open: overview.jobs_open,
        shards_done: overview.shards_done.into(),
        redispatched: overview.redispatched.into(),
        place_ms: latency(&overview.place_ms),
        route_us: latency(&overview.route_us),
        settle_ms: latency(&overview.settle_ms),
    }
}

/// A spread of durations.
pub fn latency(latency: &dispatch::Latency) -> Latency {
    Latency { count: latency.count.into(), p50: latency.p50.into(), p95: latency.p95.into(), p99: latency.p99.into() }
}
