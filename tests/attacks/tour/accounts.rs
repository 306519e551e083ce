//! What the accounts of an instruction are, so that an attack knows what to put in the place of each.

use mira_testkit::{Step, World};
use solana_sdk::instruction::AccountMeta;
use solana_sdk::pubkey::Pubkey;

/// How the program takes an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Signs.
    Signer,
    /// Belongs to the program and is read by its type.
    Book,
    /// Becomes a [`Kind::Book`] by this instruction; nothing is there.
    New,
    /// Anything at the address that its seeds derive: vaults, and what may not be there yet.
    Derived,
    /// A token account, read by its type.
    Tokens,
    /// The key that another account names.
    Named,
    /// A mint, read by its type.
    Mint,
    /// The loader's record of the program.
    Record,
    /// The instructions sysvar.
    Sysvar,
    /// A program that is called.
    Program,
    /// What events need: Anchor's own.
    Event,
}

/// An account of an instruction.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// As the instruction calls it.
    pub name: &'static str,
    /// How it is taken.
    pub kind: Kind,
    /// Its place among the instruction's accounts.
    pub place: usize,
    /// Its address.
    pub key: Pubkey,
}

/// The accounts of a step of that name, in their order.
pub fn of(world: &World, name: &'static str, step: &Step) -> Vec<Account> {
    let metas = &step.instructions.last().unwrap().accounts;
    let (_, names) = ACCOUNTS.iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("{name} has no accounts"));
    let names: Vec<&'static str> = names.split(' ').chain(["event_authority", "program"]).collect();
    assert_eq!(names.len(), metas.len(), "the table names every account of {name}");
    let account = |(place, (meta, account)): (usize, (&AccountMeta, &'static str))| {
        let kind = if meta.is_signer { Kind::Signer } else { kind(name, account, world.lamports(&meta.pubkey) > 0) };
        Account { name: account, kind, place, key: meta.pubkey }
    };
    metas.iter().zip(names).enumerate().map(account).collect()
}

fn kind(instruction: &str, account: &str, exists: bool) -> Kind {
    match account {
        "config" | "rewards" | "provider" | "position" | "job" | "lease" | "dispute" | "fee_shard" => {
            if exists {
                Kind::Book
            } else {
                Kind::New
            }
        }
        "vault" if instruction == "CloseJob" => Kind::Tokens,
        // Elsewhere the config names it.
        "stake_vault" if instruction != "Initialize" => Kind::Named,
        "vault" | "stake_vault" | "reward_vault" | "treasury" | "fee_vault" | "owner_position" => Kind::Derived,
        "payout" if matches!(instruction, "RegisterProvider" | "UpdateProvider") => Kind::Tokens,
        "from" | "destination" | "bond_to" | "compensation_to" => Kind::Tokens,
        "stake_mint" if instruction == "ResolveDispute" => Kind::Named,
        "stake_mint" | "payment_mint" => Kind::Mint,
        "payout" | "staker" | "requester" | "rent_payer" | "challenger" => Kind::Named,
        "program_data" => Kind::Record,
        "instructions" => Kind::Sysvar,
        "token_program" | "system_program" => Kind::Program,
        "event_authority" | "program" => Kind::Event,
        other => panic!("what is {instruction}'s {other}?"),
    }
}

/// Each instruction's accounts in their order; the two for events come last everywhere.
const ACCOUNTS: [(&str, &str); 38] = [
    (
        "Initialize",
        "authority program_data config rewards stake_mint payment_mint stake_vault reward_vault treasury token_program \
         system_program",
    ),
    ("InitFeeShard", "payer config fee_shard payment_mint fee_vault token_program system_program"),
    ("UpdateParams", "admin config"),
    ("ProposeAdmin", "admin config"),
    ("AcceptAdmin", "pending_admin config"),
    ("SetGuardian", "admin config"),
    ("SetPause", "actor config"),
    ("SetRewardAuthorities", "admin config rewards"),
    ("SetVerifiers", "admin config"),
    ("WithdrawTreasury", "admin config rewards treasury destination token_program"),
    ("RegisterProvider", "owner config provider payout system_program"),
    ("UpdateProvider", "owner config provider payout"),
    ("Stake", "staker config provider position from stake_vault token_program system_program"),
    ("RequestUnstake", "staker config provider position"),
    ("CancelUnstake", "staker provider position"),
    ("WithdrawStake", "actor config provider position staker destination stake_vault token_program"),
    ("CreateJob", "requester config job payment_mint vault token_program system_program"),
    ("FundJob", "funder config job vault from token_program"),
    ("ExtendJob", "requester config job"),
    ("UpdateJob", "requester job"),
    ("BeginCloseJob", "requester job"),
    ("CloseJob", "actor config job vault requester destination token_program"),
    ("OpenLease", "operator matcher config provider job lease system_program"),
    ("Settle", "submitter config job vault lease provider payout fee_shard fee_vault instructions token_program"),
    ("SettleDirect", "requester job vault lease provider payout fee_shard fee_vault token_program"),
    ("CloseLease", "actor provider lease"),
    ("ReleaseLease", "actor job lease"),
    ("EndLease", "actor provider lease rent_payer"),
    ("OpenDispute", "challenger config lease dispute from stake_vault token_program system_program"),
    ("RespondDispute", "owner config provider dispute"),
    ("VoteDispute", "verifier config provider lease dispute"),
    (
        "ResolveDispute",
        "actor config provider owner_position lease dispute challenger bond_to compensation_to stake_mint stake_vault \
         token_program",
    ),
    ("SweepFees", "actor fee_shard fee_vault rewards reward_vault token_program"),
    ("ApproveEpoch", "authority config rewards"),
    ("CancelEpoch", "actor config rewards"),
    ("FinalizeEpoch", "actor config rewards reward_vault treasury token_program"),
    ("ClaimReward", "actor provider payout rewards reward_vault token_program"),
    ("ClaimDelegationReward", "actor config provider position staker destination rewards reward_vault token_program"),
];
