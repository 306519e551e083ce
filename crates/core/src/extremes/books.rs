//! Arbitrary books that keep their invariants, and that agree with each other.

use super::time;
use crate::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use crate::commission::Commission;
use crate::dispute::{Dispute, DisputeKind, Stage};
use crate::job::{Job, JobStatus};
use crate::lease::Lease;
use crate::position::{MAX_TICKETS, Position, Ticket};
use crate::provider::{Provider, ProviderStatus};
use crate::reward::RewardIndex;
use crate::stake_pool::{MAX_SHARES_PER_UNIT, Pool};
use crate::testing::Dice;
use crate::tier::{Tier, UnitKind};

/// At most `most`, which may need more than 64 bits.
pub fn part(dice: &mut Dice, most: u128) -> u128 {
    match dice.below(6) {
        0 => most,
        1 => 0,
        _ => (u128::from(dice.any()) << 64 | u128::from(dice.any())) % most.saturating_add(1),
    }
}

/// At most `most`.
pub fn part64(dice: &mut Dice, most: u64) -> u64 {
    u64::try_from(part(dice, most.into())).unwrap()
}

/// Any rate.
pub fn rate(dice: &mut Dice) -> Bps {
    Bps::new(u16::try_from(dice.within(0, 10_000)).unwrap()).unwrap()
}

/// A pool as deposits, withdrawals and slashes leave it: never more stake than shares.
pub fn pool(dice: &mut Dice) -> Pool {
    let stake = dice.amount(64);
    let ratio = part(dice, MAX_SHARES_PER_UNIT - 1);
    let total = u128::from(stake) * (1 + ratio) + part(dice, u128::from(stake));
    Pool {
        total_stake: Stake::new(stake),
        total_shares: Shares::new(total),
        unbonding_shares: Shares::new(part(dice, total)),
    }
}

/// A provider with leases, and an owner of some of its active shares.
pub fn provider(dice: &mut Dice) -> Provider {
    let pool = pool(dice);
    let exposure = part64(dice, pool.total_stake.get());
    let rate = rate(dice);
    Provider {
        status: dice.of(&[ProviderStatus::Active, ProviderStatus::Draining, ProviderStatus::Jailed]),
        own_shares: Shares::new(part(dice, pool.active_shares().unwrap().get())),
        pool,
        exposure: Stake::new(exposure),
        open_leases: u32::try_from(dice.below(9)).unwrap() + u32::from(exposure > 0),
        jailed_until: time(dice),
        commission: Commission::fixed(rate).change(Bps::ONE, time(dice), 99).unwrap(),
        reward_index: RewardIndex::new(part(dice, u128::MAX >> 8)),
        claimed: Payment::new(dice.amount(64)),
    }
}

/// The owner's position, or that of someone with a part of what the owner has not. What it has earned
/// fits, as it does where no more was ever claimed than fits.
pub fn position(dice: &mut Dice, provider: &Provider, by_owner: bool) -> Position {
    let own = provider.own_shares.get();
    let others = provider.pool.active_shares().unwrap().get() - own;
    let shares = if by_owner { own } else { part(dice, others) };
    let mut rest = provider.pool.unbonding_shares.get();
    let mut tickets = std::vec::Vec::new();
    for _ in 0..dice.below(MAX_TICKETS as u64 + 1) {
        let shares = part(dice, rest);
        rest -= shares;
        if shares > 0 {
            tickets.push(Ticket { shares: Shares::new(shares), unlock_ts: time(dice) });
        }
    }
    let owed = dice.amount(64);
    let room = u128::from(u64::MAX - owed);
    // shares × rise / 2^64 ≤ room.
    let most = room.checked_shl(64).unwrap().checked_div(shares).unwrap_or(u128::MAX);
    let index = provider.reward_index.get();
    let entry = RewardIndex::new(index - part(dice, most.min(index)));
    Position { shares: Shares::new(shares), tickets, entry, owed: Payment::new(owed) }
}

/// A job, and one of its leases that is not released.
pub fn job(dice: &mut Dice) -> (Job, Lease) {
    let funded = dice.amount(64).max(1);
    let cap = part64(dice, funded).max(1);
    let settled = part64(dice, cap);
    let others = u16::try_from(dice.below(3)).unwrap();
    let mut rest = funded - cap;
    let mut take = |dice: &mut Dice, any: bool| {
        let taken = if any { part64(dice, rest) } else { 0 };
        rest -= taken;
        taken
    };
    let committed = cap - settled + take(dice, others > 0);
    let paid = settled + take(dice, true);
    let refunded = take(dice, true);
    let (created_at, grace) = (time(dice), part64(dice, 1 << 20).max(1));
    let deadline = created_at + part64(dice, 1 << 30).cast_signed().max(2);
    let closing = dice.one_in(2);
    let job = Job {
        requester: [1; 32],
        voucher_signer: [2; 32],
        dispatcher: None,
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(dice.amount(64).max(1)),
        funded: Payment::new(funded),
        committed: Payment::new(committed),
        paid: Payment::new(paid),
        refunded: Payment::new(refunded),
        min_provider_stake: Stake::new(dice.amount(64)),
        max_share: rate(dice),
        max_leases: others + 1 + u16::try_from(dice.below(2)).unwrap(),
        open_leases: others + 1,
        leases_total: u32::from(others) + 1,
        created_at,
        deadline,
        young_until: created_at + 10,
        due_at: deadline + grace.cast_signed(),
        closing_at: if closing { deadline - 1 } else { 0 },
        status: if closing { JobStatus::Closing } else { JobStatus::Open },
    };
    let lease = lease(dice, &job, (cap, settled));
    (job, lease)
}

fn lease(dice: &mut Dice, job: &Job, (cap, settled): (u64, u64)) -> Lease {
    let grace_secs = u32::try_from(dice.below(1 << 20)).unwrap() + 1;
    let dispute_window_secs = u32::try_from(dice.below(1 << 21)).unwrap() + 1;
    let length = job.deadline - job.created_at;
    let expires_at = job.created_at + 1 + dice.below(length.cast_unsigned()).cast_signed();
    let whole = expires_at + i64::from(grace_secs) - job.created_at;
    let settle_until = job.created_at + part64(dice, whole.cast_unsigned()).cast_signed();
    let rate = dice.amount(30).max(1);
    // As `price::exposure_ceil` makes it, where that fits.
    let exposure = (u128::from(cap) * u128::from(rate)).div_ceil(1_000_000);
    let (rate, exposure) = u64::try_from(exposure).map_or((1, cap.div_ceil(1_000_000)), |exposure| (rate, exposure));
    Lease {
        cap: Payment::new(cap),
        exposure: Stake::new(exposure),
        stake_per_million: StakePerMillion::new(rate),
        settled: Payment::new(settled),
        units: Units::new(dice.amount(64)),
        unit_price: UnitPrice::new(dice.amount(64).max(1)),
        fee: Bps::new(u16::try_from(dice.within(1, 10_000)).unwrap()).unwrap(),
        opened_at: job.created_at,
        expires_at,
        grace_secs,
        dispute_window_secs,
        settle_until,
        dispute_until: settle_until + i64::from(dispute_window_secs),
        released: false,
        disputed: false,
        challenged: dice.one_in(4),
    }
}

/// A provider that backs this lease, its owner's position, and the lease again: its exposure is less
/// where the provider could not cover it.
pub fn backed(dice: &mut Dice, lease: &Lease) -> (Provider, Position, Lease) {
    let provider = provider(dice);
    let exposure = lease.exposure.min(provider.pool.total_stake);
    let others = part64(dice, provider.pool.total_stake.get() - exposure.get());
    let provider = Provider {
        exposure: exposure.checked_add(Stake::new(others)).unwrap(),
        open_leases: provider.open_leases.saturating_add(2),
        ..provider
    };
    let owner = position(dice, &provider, true);
    (provider, owner, Lease { exposure, challenged: true, ..*lease })
}

/// A dispute at any stage, with any votes of three verifiers.
pub fn dispute(dice: &mut Dice) -> Dispute {
    let stage = dice.of(&[Stage::Open, Stage::Conceded, Stage::Contested]);
    let contested = stage == Stage::Contested;
    let voted = if contested { u8::try_from(dice.below(8)).unwrap() } else { 0 };
    let votes = u8::try_from(voted.count_ones()).unwrap();
    let votes_for = u8::try_from(dice.below(u64::from(votes) + 1)).unwrap();
    let opened_at = time(dice);
    Dispute {
        challenger: [1; 32],
        kind: DisputeKind::OverReport,
        bond: Stake::new(dice.amount(64).max(1)),
        evidence: [0; 32],
        answer: [0; 32],
        stage,
        opened_at,
        respond_until: opened_at + 1 + time(dice),
        vote_until: if contested { time(dice).max(1) } else { 0 },
        vote_secs: u32::MAX,
        jail_secs: u32::MAX,
        max_slash: rate(dice),
        verifier_set: u32::try_from(dice.below(2)).unwrap(),
        voted,
        votes_for,
        votes_against: votes - votes_for,
    }
}
