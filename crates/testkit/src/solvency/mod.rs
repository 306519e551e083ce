//! Random scripts against the program: whatever happens in whatever order, honest or not, chain and
//! model agree, every invariant holds to the base unit, and everyone gets out.
//!
//! | module | holds |
//! | --- | --- |
//! | [`dice`] | numbers from a seed |
//! | [`cast`] | who plays |
//! | [`script`] | what they try next: sensible things, stale things, and other people's things |
//! | [`attack`] | bending what would be accepted |
//! | [`audit`] | the invariants that the ledger cannot check alone |
//! | [`player`] | playing a script, and getting everything out at its end |
//! | [`tally`] | what happened |

pub mod attack;
pub mod audit;
pub mod cast;
pub mod dice;
mod drain;
pub mod player;
mod script;
pub mod tally;

pub use player::{Player, play};
pub use tally::{Attack, Tally};

/// The model's names of all instructions; of `initialize`, which it does not know, the program's.
pub const INSTRUCTIONS: [&str; 38] = [
    "Initialize",
    "InitFeeShard",
    "RegisterProvider",
    "UpdateProvider",
    "Stake",
    "RequestUnstake",
    "CancelUnstake",
    "WithdrawStake",
    "CreateJob",
    "FundJob",
    "ExtendJob",
    "UpdateJob",
    "BeginCloseJob",
    "CloseJob",
    "OpenLease",
    "Settle",
    "SettleDirect",
    "CloseLease",
    "ReleaseLease",
    "EndLease",
    "OpenDispute",
    "RespondDispute",
    "VoteDispute",
    "ResolveDispute",
    "SweepFees",
    "ApproveEpoch",
    "CancelEpoch",
    "FinalizeEpoch",
    "ClaimReward",
    "ClaimDelegationReward",
    "UpdateParams",
    "ProposeAdmin",
    "AcceptAdmin",
    "SetGuardian",
    "SetPause",
    "SetRewardAuthorities",
    "SetVerifiers",
    "WithdrawTreasury",
];
