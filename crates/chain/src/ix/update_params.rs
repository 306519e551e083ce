//! `update_params`: changes the parameters of everything to come.

use super::build;
use crate::pda;
use mira::state::NetworkParams;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// All of the parameters, also those that stay. `admin` signs.
pub fn update_params(admin: &Pubkey, params: NetworkParams) -> Instruction {
    build(
        &mira::accounts::UpdateParams {
            admin: *admin,
            config: pda::config(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::UpdateParams { params },
    )
}
