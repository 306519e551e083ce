//! One file per instruction, each read from top to bottom: what it promises, its arguments, its
//! accounts, `validate`, `handle`. Handlers move tokens and write what `mira_core` returned; they
//! decide no amount.
//!
//! | group | instructions |
//! | --- | --- |
//! | `admin` | `initialize`, `init_fee_shard`, `update_params`, `propose_admin`, `accept_admin`, `set_guardian`, `set_pause`, `set_reward_authorities`, `set_verifiers`, `withdraw_treasury` |
//! | `stake` | `register_provider`, `update_provider`, `stake`, `request_unstake`, `cancel_unstake`, `withdraw_stake` |
//! | `job` | `create_job`, `fund_job`, `extend_job`, `update_job`, `begin_close_job`, `close_job` |
//! | `lease` | `open_lease`, `settle`, `settle_direct`, `close_lease`, `release_lease`, `end_lease` |
//! | `dispute` | `open_dispute`, `respond_dispute`, `vote_dispute`, `resolve_dispute` |
//! | `reward` | `sweep_fees`, `approve_epoch`, `cancel_epoch`, `finalize_epoch`, `claim_reward`, `claim_delegation_reward` |
//!
//! `validate` names every account in the order of the list, also those that an attribute or their
//! type has checked by then, so that an auditor can tick them off. An account of ours is what its type
//! says, because only this program makes one; its seeds are checked where nothing else in the
//! instruction is derived from its address.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;

pub use admin::*;
pub use dispute::*;
pub use job::*;
pub use lease::*;
pub use reward::*;
pub use stake::*;
