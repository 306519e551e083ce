//! One builder per instruction of the program, over Anchor's generated account and argument types.
//!
//! Builders derive every address that has only one right value and take the rest; they check nothing,
//! because the program does. `settle` is two instructions: its voucher's signature is verified by the
//! ed25519 program directly before it.

mod accept_admin;
mod approve_epoch;
mod begin_close_job;
mod cancel_epoch;
mod cancel_unstake;
mod claim_delegation_reward;
mod claim_reward;
mod close_job;
mod close_lease;
mod create_job;
mod end_lease;
mod extend_job;
mod finalize_epoch;
mod fund_job;
mod init_fee_shard;
mod initialize;
mod open_dispute;
mod open_lease;
mod propose_admin;
mod register_provider;
mod release_lease;
mod request_unstake;
mod resolve_dispute;
mod respond_dispute;
mod set_guardian;
mod set_pause;
mod set_reward_authorities;
mod set_verifiers;
mod settle;
mod settle_direct;
mod stake;
mod sweep_fees;
mod update_job;
mod update_params;
mod update_provider;
mod vote_dispute;
mod withdraw_stake;
mod withdraw_treasury;

pub use accept_admin::accept_admin;
pub use approve_epoch::approve_epoch;
pub use begin_close_job::begin_close_job;
pub use cancel_epoch::cancel_epoch;
pub use cancel_unstake::cancel_unstake;
pub use claim_delegation_reward::claim_delegation_reward;
pub use claim_reward::claim_reward;
pub use close_job::close_job;
pub use close_lease::close_lease;
pub use create_job::create_job;
pub use end_lease::end_lease;
pub use extend_job::extend_job;
pub use finalize_epoch::finalize_epoch;
pub use fund_job::fund_job;
pub use init_fee_shard::init_fee_shard;
pub use initialize::initialize;
pub use open_dispute::open_dispute;
pub use open_lease::{LeaseTerms, open_lease};
pub use propose_admin::propose_admin;
pub use register_provider::register_provider;
pub use release_lease::release_lease;
pub use request_unstake::request_unstake;
pub use resolve_dispute::{ResolveAccounts, resolve_dispute};
pub use respond_dispute::respond_dispute;
pub use set_guardian::set_guardian;
pub use set_pause::set_pause;
pub use set_reward_authorities::set_reward_authorities;
pub use set_verifiers::set_verifiers;
pub use settle::{SettleAccounts, settle};
pub use settle_direct::settle_direct;
pub use stake::stake;
pub use sweep_fees::sweep_fees;
pub use update_job::update_job;
pub use update_params::update_params;
pub use update_provider::update_provider;
pub use vote_dispute::vote_dispute;
pub use withdraw_stake::withdraw_stake;
pub use withdraw_treasury::withdraw_treasury;

pub use mira::state::NetworkParams;
pub use mira::{CreateJobArgs, InitializeArgs, RegisterProviderArgs, UpdateProviderArgs};

use anchor_lang::{InstructionData, ToAccountMetas};
use solana_sdk::instruction::Instruction;

fn build(accounts: &impl ToAccountMetas, data: &impl InstructionData) -> Instruction {
    Instruction { program_id: crate::pda::PROGRAM_ID, accounts: accounts.to_account_metas(None), data: data.data() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pda;
    use mira_core::amount::{Payment, Units};
    use solana_sdk::pubkey::Pubkey;

    #[test]
    fn every_instruction_ends_with_what_events_need() {
        let key = Pubkey::new_from_array([3; 32]);
        let voucher = crate::voucher::voucher([1; 32], &key, Payment::new(1), Units::new(1));
        let accounts = SettleAccounts { submitter: key, job: key, lease: key, provider: key, payout: key };
        let [proof, settle] = settle(&accounts, &key, &voucher, &[2; 64]);
        assert_eq!(proof.program_id, solana_sdk_ids::ed25519_program::ID);
        for instruction in [settle, sweep_fees(&key, 3), begin_close_job(&key, &key), release_lease(&key, &key, &key)] {
            assert_eq!(instruction.program_id, pda::PROGRAM_ID);
            let tail: Vec<_> = instruction.accounts.iter().rev().take(2).map(|meta| meta.pubkey).collect();
            assert_eq!(tail, [pda::PROGRAM_ID, pda::event_authority()]);
        }
    }

    #[test]
    fn a_settlement_writes_neither_provider_nor_config() {
        let accounts = SettleAccounts {
            submitter: Pubkey::new_from_array([1; 32]),
            job: Pubkey::new_from_array([2; 32]),
            lease: Pubkey::new_from_array([3; 32]),
            provider: Pubkey::new_from_array([4; 32]),
            payout: Pubkey::new_from_array([5; 32]),
        };
        let voucher = crate::voucher::voucher([1; 32], &accounts.lease, Payment::new(1), Units::new(1));
        let [_, settle] = settle(&accounts, &accounts.submitter, &voucher, &[2; 64]);
        let direct = settle_direct(&accounts, Payment::new(1), Units::new(1));
        for meta in settle.accounts.iter().chain(&direct.accounts).filter(|meta| meta.is_writable) {
            assert!(meta.pubkey != accounts.provider && meta.pubkey != pda::config());
        }
    }
}
