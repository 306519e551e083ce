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

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    let verbs = [
        accept_admin::trials(),
        init_fee_shard::trials(),
        initialize::trials(),
        propose_admin::trials(),
        set_guardian::trials(),
        set_pause::trials(),
        set_reward_authorities::trials(),
        set_verifiers::trials(),
        update_params::trials(),
        withdraw_treasury::trials(),
    ];
    verbs.into_iter().flatten().collect()
}
