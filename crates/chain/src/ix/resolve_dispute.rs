//! `resolve_dispute`: ends a dispute that is decided or due. Anyone may.

use super::build;
use crate::pda;
use crate::token::TOKEN_PROGRAM;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// The accounts that the end of a dispute touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResolveAccounts {
    /// Anyone; signs.
    pub actor: Pubkey,
    /// The cold key of the accused provider, which names the provider and its position.
    pub owner: Pubkey,
    /// The disputed lease.
    pub lease: Pubkey,
    /// Who challenged, as the dispute names it: gets the rent.
    pub challenger: Pubkey,
    /// Where the bond goes: the challenger's associated account, or the owner's if the dispute is rejected;
    /// any stake-mint account if the beneficiary is the actor.
    pub bond_to: Pubkey,
    /// Where a compensation goes, if there is one: the same, of the lease's requester.
    pub compensation_to: Option<Pubkey>,
    /// The network's stake mint, as its config names it.
    pub stake_mint: Pubkey,
}

/// Ends the dispute.
pub fn resolve_dispute(accounts: &ResolveAccounts) -> Instruction {
    let provider = pda::provider(&accounts.owner);
    build(
        &mira::accounts::ResolveDispute {
            actor: accounts.actor,
            config: pda::config(),
            provider,
            owner_position: pda::stake_position(&provider, &accounts.owner),
            lease: accounts.lease,
            dispute: pda::dispute(&accounts.lease),
            challenger: accounts.challenger,
            bond_to: accounts.bond_to,
            compensation_to: accounts.compensation_to,
            stake_mint: accounts.stake_mint,
            stake_vault: pda::stake_vault(),
            token_program: TOKEN_PROGRAM,
            event_authority: pda::event_authority(),
            program: pda::PROGRAM_ID,
        },
        &mira::instruction::ResolveDispute {},
    )
}
