//! The network: its parameters, its supply and its demand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{KeyStr, U64Str};

/// The parameters on chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Params {
    /// `public` or `local`.
    #[schema(example = "public")]
    pub profile: String,
    /// Of every payment, in hundredths of a percent.
    pub fee_bps: u16,
    /// The least own stake of a provider, base units of the stake mint.
    pub min_stake: U64Str,
    /// Stake base units held for a million payment base units of a lease's cap.
    pub stake_per_million: U64Str,
    /// Seconds from asking for stake to getting it.
    pub unbonding_secs: u32,
    /// The longest lease in seconds.
    pub max_lease_secs: u32,
    /// The longest job in seconds.
    pub max_job_secs: u32,
    /// Seconds after a lease's end in which vouchers can be settled.
    pub grace_secs: u32,
    /// Seconds after that in which a requester can dispute.
    pub dispute_window_secs: u32,
    /// Seconds a job's id may lie behind the chain's clock.
    pub job_id_window_secs: u32,
    /// A challenger's bond, of the lease's exposure, in hundredths of a percent.
    pub bond_bps: u16,
    /// The least bond, base units of the stake mint.
    pub min_bond: U64Str,
    /// Seconds from a challenge in which the provider can answer.
    pub respond_secs: u32,
    /// Seconds from the answer in which verifiers can vote.
    pub vote_secs: u32,
    /// Seconds a provider that lost a dispute takes no lease.
    pub jail_secs: u32,
    /// The most of a pool that one dispute takes, in hundredths of a percent.
    pub max_slash_bps: u16,
    /// The most of an epoch's fees that becomes rewards, in hundredths of a percent.
    pub reward_share_bps: u16,
    /// Seconds from one final epoch to the next one's approval, at least.
    pub epoch_secs: u32,
    /// Seconds from a majority to the finalization of an epoch.
    pub challenge_secs: u32,
    /// Seconds from then until anyone may cancel an epoch that nobody finalized.
    pub stale_secs: u32,
}

/// What providers offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Supply {
    /// Registered providers.
    pub providers: U64Str,
    /// Providers that have the least stake and are active.
    pub active_providers: U64Str,
    /// All stake in the pools, base units of the stake mint.
    pub total_stake: U64Str,
    /// Stake held against open leases.
    pub exposure: U64Str,
    /// The Herfindahl index of stake by owner, times 10,000: 10,000 is a single owner.
    pub herfindahl_e4: u32,
    /// The fewest owners that hold half of the stake.
    pub owners_for_half: u32,
}

/// What requesters ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Demand {
    /// All jobs ever.
    pub jobs: U64Str,
    /// Jobs that are open.
    pub open_jobs: U64Str,
    /// Leases not released.
    pub open_leases: U64Str,
    /// Payment in escrow now: funded, neither paid nor refunded.
    pub in_escrow: U64Str,
    /// Payment settled ever, fees included.
    pub paid: U64Str,
}

/// What the network itself earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fees {
    /// Fees collected ever.
    pub collected: U64Str,
    /// Of those, moved to the reward vault.
    pub swept: U64Str,
}

/// The spread of a duration over the last decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Latency {
    /// How many were measured.
    pub count: U64Str,
    /// Half were faster.
    pub p50: U64Str,
    /// 95 % were faster.
    pub p95: U64Str,
    /// 99 % were faster.
    pub p99: U64Str,
}

/// What coordination costs at this server's dispatcher, since it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Coordination {
    /// Providers with an offer.
    pub providers: u32,
    /// Of those, the ones that get work.
    pub healthy: u32,
    /// Of those, the ones that get none for now.
    pub suspended: u32,
    /// Shards that can run at a time.
    pub slots_total: U64Str,
    /// Shards that run now.
    pub slots_busy: U64Str,
    /// Jobs being worked on.
    pub jobs_open: u32,
    /// Shards done.
    pub shards_done: U64Str,
    /// Shards taken from one lease and given to another.
    pub redispatched: U64Str,
    /// The Herfindahl index of slots by owner, times 10,000: 10,000 is a single owner.
    pub slots_herfindahl_e4: u32,
    /// The fewest owners whose loss would halve the slots.
    pub owners_for_half_slots: u32,
    /// Milliseconds from asking for placement to a lease on the finalized chain.
    pub place_ms: Latency,
    /// Microseconds to decide which shard a lease gets.
    pub route_us: Latency,
    /// Milliseconds from a voucher's arrival to its settlement on the finalized chain.
    pub settle_ms: Latency,
}

/// The network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Network {
    /// The program.
    pub program_id: KeyStr,
    /// The program's configuration account.
    pub config: KeyStr,
    /// Who may change the parameters.
    pub admin: KeyStr,
    /// Who becomes the admin by accepting it, if anyone was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_admin: Option<KeyStr>,
    /// Who may pause the network, and cancel a pending epoch.
    pub guardian: KeyStr,
    /// Who judges contested disputes.
    pub verifiers: Vec<KeyStr>,
    /// Who approves reward epochs.
    pub reward_authorities: Vec<KeyStr>,
    /// Whether nothing new may begin: no job, no funds, no lease, no stake. Every exit stays open.
    pub paused: bool,
    /// The mint of stake.
    pub stake_mint: KeyStr,
    /// The mint of payment.
    pub payment_mint: KeyStr,
    /// The cluster, as signed messages name it.
    pub cluster_id: KeyStr,
    /// This server's dispatcher: name it in a job to have it placed here.
    pub dispatcher: KeyStr,
    /// The parameters.
    pub params: Params,
    /// What providers offer.
    pub supply: Supply,
    /// What requesters ask for.
    pub demand: Demand,
    /// What the network itself earned.
    pub fees: Fees,
    /// What coordination costs.
    pub coordination: Coordination,
}
