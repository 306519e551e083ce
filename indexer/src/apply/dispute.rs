//! Disputes: challenge, answer, votes, and how they end.

use mira_chain::event::body::{DisputeAnswered, DisputeOpened, DisputeResolved, DisputeVoted};
use mira_core::amount::Stake;
use mira_core::dispute::Verdict;
use mira_store::model::{DisputeRow, DisputeStatus, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::lease;
use super::rows::Rows;
use super::value::{bps, dispute_kind, verdict};

fn key(dispute: &Pubkey) -> ProjectionKey {
    ProjectionKey::Dispute { dispute: dispute.to_bytes() }
}

pub(super) fn opened(rows: &mut Rows, e: &DisputeOpened, at: &Ordinal) -> Result<(), Cause> {
    rows.create(DisputeRow {
        dispute: e.dispute.to_bytes(),
        lease: e.lease.to_bytes(),
        provider: e.provider.to_bytes(),
        challenger: e.challenger.to_bytes(),
        kind: dispute_kind(e.kind)?,
        status: DisputeStatus::Open,
        bond: Stake::new(e.bond),
        evidence: e.evidence,
        answer: [0; 32],
        opened_at: e.opened_at,
        respond_until: e.respond_until,
        vote_until: 0,
        vote_secs: e.vote_secs,
        jail_secs: e.jail_secs,
        max_slash: bps("max_slash_bps", e.max_slash_bps)?,
        verifier_set: 0,
        voters_for: Vec::new(),
        voters_against: Vec::new(),
        slashed_own: Stake::ZERO,
        slashed_pool: Stake::ZERO,
        compensation: Stake::ZERO,
        burned: Stake::ZERO,
        seq: e.dispute_seq,
        ord: *at,
    })?;
    lease::disputed(rows, e, at)
}

pub(super) fn answered(rows: &mut Rows, e: &DisputeAnswered, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut DisputeRow = rows.next(key(&e.dispute), e.dispute_seq, at)?;
    agree("lease", e.lease.to_bytes(), row.lease)?;
    agree("status before", DisputeStatus::Open, row.status)?;
    row.status = if e.contested { DisputeStatus::Contested } else { DisputeStatus::Conceded };
    row.answer = e.answer;
    row.vote_until = e.vote_until;
    row.verifier_set = e.verifier_set;
    Ok(())
}

pub(super) fn voted(rows: &mut Rows, e: &DisputeVoted, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut DisputeRow = rows.next(key(&e.dispute), e.dispute_seq, at)?;
    agree("lease", e.lease.to_bytes(), row.lease)?;
    agree("status before", DisputeStatus::Contested, row.status)?;
    let voter = e.actor.to_bytes();
    let voted = row.voters_for.contains(&voter) || row.voters_against.contains(&voter);
    agree("voted before", false, voted)?;
    if e.uphold {
        row.voters_for.push(voter)
    } else {
        row.voters_against.push(voter)
    }
    agree("votes_for", usize::from(e.votes_for), row.voters_for.len())?;
    agree("votes_against", usize::from(e.votes_against), row.voters_against.len())
}

pub(super) fn resolved(rows: &mut Rows, e: &DisputeResolved, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut DisputeRow = rows.next(key(&e.dispute), e.dispute_seq, at)?;
    agree("lease", e.lease.to_bytes(), row.lease)?;
    agree("provider", e.provider.to_bytes(), row.provider)?;
    agree("bond", Stake::new(e.bond), row.bond)?;
    row.status = match verdict(e.verdict)? {
        Verdict::Upheld => DisputeStatus::Upheld,
        Verdict::Rejected => DisputeStatus::Rejected,
        Verdict::Dismissed => DisputeStatus::Dismissed,
    };
    row.slashed_own = Stake::new(e.slashed_own);
    row.slashed_pool = Stake::new(e.slashed_pool);
    row.compensation = Stake::new(e.compensation);
    row.burned = Stake::new(e.burned);
    lease::dispute_resolved(rows, e, at)
}
