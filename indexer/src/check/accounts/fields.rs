//! Rows and accounts, field by field.

use std::fmt::Debug;

use mira_chain::account::{Config, Dispute, FeeShard, Job, Lease, Provider, RewardState, StakePosition};
use mira_chain::ix::NetworkParams;
use mira_core::Key;
use mira_core::hash::Sha2;
use mira_store::model::{
    DisputeRow, EpochRow, EpochStatus, FeeShardRow, JobRow, LeaseRow, NetworkRow, ProviderRow, RewardsRow,
    StakePositionRow,
};
use solana_sdk::pubkey::Pubkey;

use super::super::finding::Findings;

/// Where the differences of one row go.
pub(super) struct Fields<'a> {
    name: &'a str,
    findings: &'a mut Findings,
}

impl<'a> Fields<'a> {
    pub(super) fn new(name: &'a str, findings: &'a mut Findings) -> Self {
        Self { name, findings }
    }

    fn same<T: PartialEq + Debug>(&mut self, field: &str, row: T, account: T) {
        self.findings.equal(format_args!("{}: {field}", self.name), &row, &account);
    }
}

pub(super) fn network(row: &NetworkRow, account: &Config, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("admin", row.admin, account.admin.to_bytes());
    f.same("pending admin", row.pending_admin, account.pending_admin.map(|key| key.to_bytes()));
    f.same("guardian", row.guardian, account.guardian.to_bytes());
    f.same("stake mint", row.stake_mint, account.stake_mint.to_bytes());
    f.same("payment mint", row.payment_mint, account.payment_mint.to_bytes());
    f.same("cluster id", row.cluster_id, account.cluster_id);
    f.same("profile", row.profile.as_u8(), account.profile);
    f.same("paused", row.paused, account.paused);
    f.same("params", NetworkParams::from(&row.params), account.params);
    f.same("verifier set", row.verifier_set, account.verifier_set);
    f.same("verifiers", &row.verifiers, &bytes(&account.verifiers));
    f.same("reward authorities", &row.reward_authorities, &bytes(&account.reward_authorities));
}

pub(super) fn provider(row: &ProviderRow, account: &Provider, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("owner", row.owner, account.owner.to_bytes());
    f.same("operator", row.operator, account.operator.to_bytes());
    f.same("payout", row.payout, account.payout.to_bytes());
    f.same("status", row.status.code(), account.status);
    f.same("jailed until", row.jailed_until, account.jailed_until);
    f.same("total stake", row.total_stake.get(), account.total_stake);
    f.same("total shares", row.total_shares.get(), account.total_shares);
    f.same("unbonding shares", row.unbonding_shares.get(), account.unbonding_shares);
    f.same("own shares", row.own_shares.get(), account.own_shares);
    f.same("exposure", row.exposure.get(), account.exposure);
    f.same("commission", row.commission.get(), account.commission_bps);
    f.same("next commission", row.next_commission.get(), account.next_commission_bps);
    f.same("next commission from", row.next_commission_from, account.next_commission_from);
    f.same("reward index", row.reward_index.get(), account.reward_index);
    f.same("claimed", row.claimed.get(), account.claimed);
    f.same("open leases", row.open_leases, account.open_leases);
    f.same("resource class", row.resource_class, account.resource_class);
    f.same("region", row.region, account.region);
    f.same("metadata hash", row.metadata_hash, account.metadata_hash);
    f.same("registered at", row.registered_at, account.registered_at);
}

pub(super) fn position(row: &StakePositionRow, account: &StakePosition, f: &mut Fields<'_>) {
    f.same("provider", row.provider, account.provider.to_bytes());
    f.same("staker", row.staker, account.staker.to_bytes());
    f.same("shares", row.shares.get(), account.shares);
    let in_row: Vec<_> = row.tickets.iter().map(|ticket| (ticket.shares.get(), ticket.unlock_ts)).collect();
    let in_account: Vec<_> = account.tickets.iter().map(|ticket| (ticket.shares, ticket.unlock_ts)).collect();
    f.same("tickets", in_row, in_account);
    f.same("reward entry", row.reward_entry.get(), account.reward_entry);
    f.same("reward owed", row.reward_owed.get(), account.reward_owed);
}

pub(super) fn job(row: &JobRow, account: &Job, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("requester", row.requester, account.requester.to_bytes());
    f.same("job id", row.job_id, account.job_id);
    f.same("voucher signer", row.voucher_signer, account.voucher_signer.to_bytes());
    f.same("dispatcher", row.dispatcher, account.dispatcher.map(|key| key.to_bytes()));
    f.same("spec hash", row.spec_hash, account.spec_hash);
    f.same("tier", row.tier.as_u8(), account.tier);
    f.same("unit kind", row.unit_kind.as_u8(), account.unit_kind);
    f.same("max unit price", row.max_unit_price.get(), account.max_unit_price);
    f.same("funded", row.funded.get(), account.funded);
    f.same("committed", row.committed.get(), account.committed);
    f.same("paid", row.paid.get(), account.paid);
    f.same("refunded", row.refunded.get(), account.refunded);
    f.same("min provider stake", row.min_provider_stake.get(), account.min_provider_stake);
    f.same("max share", row.max_share.get(), account.max_share_bps);
    f.same("max leases", row.max_leases, account.max_leases);
    f.same("open leases", row.open_leases, account.open_leases);
    f.same("leases total", row.leases_total, account.leases_total);
    f.same("created at", row.created_at, account.created_at);
    f.same("deadline", row.deadline, account.deadline);
    f.same("young until", row.young_until, account.young_until);
    f.same("due at", row.due_at, account.due_at);
    f.same("closing at", row.closing_at.unwrap_or(0), account.closing_at);
    f.same("status", row.status.code(), account.status);
}

pub(super) fn lease(row: &LeaseRow, account: &Lease, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("job", row.job, account.job.to_bytes());
    f.same("provider", row.provider, account.provider.to_bytes());
    f.same("nonce", row.nonce, account.nonce);
    f.same("requester", row.requester, account.requester.to_bytes());
    f.same("voucher signer", row.voucher_signer, account.voucher_signer.to_bytes());
    f.same("operator", row.operator, account.operator.to_bytes());
    f.same("unit price", row.unit_price.get(), account.unit_price);
    f.same("fee", row.fee.get(), account.fee_bps);
    f.same("cap", row.cap.get(), account.cap);
    f.same("exposure", row.exposure.get(), account.exposure);
    f.same("stake per million", row.stake_per_million.get(), account.stake_per_million);
    f.same("settled", row.settled.get(), account.settled);
    f.same("units", row.units.get(), account.units);
    f.same("opened at", row.opened_at, account.opened_at);
    f.same("expires at", row.expires_at, account.expires_at);
    f.same("grace secs", row.grace_secs, account.grace_secs);
    f.same("dispute window secs", row.dispute_window_secs, account.dispute_window_secs);
    f.same("settle until", row.settle_until, account.settle_until);
    f.same("dispute until", row.dispute_until, account.dispute_until);
    f.same("released", row.released, account.released);
    f.same("disputed", row.disputed, account.disputed);
    f.same("challenged", row.challenged, account.challenged);
    f.same("rent payer", row.rent_payer, account.rent_payer.to_bytes());
}

pub(super) fn fee_shard(row: &FeeShardRow, account: &FeeShard, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("shard", row.shard, account.shard);
    f.same("collected", row.collected.get(), account.collected);
    f.same("swept", row.swept.get(), account.swept);
}

pub(super) fn rewards(row: &RewardsRow, account: &RewardState, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("swept", row.swept.get(), account.swept);
    f.same("claimed", row.claimed.get(), account.claimed);
    f.same("paid out", row.paid_out.get(), account.paid_out);
    f.same("to treasury", row.to_treasury.get(), account.to_treasury);
    f.same("withdrawn", row.withdrawn.get(), account.withdrawn);
    let last = &account.last;
    f.same("epoch", row.epoch, last.index);
    f.same("root", row.root, last.root);
    f.same("cumulative fees", row.cumulative_fees.get(), last.cumulative_fees);
    f.same("cumulative total", row.cumulative_total.get(), last.cumulative_total);
    f.same("report hash", row.report_hash, last.report_hash);
}

/// The last final epoch, once there is one, and what is under way after it.
pub(super) fn epochs(last: Option<&EpochRow>, next: Option<&EpochRow>, account: &RewardState, f: &mut Fields<'_>) {
    if account.last.index > 0 {
        f.same("last epoch at", last.and_then(|row| row.finalized_at), Some(account.last_at));
        let said = last.map(|row| (row.root, row.cumulative_fees.get(), row.cumulative_total.get(), row.report_hash));
        let epoch = &account.last;
        let is = (epoch.root, epoch.cumulative_fees, epoch.cumulative_total, epoch.report_hash);
        f.same("last epoch", said, Some(is));
    }
    let pending = next.filter(|row| row.status == EpochStatus::Pending);
    let pending = pending.map(|row| (row.digest, row.share.get(), row.final_from, row.stale_from));
    let is = account.pending.as_ref();
    let is = is.map(|is| (is.epoch.to_core().digest::<Sha2>(), is.share_bps, is.final_from, is.stale_from));
    f.same("pending epoch", pending, is);
    let approvals = next.map_or(&[][..], |row| &row.approvals);
    let approvals: Vec<_> = approvals.iter().map(|approval| (approval.authority, approval.digest)).collect();
    let are = account.approvals.iter().map(|approval| (approval.authority.to_bytes(), approval.digest)).collect();
    f.same("approvals", approvals, are);
}

/// `verifiers` are those of the dispute's set, if it is still the network's.
pub(super) fn dispute(row: &DisputeRow, verifiers: Option<&[Key]>, account: &Dispute, f: &mut Fields<'_>) {
    f.same("seq", row.seq, account.seq);
    f.same("lease", row.lease, account.lease.to_bytes());
    f.same("provider", row.provider, account.provider.to_bytes());
    f.same("challenger", row.challenger, account.challenger.to_bytes());
    f.same("kind", row.kind.as_u8(), account.kind);
    f.same("status", row.status.code(), account.stage);
    f.same("bond", row.bond.get(), account.bond);
    f.same("evidence", row.evidence, account.evidence);
    f.same("answer", row.answer, account.answer);
    f.same("opened at", row.opened_at, account.opened_at);
    f.same("respond until", row.respond_until, account.respond_until);
    f.same("vote until", row.vote_until, account.vote_until);
    f.same("vote secs", row.vote_secs, account.vote_secs);
    f.same("jail secs", row.jail_secs, account.jail_secs);
    f.same("max slash", row.max_slash.get(), account.max_slash_bps);
    f.same("verifier set", row.verifier_set, account.verifier_set);
    f.same("votes for", row.voters_for.len(), usize::from(account.votes_for));
    f.same("votes against", row.voters_against.len(), usize::from(account.votes_against));
    if let Some(verifiers) = verifiers {
        let voted = |key: &Key| row.voters_for.contains(key) || row.voters_against.contains(key);
        let in_row: Vec<_> = verifiers.iter().map(voted).collect();
        let bit = |place: usize| account.voted.checked_shr(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0);
        let in_account = (0..verifiers.len()).map(|place| bit(place) & 1 == 1).collect();
        f.same("voted", in_row, in_account);
    }
}

fn bytes(keys: &[Pubkey]) -> Vec<Key> {
    keys.iter().map(Pubkey::to_bytes).collect()
}

#[cfg(test)]
mod tests;
