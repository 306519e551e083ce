//! `set_reward_authorities`: replaces the keys that approve reward epochs.

use super::build;
use crate::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// All of the keys, at most [`mira::state::MAX_REWARD_AUTHORITIES`]; approvals and the pending epoch are
/// dropped. `admin` signs.
pub fn set_reward_authorities(admin: &Pubkey, keys: &[Pubkey]) -> Instruction {
    build(
        &mira::accounts::SetRewardAuthorities {
            admin: *admin,
            config: pda::config(),
            rewards: pda::rewards(),
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::SetRewardAuthorities { keys: keys.to_vec() },
    )
}
