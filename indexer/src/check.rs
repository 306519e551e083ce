//! The books, held against the chain: what the network owes, what its vaults hold, and whether the
//! index says what the accounts say.
//!
//! | check | holds |
//! | --- | --- |
//! | [`escrow`] | invariant 1: each job's vault is funded − paid − refunded |
//! | [`committed`] | invariant 2: committed is what unreleased leases can still take |
//! | [`stake`] | invariant 3: the stake vault is the sum of all pools and bonds, shares add up |
//! | [`exposure`] | invariant 4: exposure is the sum over leases not ended |
//! | [`fees`] | invariants 5 and 6: collected is in the shards or swept, and swept is in the reward vault, paid out or the treasury's |
//! | [`accounts`] | every row is its account, field by field; closed ones have none |
//! | [`ledger`] | every slot, every parent link, every aggregate's numbers: [`crate::prove`] |
//! | [`rebuilt`] | folding the ledger again gives the same state |
//! | [`three_books`] | reported, vouchered and settled agree for every lease |
//!
//! The numbers are those of the protocol's list of invariants. Each check is exact: a vault that
//! holds more than it owes fails too, unless [`Options::gifts`] says that strangers may have sent
//! tokens to it.

mod accounts;
mod books;
mod committed;
mod escrow;
mod exposure;
mod fees;
mod finding;
mod ledger;
mod rebuilt;
mod stake;
mod three_books;
mod vaults;

pub use books::Books;
pub use vaults::Vaults;

use std::time::Duration;

use mira_chain::account::AccountError;
use mira_chain::rpc::{Rpc, RpcError};
use mira_chain::token::TokenError;
use mira_store::Store;

use crate::rebuild::ReplayError;

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// Its name, snake_case; it does not change.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// The figures if it holds, what differs if not.
    pub detail: String,
}

/// How strict, and how patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Strangers may have sent tokens straight to a vault: more than is owed is then reported and
    /// not a failure. Less never passes.
    pub gifts: bool,
    /// How often to look. Chain and index are read one after the other, so what changes between
    /// looks like a difference; only a difference that lasts is one.
    pub attempts: u32,
    /// The pause between two looks.
    pub pause: Duration,
    /// The chain's time, unix seconds, from which this store has what was reported and vouchered. Leases
    /// that were opened before are left out of the three books: theirs are kept somewhere else.
    pub reports_from: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self { gifts: false, attempts: 5, pause: Duration::from_secs(1), reports_from: i64::MIN }
    }
}

/// Why the checks could not be made. Not a failed check.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The database.
    #[error(transparent)]
    Store(#[from] mira_store::Error),
    /// The endpoint.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// A vault is not a token account.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// An account has a layout that this version does not know.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The ledger does not fold.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// Makes all checks; when one fails, looks again up to [`Options::attempts`] times in all.
///
/// # Errors
/// The checks could not be made.
pub async fn run(store: &dyn Store, rpc: &Rpc, options: Options) -> Result<Vec<CheckResult>, CheckError> {
    let mut left = options.attempts;
    loop {
        let results = once(store, rpc, options).await?;
        left = left.saturating_sub(1);
        if left == 0 || results.iter().all(|result| result.ok) {
            return Ok(results);
        }
        tokio::time::sleep(options.pause).await;
    }
}

async fn once(store: &dyn Store, rpc: &Rpc, options: Options) -> Result<Vec<CheckResult>, CheckError> {
    let books = Books::load(store).await?;
    let vaults = Vaults::read(rpc, &books).await?;
    let accounts = accounts::check(rpc, &books).await?;
    let mut results = conservation(&books, &vaults, options.gifts);
    results.extend([
        accounts,
        ledger::check(store).await?,
        rebuilt::check(store).await?,
        three_books::check(store, &books, options.reports_from).await?,
    ]);
    Ok(results)
}

/// Invariants 1 to 6, from rows and vault balances alone.
pub fn conservation(books: &Books, vaults: &Vaults, gifts: bool) -> Vec<CheckResult> {
    vec![
        escrow::check(books, vaults, gifts),
        committed::check(books),
        stake::check(books, vaults, gifts),
        exposure::check(books),
        fees::check(books, vaults, gifts),
    ]
}

#[cfg(test)]
mod tests;
