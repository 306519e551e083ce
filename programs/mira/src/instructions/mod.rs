//! One file per instruction, each read from top to bottom: what it promises, its arguments, its
//! accounts, `validate`, `handle`. Handlers move tokens and write what `mira_core` returned; they
//! decide no amount.
//!
//! | group | instructions |
//! | --- | --- |
//! | `admin` | `initialize`, `init_fee_shard` |
//! | `stake` | `register_provider`, `stake`, `request_unstake`, `withdraw_stake` |
//! | `job` | `create_job`, `fund_job`, `begin_close_job`, `close_job` |
//! | `lease` | `open_lease`, `settle`, `close_lease`, `release_lease`, `end_lease` |
//! | `reward` | `sweep_fees` |
//!
//! `validate` names every account in the order of the list, also those that an attribute or their
//! type has checked by then, so that an auditor can tick them off.

mod admin;
mod job;
mod lease;
mod reward;
mod stake;

pub use admin::*;
pub use job::*;
pub use lease::*;
pub use reward::*;
pub use stake::*;
