//! `propose_admin`: names the next admin, or takes a proposal back.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `next` may accept from now on; naming the present admin takes a proposal back. `admin` signs.
pub fn propose_admin(admin: &Pubkey, next: &Pubkey) -> Instruction {
    build(
        &mira::accounts::ProposeAdmin {
            admin: *admin,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ProposeAdmin { admin: *next },
    )
}
