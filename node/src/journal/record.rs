//! The facts a node writes down. The encoding is Borsh; variants are only ever added at the end.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::{Hash, Key};

/// What a lease pays and how long it lasts. Amounts in payment base units, times in unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LeaseTerms {
    /// The job that pays.
    pub job: Key,
    /// Payment base units per million units.
    pub unit_price: u64,
    /// The most that can ever be settled.
    pub cap: u64,
    /// No work after this, unix seconds.
    pub expires_at: i64,
}

/// A shard that ran and whose output is uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Done {
    /// The shard.
    pub shard: u32,
    /// The attempt.
    pub attempt: u32,
    /// The output's hash.
    pub output: Hash,
    /// The units it used.
    pub units: u64,
}

/// A usage report with its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SignedUsage {
    /// From 1, without a gap.
    pub seq: u64,
    /// Units of all accepted shards so far.
    pub cumulative_units: u64,
    /// Accepted shards so far.
    pub items: u32,
    /// Running hash of their outputs.
    pub outputs_hash: Hash,
    /// The operator's signature.
    pub signature: [u8; 64],
}

/// A voucher with its signature, already verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SignedVoucher {
    /// All that may have been paid so far, payment base units.
    pub cumulative_amount: u64,
    /// The units it pays for.
    pub cumulative_units: u64,
    /// The voucher signer's signature.
    pub signature: [u8; 64],
}

/// One fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Record {
    /// The operator is about to sign the opening of this lease. Whether it was opened, the chain knows.
    LeaseAccepted {
        /// The lease.
        lease: Key,
        /// What was agreed.
        terms: LeaseTerms,
    },
    /// The lease exists on chain.
    LeaseOpened {
        /// The lease.
        lease: Key,
        /// Whose signature its vouchers need.
        voucher_signer: Key,
    },
    /// The lease is over for this node: it was never opened, or it has ended.
    LeaseGone {
        /// The lease.
        lease: Key,
    },
    /// A shard ran; the dispatcher is about to be told.
    ShardDone {
        /// The lease.
        lease: Key,
        /// The result.
        done: Done,
    },
    /// The dispatcher's answer to a result.
    ShardJudged {
        /// The lease.
        lease: Key,
        /// The shard.
        shard: u32,
        /// The attempt.
        attempt: u32,
        /// Whether it is owed.
        accepted: bool,
        /// Units of the lease's accepted shards so far, as the dispatcher has it; 0 if it did not say.
        cumulative_units: u64,
    },
    /// A usage report is about to be sent.
    UsageSigned {
        /// The lease.
        lease: Key,
        /// The report.
        usage: SignedUsage,
    },
    /// The API has stored the report for good.
    UsageStored {
        /// The lease.
        lease: Key,
        /// The report's number.
        seq: u64,
    },
    /// A voucher came, higher than the one before.
    VoucherReceived {
        /// The lease.
        lease: Key,
        /// The voucher.
        voucher: SignedVoucher,
    },
    /// The chain has paid this much in all.
    Settled {
        /// The lease.
        lease: Key,
        /// Cumulative, payment base units.
        amount: u64,
    },
}

impl Record {
    /// The lease that the fact is about.
    #[must_use]
    pub const fn lease(&self) -> &Key {
        match self {
            Self::LeaseAccepted { lease, .. }
            | Self::LeaseOpened { lease, .. }
            | Self::LeaseGone { lease }
            | Self::ShardDone { lease, .. }
            | Self::ShardJudged { lease, .. }
            | Self::UsageSigned { lease, .. }
            | Self::UsageStored { lease, .. }
            | Self::VoucherReceived { lease, .. }
            | Self::Settled { lease, .. } => lease,
        }
    }
}
