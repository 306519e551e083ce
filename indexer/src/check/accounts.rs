//! Every row is its account, field by field, read with `getMultipleAccounts` at finalized. Rows of
//! closed jobs, ended leases, resolved disputes and closed positions have no account. The reward account
//! holds the last final epoch and the one under way.

mod fields;

use mira_chain::account::{self, Kind};
use mira_chain::pda;
use mira_chain::rpc::{AccountData, Rpc};
use mira_core::Key;
use mira_store::model::{DisputeStatus, JobState};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;

use super::finding::Findings;
use super::{Books, CheckError, CheckResult};
use crate::convert::base58;

/// Compares a row with the account found at its address.
type Compare<'a> = Box<dyn Fn(Option<&AccountData>, &mut Findings) -> Result<(), CheckError> + Send + Sync + 'a>;

pub(super) async fn check(rpc: &Rpc, books: &Books) -> Result<CheckResult, CheckError> {
    let expected = expected(books);
    let keys: Vec<Pubkey> = expected.iter().map(|(key, _)| *key).collect();
    let found = rpc.accounts(&keys, CommitmentLevel::Finalized).await?;
    let mut findings = Findings::default();
    for ((_, compare), account) in expected.iter().zip(&found.accounts) {
        compare(account.as_ref(), &mut findings)?;
    }
    Ok(findings.result("accounts_match", format!("{} rows agree with their accounts", keys.len())))
}

fn expected(books: &Books) -> Vec<(Pubkey, Compare<'_>)> {
    let mut all: Vec<(Pubkey, Compare<'_>)> = Vec::new();
    if let Some(row) = &books.network {
        all.push(present(pda::config(), row.config, "network", |account, f| fields::network(row, account, f)));
    }
    for row in &books.providers {
        let address = pda::provider(&pubkey(&row.owner));
        all.push(present(address, row.provider, "provider", |account, f| fields::provider(row, account, f)));
    }
    for row in &books.positions {
        let (provider, staker) = (pubkey(&row.provider), pubkey(&row.staker));
        let address = pda::stake_position(&provider, &staker);
        if row.closed {
            all.push(absent(address, "position"));
        } else {
            let key = address.to_bytes();
            all.push(present(address, key, "position", |account, f| fields::position(row, account, f)));
        }
    }
    for row in &books.jobs {
        let address = pda::job(&pubkey(&row.requester), row.job_id);
        if row.status == JobState::Closed {
            all.push(absent(address, "job"));
        } else {
            all.push(present(address, row.job, "job", |account, f| fields::job(row, account, f)));
        }
    }
    for row in &books.leases {
        let address = pda::lease(&pubkey(&row.job), &pubkey(&row.provider), row.nonce);
        if row.ended {
            all.push(absent(address, "lease"));
        } else {
            all.push(present(address, row.lease, "lease", |account, f| fields::lease(row, account, f)));
        }
    }
    for row in &books.shards {
        let address = pda::fee_shard(row.shard);
        all.push(present(address, row.fee_shard, "fee shard", |account, f| fields::fee_shard(row, account, f)));
    }
    if let Some(row) = &books.rewards {
        let epoch = |number| books.epochs.iter().find(|epoch| Some(epoch.number) == number);
        let (last, next) = (epoch(Some(row.epoch)), epoch(row.epoch.checked_add(1)));
        all.push(present(pda::rewards(), row.rewards, "rewards", move |account, f| {
            fields::rewards(row, account, f);
            fields::epochs(last, next, account, f);
        }));
    }
    for row in &books.disputes {
        let address = pda::dispute(&pubkey(&row.lease));
        if matches!(row.status, DisputeStatus::Upheld | DisputeStatus::Rejected | DisputeStatus::Dismissed) {
            all.push(absent(address, "dispute"));
        } else {
            let verifiers = books.network.as_ref().filter(|network| network.verifier_set == row.verifier_set);
            let verifiers = verifiers.map(|network| network.verifiers.as_slice());
            all.push(present(address, row.dispute, "dispute", move |account, f| {
                fields::dispute(row, verifiers, account, f);
            }));
        }
    }
    all
}

fn pubkey(key: &Key) -> Pubkey {
    Pubkey::new_from_array(*key)
}

/// A row whose account must exist, at the address that the row's own seeds give.
fn present<'a, T: Kind>(
    address: Pubkey,
    key: Key,
    kind: &'static str,
    compare: impl Fn(&T, &mut fields::Fields<'_>) + Send + Sync + 'a,
) -> (Pubkey, Compare<'a>) {
    let check = move |found: Option<&AccountData>, findings: &mut Findings| {
        let name = format!("{kind} {}", base58(&key));
        findings.equal(format!("{name}: address"), &key, &address.to_bytes());
        match found {
            None => findings.wrong(format!("{name}: has a row and no account")),
            Some(found) => {
                let account: T = account::decode(&address, found)?;
                compare(&account, &mut fields::Fields::new(&name, findings));
            }
        }
        Ok(())
    };
    (address, Box::new(check))
}

fn absent<'a>(address: Pubkey, kind: &'static str) -> (Pubkey, Compare<'a>) {
    let check = move |found: Option<&AccountData>, findings: &mut Findings| {
        if found.is_some() {
            findings.wrong(format!("{kind} {address}: its row says that it is gone, its account exists"));
        }
        Ok(())
    };
    (address, Box::new(check))
}
