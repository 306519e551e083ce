//! The network.

use mira_dispatch::engine::Overview;
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
    (overview, latencies): (&Overview, &dispatch::Latencies),
) -> Network {
    Network {
        program_id: KeyStr(*program_id),
        config: KeyStr(row.config),
        admin: KeyStr(row.admin),
        pending_admin: row.pending_admin.map(KeyStr),
        guardian: KeyStr(row.guardian),
        verifiers: row.verifiers.iter().copied().map(KeyStr).collect(),
        reward_authorities: row.reward_authorities.iter().copied().map(KeyStr).collect(),
        paused: row.paused,
        stake_mint: KeyStr(row.stake_mint),
        payment_mint: KeyStr(row.payment_mint),
        cluster_id: KeyStr(row.cluster_id),
        dispatcher: KeyStr(*dispatcher),
        params: params(row),
        supply,
        demand,
        fees,
        coordination: coordination(overview, latencies),
    }
}

fn params(row: &NetworkRow) -> Params {
    let params = &row.params;
    Params {
        profile: row.profile.as_str().to_owned(),
        fee_bps: params.fee_bps.get(),
        min_stake: params.min_stake.get().into(),
        stake_per_million: params.stake_per_million.get().into(),
        unbonding_secs: params.unbonding_secs,
        max_lease_secs: params.max_lease_secs,
        max_job_secs: params.max_job_secs,
        grace_secs: params.grace_secs,
        dispute_window_secs: params.dispute_window_secs,
        job_id_window_secs: params.job_id_window_secs,
        bond_bps: params.dispute.bond_bps.get(),
        min_bond: params.dispute.min_bond.get().into(),
        respond_secs: params.dispute.respond_secs,
        vote_secs: params.dispute.vote_secs,
        jail_secs: params.dispute.jail_secs,
        max_slash_bps: params.dispute.max_slash_bps.get(),
        reward_share_bps: params.reward.share_bps.get(),
        epoch_secs: params.reward.epoch_secs,
        challenge_secs: params.reward.challenge_secs,
        stale_secs: params.reward.stale_secs,
    }
}

fn coordination(overview: &Overview, latencies: &dispatch::Latencies) -> Coordination {
    Coordination {
        providers: overview.providers,
        healthy: overview.healthy,
        suspended: overview.suspended,
        slots_total: overview.slots_total.into(),
        slots_busy: overview.slots_busy.into(),
        jobs_open: overview.jobs_open,
        shards_done: overview.shards_done.into(),
        redispatched: overview.redispatched.into(),
        slots_herfindahl_e4: overview.slots_by_owner.herfindahl_e4,
        owners_for_half_slots: overview.slots_by_owner.owners_for_half,
        place_ms: latency(&latencies.place_ms),
        route_us: latency(&latencies.route_us),
        settle_ms: latency(&latencies.settle_ms),
    }
}

/// A spread of durations.
pub fn latency(latency: &dispatch::Latency) -> Latency {
    Latency { count: latency.count.into(), p50: latency.p50.into(), p95: latency.p95.into(), p99: latency.p99.into() }
}
