//! `claim_reward`: claims what a leaf of the final root adds for a provider. Anyone may.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use mira_core::Hash;
use mira_core::amount::Payment;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// `actor` signs and may be anyone; `payout` is the account that the provider names. `lifetime` is the
/// amount of the provider's leaf, `proof` its siblings up to the root: see [`mira_core::merkle::proof`].
pub fn claim_reward(
    actor: &Pubkey,
    provider: &Pubkey,
    payout: &Pubkey,
    lifetime: Payment,
    proof: &[Hash],
) -> Instruction {
    build(
        &mira::accounts::ClaimReward {
            actor: *actor,
            provider: *provider,
            payout: *payout,
            rewards: pda::rewards(),
            reward_vault: pda::reward_vault(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ClaimReward { amount: lifetime.get(), proof: proof.to_vec() },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_asks_for_one_signature_and_makes_no_account() {
        let (actor, provider, payout) = (Pubkey::new_from_array([1; 32]), pda::config(), pda::treasury());
        let claim = claim_reward(&actor, &provider, &payout, Payment::new(1), &[[7; 32]; 20]);
        let signers: Vec<_> = claim.accounts.iter().filter(|meta| meta.is_signer).collect();
        assert!(matches!(signers.as_slice(), [meta] if meta.pubkey == actor && !meta.is_writable));
        assert!(claim.accounts.iter().all(|meta| meta.pubkey != solana_sdk_ids::system_program::ID));
        // Discriminator, amount, the number of hashes, the hashes.
        assert_eq!(claim.data.len(), 8 + 8 + 4 + 20 * 32);
    }
}
