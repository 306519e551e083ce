//! One builder per instruction of the program, over Anchor's generated account and argument types.
//!
//! Builders derive every address that has only one right value and take the rest; they check nothing,
//! because the program does. `settle` is two instructions: its voucher's signature is verified by the
//! ed25519 program directly before it.

mod begin_close_job;
mod close_job;
mod close_lease;
mod create_job;
mod end_lease;
mod fund_job;
mod init_fee_shard;
mod initialize;
mod open_lease;
mod register_provider;
mod release_lease;
mod request_unstake;
mod settle;
mod stake;
mod sweep_fees;
mod withdraw_stake;

pub use begin_close_job::begin_close_job;
pub use close_job::close_job;
pub use close_lease::close_lease;
pub use create_job::create_job;
pub use end_lease::end_lease;
pub use fund_job::fund_job;
pub use init_fee_shard::init_fee_shard;
pub use initialize::initialize;
pub use open_lease::{LeaseTerms, open_lease};
pub use register_provider::register_provider;
pub use release_lease::release_lease;
pub use request_unstake::request_unstake;
pub use settle::{SettleAccounts, settle};
pub use stake::stake;
pub use sweep_fees::sweep_fees;
pub use withdraw_stake::withdraw_stake;

pub use mira::state::NetworkParams;
pub use mira::{CreateJobArgs, InitializeArgs, RegisterProviderArgs};

use anchor_lang::{InstructionData, ToAccountMetas};
use mira_core::params::Params;
use solana_sdk::instruction::Instruction;

/// The network's parameters as `initialize` takes them.
pub fn network_params(params: &Params) -> NetworkParams {
    NetworkParams {
        fee_bps: params.fee_bps.get(),
        min_stake: params.min_stake.get(),
        stake_per_million: params.stake_per_million.get(),
        unbonding_secs: params.unbonding_secs,
        max_lease_secs: params.max_lease_secs,
        max_job_secs: params.max_job_secs,
        grace_secs: params.grace_secs,
        dispute_window_secs: params.dispute_window_secs,
        job_id_window_secs: params.job_id_window_secs,
    }
}

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
        for meta in settle.accounts.iter().filter(|meta| meta.is_writable) {
            assert!(meta.pubkey != accounts.provider && meta.pubkey != pda::config());
        }
    }
}
