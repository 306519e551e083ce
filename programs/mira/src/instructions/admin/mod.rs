//! Making and governing the network.

mod accept_admin;
mod init_fee_shard;
mod initialize;
mod propose_admin;
mod set_guardian;
mod set_pause;
mod set_reward_authorities;
mod set_verifiers;
mod update_params;
mod withdraw_treasury;

pub use accept_admin::*;
pub use init_fee_shard::*;
pub use initialize::*;
pub use propose_admin::*;
pub use set_guardian::*;
pub use set_pause::*;
pub use set_reward_authorities::*;
pub use set_verifiers::*;
pub use update_params::*;
pub use withdraw_treasury::*;
