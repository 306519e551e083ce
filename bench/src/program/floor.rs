//! The floor under a settlement: what it would cost to do nothing but move tokens and verify a
//! signature, on the same SVM with the same token program.

use super::stage::{CAP, Stage};
use mira_chain::token::TOKEN_PROGRAM;
use serde::Serialize;
use solana_cost_model::block_cost_limits::ED25519_VERIFY_STRICT_COST;
use spl_token_interface::instruction::transfer_checked;

/// Decimals of the worlds' mints.
const DECIMALS: u8 = 6;

/// What the floor is made of, and how far a settlement is above it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Floor {
    /// One bare `transfer_checked` of the token program.
    pub transfer_checked: u64,
    /// The ed25519 verification of a voucher alone, as the SVM meters it.
    pub ed25519_metered: u64,
    /// What the same verification counts in a block's limits: the runtime's own constant.
    pub ed25519_in_block: u64,
    /// A settlement, as the SVM meters it.
    pub settle: u64,
    /// (settlement + verification) ÷ (two transfers, to the provider and of the fee, + verification),
    /// with what the verification counts in a block.
    pub ratio: f64,
}

/// Measures all in one world.
pub fn measure(seed: u64) -> Floor {
    let (mut stage, _, lease) = Stage::lease(seed);
    let Stage { world, owner, requester, signer, stranger, .. } = &mut stage;
    let settle = world.settle(stranger, signer, &lease, CAP / 3, 7);
    let (from, to) = (world.payment_purse(&requester.pubkey()), world.payment_purse(&owner.pubkey()));
    let mint = world.payment_mint;
    let transfer = transfer_checked(&TOKEN_PROGRAM, &from, &mint, &to, &requester.pubkey(), &[], CAP, DECIMALS);
    let transfer = transfer.expect("a token program makes its own instruction");
    let mut metered = |instruction| {
        let sent = world.send(&[instruction], &[requester]).expect("the floor is within the requester's means");
        sent.compute_units_consumed
    };
    let transfer_checked = metered(transfer);
    let ed25519_metered = metered(settle.instructions[0].clone());
    let settle = stage.cost(&settle).compute_units;
    let above = (settle + ED25519_VERIFY_STRICT_COST) as f64;
    let ratio = above / (2 * transfer_checked + ED25519_VERIFY_STRICT_COST) as f64;
    Floor { transfer_checked, ed25519_metered, ed25519_in_block: ED25519_VERIFY_STRICT_COST, settle, ratio }
}
