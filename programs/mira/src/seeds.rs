//! The seeds of every program address. Each prefix is unique and every other part has a fixed width,
//! so no two kinds of account can share an address.

/// `Config`, the only one.
pub const CONFIG: &[u8] = b"config";
/// The token account that holds all stake; its authority is `Config`.
pub const STAKE_VAULT: &[u8] = b"stake_vault";
/// `Provider`: prefix, owner.
pub const PROVIDER: &[u8] = b"provider";
/// `StakePosition`: prefix, provider, staker.
pub const STAKE: &[u8] = b"stake";
/// `Job`: prefix, requester, job id as u64 little-endian.
pub const JOB: &[u8] = b"job";
/// A job's token account: prefix, job; its authority is the job.
pub const ESCROW: &[u8] = b"escrow";
/// `Lease`: prefix, job, provider, nonce as u32 little-endian.
pub const LEASE: &[u8] = b"lease";
/// `FeeShard`: prefix, shard as u8.
pub const FEES: &[u8] = b"fees";
/// A fee shard's token account: prefix, shard as u8; its authority is the shard.
pub const FEE_VAULT: &[u8] = b"fee_vault";
/// `RewardState`, the only one.
pub const REWARDS: &[u8] = b"rewards";
/// The token account that holds swept fees; its authority is `RewardState`.
pub const REWARD_VAULT: &[u8] = b"reward_vault";
/// The token account that holds the treasury; its authority is `Config`.
pub const TREASURY: &[u8] = b"treasury";
/// `Dispute`: prefix, lease.
pub const DISPUTE: &[u8] = b"dispute";
