//! Small states kept as a number.

/// An enum stored as an integer, with its name for filters and messages.
macro_rules! codes {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant = $code,)* }

        impl $name {
            /// Every value, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number that is stored.
            pub const fn code(self) -> u8 {
                match self { $(Self::$variant => $code,)* }
            }

            /// The value of a stored number, `None` if no version wrote it.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The name, snake_case.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value of a name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
            }
        }
    )*};
}

codes! {
    /// What is known of a slot. An unavailable slot has no row: it stops the cursor.
    pub enum SlotState {
        /// The block was read.
        Present = 0 "present",
        /// The parent links prove that no block exists.
        ProvenSkipped = 1 "proven_skipped",
    }

    /// A provider's standing.
    pub enum ProviderStatus {
        /// Takes leases.
        Active = 0 "active",
        /// Takes no new leases by its own wish.
        Draining = 1 "draining",
        /// Takes no new leases after a lost dispute.
        Jailed = 2 "jailed",
    }

    /// A job's state. `Closed` exists only here: the account is gone then.
    pub enum JobState {
        /// Takes leases.
        Open = 0 "open",
        /// Takes no new leases.
        Closing = 1 "closing",
        /// The account was closed and the remainder refunded.
        Closed = 2 "closed",
    }

    /// How far a dispute is. The last three exist only here: the account is gone then.
    pub enum DisputeStatus {
        /// Waits for the owner's answer.
        Open = 0 "open",
        /// The owner conceded.
        Conceded = 1 "conceded",
        /// The owner contests; the verifiers vote.
        Contested = 2 "contested",
        /// The challenger was right.
        Upheld = 3 "upheld",
        /// The challenger was wrong.
        Rejected = 4 "rejected",
        /// Nobody decided.
        Dismissed = 5 "dismissed",
    }

    /// How far a reward epoch is.
    pub enum EpochStatus {
        /// Some authority approved something under its number.
        Proposed = 0 "proposed",
        /// A majority approved the same, and it can still be cancelled.
        Pending = 1 "pending",
        /// Claims are, or were, made against it.
        Final = 2 "final",
        /// It was cancelled, or the authorities changed: all approvals are void.
        Dropped = 3 "dropped",
    }

    /// How far a transaction got.
    pub enum IntentState {
        /// Signed and stored, maybe sent.
        Pending = 0 "pending",
        /// Finalized without an error.
        Finalized = 1 "finalized",
        /// Finalized with an error, or given up.
        Failed = 2 "failed",
        /// The blockhash expired and the final status check was negative.
        Expired = 3 "expired",
    }

    /// How a lease's three books (reported, vouchered, settled) stand to each other.
    pub enum ReconClass {
        /// They agree.
        Matched = 0 "matched",
        /// Reported and not vouchered: the requester owes a signature.
        Unvouchered = 1 "unvouchered",
        /// Vouchered and not settled: the provider has not cashed it.
        Unsettled = 2 "unsettled",
        /// Settled beyond what was reported.
        OverSettled = 3 "over_settled",
        /// Vouchered, settled or numbered beyond a report that is not there.
        MissingReport = 4 "missing_report",
        /// A report under a number that another one has, or that counts less than the one before.
        Replayed = 5 "replayed",
        /// More was vouchered or settled than the lease's price gives for the units named.
        PriceBreach = 6 "price_breach",
        /// More was reported or vouchered than the lease can pay.
        CapBreach = 7 "cap_breach",
        /// Reported when nothing could be used under the lease any more.
        OutOfWindow = 8 "out_of_window",
        /// Somebody else got another result.
        AuditFailed = 9 "audit_failed",
    }

    /// How far an audit is, and what it says of the result that was sampled.
    pub enum AuditState {
        /// Another operator is to run it.
        Sampled = 0 "sampled",
        /// That one got something else: a third is to run it.
        Mismatch = 1 "mismatch",
        /// Another operator got the same.
        Passed = 2 "passed",
        /// Two others got the same, and something else than the provider.
        Failed = 3 "failed",
        /// The third got the same as the provider: the second is wrong.
        Cleared = 4 "cleared",
        /// Nobody is shown to be right or wrong.
        Inconclusive = 5 "inconclusive",
    }

    /// Who has to act on a difference.
    pub enum ReconOwner {
        /// The job's requester.
        Requester = 0 "requester",
        /// The lease's provider.
        Provider = 1 "provider",
    }

    /// What is to be expected of a difference.
    pub enum ReconState {
        /// It goes away by itself: the other side is still to sign or to cash, and can.
        Pending = 0 "pending",
        /// It does not: somebody broke a promise, or can no longer keep it.
        Exception = 1 "exception",
        /// The lease has ended: nobody can act on it any more.
        Closed = 2 "closed",
    }
}

impl AuditState {
    /// Whether nothing is waited for any more.
    pub const fn is_decided(self) -> bool {
        !matches!(self, Self::Sampled | Self::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_inverse() {
        for &state in JobState::ALL {
            assert_eq!(JobState::from_code(state.code()), Some(state));
            assert_eq!(JobState::parse(state.as_str()), Some(state));
        }
        assert_eq!(JobState::from_code(3), None);
        assert_eq!(JobState::parse("gone"), None);
    }
}
