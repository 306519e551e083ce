//! One failing attack for every row of the table in `docs/SECURITY.md`, by the name of its file. Each makes
//! the attack on the program's ELF, asserts the exact error (or, where nothing is refused, that the attacker
//! has nothing of it), and shows that the same without the attack works.
//!
//! The `sealevel_*` files bend every instruction at every account: they take a [`tour`] of the program, on
//! which each instruction comes once and is accepted.

mod claim_twice;
mod commission_jump;
mod config_frontrun;
mod dispute_squat;
mod donation_cannot_move_index;
mod dust_close;
mod ed25519_offsets;
mod epoch_jammed;
mod epoch_last_second;
mod epoch_over_claimed;
mod epoch_squatted;
mod leaf_as_node;
mod mint_matrix;
mod prefund_init;
mod reregister_cannot_reclaim;
mod reward_empty_pool;
mod rob_delegators;
mod rotation_needs_accept;
mod sealevel_00;
mod sealevel_01;
mod sealevel_02;
mod sealevel_03;
mod sealevel_04;
mod sealevel_05;
mod sealevel_06;
mod sealevel_07;
mod sealevel_08;
mod sealevel_09;
mod sealevel_10;
mod slash_evasion;
mod stuck_dispute;
mod stuck_epoch;
mod stuck_job;
mod stuck_lease;
mod stuck_position;
mod stuck_ticket;
mod support;
mod tour;
mod vault_substitution;
mod voucher_fields;
mod voucher_replay;
mod voucher_repudiation;
mod wash_never_pays;

use libtest_mimic::Trial;

/// All tests of this folder, in the order of the table.
pub fn trials() -> Vec<Trial> {
    let files = [
        vault_substitution::trials(),
        sealevel_00::trials(),
        sealevel_01::trials(),
        sealevel_02::trials(),
        sealevel_03::trials(),
        sealevel_04::trials(),
        sealevel_05::trials(),
        sealevel_06::trials(),
        sealevel_07::trials(),
        sealevel_08::trials(),
        sealevel_09::trials(),
        sealevel_10::trials(),
        voucher_fields::trials(),
        voucher_replay::trials(),
        voucher_repudiation::trials(),
        reregister_cannot_reclaim::trials(),
        ed25519_offsets::trials(),
        donation_cannot_move_index::trials(),
        reward_empty_pool::trials(),
        commission_jump::trials(),
        slash_evasion::trials(),
        rob_delegators::trials(),
        epoch_jammed::trials(),
        epoch_squatted::trials(),
        epoch_last_second::trials(),
        epoch_over_claimed::trials(),
        dispute_squat::trials(),
        leaf_as_node::trials(),
        claim_twice::trials(),
        dust_close::trials(),
        prefund_init::trials(),
        mint_matrix::trials(),
        config_frontrun::trials(),
        rotation_needs_accept::trials(),
        stuck_job::trials(),
        stuck_lease::trials(),
        stuck_dispute::trials(),
        stuck_epoch::trials(),
        stuck_ticket::trials(),
        stuck_position::trials(),
        wash_never_pays::trials(),
    ];
    files.into_iter().flatten().collect()
}
