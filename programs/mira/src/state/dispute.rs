//! A dispute: a challenger's bond against a lease's exposure.

use super::{checked, next_seq, stored_bps};
use crate::error::MiraError;
use anchor_lang::prelude::*;
use mira_core::amount::Stake;
use mira_core::dispute::{self, DisputeKind, Stage};

/// A dispute, at `["dispute", lease]`. There is at most one in a lease's life.
#[account]
#[derive(Debug, InitSpace, PartialEq, Eq)]
pub struct Dispute {
    /// The lease it is about.
    pub lease: Pubkey,
    /// The provider that is accused.
    pub provider: Pubkey,
    /// The requester or the voucher signer; paid the bond and the rent.
    pub challenger: Pubkey,
    /// `mira_core::dispute::DisputeKind` as u8.
    pub kind: u8,
    /// Stake base units, held in the stake vault.
    pub bond: u64,
    /// Hash of what the challenger shows.
    pub evidence: [u8; 32],
    /// Hash of the owner's answer; zero until it contests.
    pub answer: [u8; 32],
    /// `mira_core::dispute::Stage` as u8.
    pub stage: u8,
    /// Unix second of the challenge.
    pub opened_at: i64,
    /// The owner answers before this unix second.
    pub respond_until: i64,
    /// The verifiers vote before this unix second; 0 until it is contested.
    pub vote_until: i64,
    /// From answer to that, as the network had it at the challenge.
    pub vote_secs: u32,
    /// How long a lost dispute jails, as the network had it at the challenge.
    pub jail_secs: u32,
    /// The largest part of the pool it takes, of 10,000, as the network had it at the challenge.
    pub max_slash_bps: u16,
    /// The set of verifiers under which it was contested.
    pub verifier_set: u32,
    /// One bit for each verifier that voted, by its place in the set.
    pub voted: u8,
    /// Votes for the challenger.
    pub votes_for: u8,
    /// Votes against.
    pub votes_against: u8,
    /// Number of this aggregate's last event.
    pub seq: u64,
    /// Canonical bump of this address.
    pub bump: u8,
}

impl Dispute {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Self::DISCRIMINATOR.len() + Self::INIT_SPACE;

    /// A new dispute with these books.
    pub fn begin(lease: Pubkey, provider: Pubkey, books: &dispute::Dispute, bump: u8) -> Self {
        Self {
            lease,
            provider,
            challenger: Pubkey::new_from_array(books.challenger),
            kind: books.kind.as_u8(),
            bond: books.bond.get(),
            evidence: books.evidence,
            answer: books.answer,
            stage: books.stage.as_u8(),
            opened_at: books.opened_at,
            respond_until: books.respond_until,
            vote_until: books.vote_until,
            vote_secs: books.vote_secs,
            jail_secs: books.jail_secs,
            max_slash_bps: books.max_slash.get(),
            verifier_set: books.verifier_set,
            voted: books.voted,
            votes_for: books.votes_for,
            votes_against: books.votes_against,
            seq: 1,
            bump,
        }
    }

    /// The books for core.
    pub fn to_core(&self) -> Result<dispute::Dispute> {
        Ok(dispute::Dispute {
            challenger: self.challenger.to_bytes(),
            kind: DisputeKind::try_from(self.kind).map_err(|_| error!(MiraError::InvariantBroken))?,
            bond: Stake::new(self.bond),
            evidence: self.evidence,
            answer: self.answer,
            stage: checked(Stage::try_from(self.stage))?,
            opened_at: self.opened_at,
            respond_until: self.respond_until,
            vote_until: self.vote_until,
            vote_secs: self.vote_secs,
            jail_secs: self.jail_secs,
            max_slash: stored_bps(self.max_slash_bps)?,
            verifier_set: self.verifier_set,
            voted: self.voted,
            votes_for: self.votes_for,
            votes_against: self.votes_against,
        })
    }

    /// Takes the books after a transition and counts its event. What a dispute never changes (who
    /// challenged what, the bond, the terms) is left alone.
    pub fn apply(&mut self, books: &dispute::Dispute) -> Result<()> {
        self.answer = books.answer;
        self.stage = books.stage.as_u8();
        self.vote_until = books.vote_until;
        self.verifier_set = books.verifier_set;
        self.voted = books.voted;
        self.votes_for = books.votes_for;
        self.votes_against = books.votes_against;
        self.seq = next_seq(self.seq)?;
        self.invariant()
    }

    /// Times, votes and stage agree.
    pub fn invariant(&self) -> Result<()> {
        require!(self.seq > 0, MiraError::InvariantBroken);
        checked(self.to_core()?.invariant())
    }
}
