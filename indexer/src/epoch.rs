//! Reward epochs: what each provider has earned until a slot, in one document that anyone can
//! recompute.
//!
//! ```text
//! ledger up to a slot, reports and audits until its time ─▶ Inputs ─▶ fold ─▶ Report ─▶ Bundle
//!                        read                                        pure               a file
//! ```
//!
//! The rules, version 1 ([`VERSION`]; the reasons are in `docs/decisions/0009`). All amounts are
//! lifetime amounts unless an epoch is named, every rounding is down:
//!
//! - A lease counts `fee_paid × eligible / settled` of its fees. Leases that settled nothing have no line.
//!   A lease of which an audit found a result to be wrong has nothing eligible (0013).
//! - A provider has earned the sum over its leases, and is due what exceeds the fees that its epochs
//!   counted so far. That never falls: what an earlier epoch counted too much is made up out of later fees.
//! - An epoch counts no fee that is not in the reward vault. If more is due than was swept and is not yet
//!   counted, each provider gets its proportion, and the rest waits for the next epoch.
//! - An epoch's reward is `fees × reward share`, and of that `× quality`. What the rewards leave goes to
//!   the treasury. Of quality, audits are observed: those that passed, of those decided in the thirty days
//!   before; nothing else is yet.
//! - The tree's leaves are the providers with a lifetime reward above zero, in the order of their keys.
//!
//! Deliberately absent: sending ([`mira_chain::ix`] has the instructions) and any judgement of a lease,
//! which is [`crate::reconcile`]'s.

mod bundle;
mod encode;
mod fold;
mod quality;
mod read;
mod verify;

pub use bundle::{Base58, Bundle, BundleError, EpochDoc, Hex, I64, LeaseDoc, ProviderDoc, RateDoc, U64, VERSION};
pub use fold::{FoldError, Header, Inputs, LeaseInput, LeaseLine, ProviderInput, ProviderLine, Report, fold};
pub use quality::{Observed, Rate, quality};
pub use read::{BuildError, ReadError, build, read};
pub use verify::{Difference, VerifyError, against_ledger, against_previous, alone};
