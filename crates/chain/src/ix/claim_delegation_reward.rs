//! `claim_delegation_reward`: pays what a position has earned. Anyone may.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// What the position of `staker` has earned. `actor` signs: the staker, with any payment-mint account as
/// `destination`, or anyone, with the staker's associated one.
pub fn claim_delegation_reward(
    actor: &Pubkey,
    provider: &Pubkey,
    staker: &Pubkey,
    destination: &Pubkey,
) -> Instruction {
    build(
        &mira::accounts::ClaimDelegationReward {
            actor: *actor,
            config: pda::config(),
            provider: *provider,
            position: pda::stake_position(provider, staker),
            staker: *staker,
            destination: *destination,
            rewards: pda::rewards(),
            reward_vault: pda::reward_vault(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ClaimDelegationReward {},
    )
}
