//! What the cluster's history says of the program: where it begins, how many transactions touched it, and
//! what they cost.

use std::time::Duration;

use mira_chain::{
    pda,
    rpc::{Rpc, RpcError},
};
use serde::Deserialize;
use serde_json::json;
use solana_commitment_config::CommitmentLevel;
use solana_rpc_client_api::request::RpcRequest;

use crate::error::Error;

/// Signatures asked for at a time; the RPC's own limit.
const PAGE: usize = 1_000;
/// How often a transaction that is listed is asked for: servers list it a moment before they have it.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// The sum over transactions that name the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transactions {
    /// How many.
    pub count: u64,
    /// Their fees.
    pub fees_lamports: u64,
}

/// One line of `getSignaturesForAddress`, as far as it is read.
#[derive(Deserialize)]
struct Line {
    signature: String,
    slot: u64,
}

/// `getTransaction`, as far as it is read.
#[derive(Deserialize)]
struct Found {
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    fee: u64,
}

/// Asks the cluster for every transaction from a slot on that names the program.
pub async fn of_program(rpc: &Rpc, from: u64) -> Result<Transactions, Error> {
    let mut sum = Transactions::default();
    let mut before: Option<String> = None;
    loop {
        let page = page(rpc, before.as_deref()).await?;
        let ours = page.iter().take_while(|line| line.slot >= from);
        for line in ours {
            sum.count = sum.count.saturating_add(1);
            sum.fees_lamports = sum.fees_lamports.saturating_add(fee(rpc, &line.signature).await?);
        }
        match page.last() {
            Some(last) if page.len() == PAGE && last.slot >= from => before = Some(last.signature.clone()),
            _ => return Ok(sum),
        }
    }
}

/// The slot where an index of the program may begin: that of the oldest transaction that names it, and on a
/// chain without any the newest finalized one.
pub async fn first_slot(rpc: &Rpc) -> Result<u64, Error> {
    // Read first: what is sent after this cannot be before it.
    let finalized = rpc.slot(CommitmentLevel::Finalized).await.map_err(failed)?;
    let available: u64 = rpc.call(RpcRequest::GetFirstAvailableBlock, json!([])).await.map_err(failed)?;
    let mut oldest: Option<Line> = None;
    loop {
        let mut page = page(rpc, oldest.as_ref().map(|line| line.signature.as_str())).await?;
        let full = page.len() == PAGE;
        oldest = page.pop().or(oldest);
        if !full {
            return Ok(oldest.map_or(finalized.max(available), |line| line.slot));
        }
    }
}

/// A page of transactions that name the program, newest first.
async fn page(rpc: &Rpc, before: Option<&str>) -> Result<Vec<Line>, Error> {
    let options = json!({ "limit": PAGE, "before": before, "commitment": "confirmed" });
    let params = json!([pda::PROGRAM_ID.to_string(), options]);
    rpc.call(RpcRequest::GetSignaturesForAddress, params).await.map_err(failed)
}

async fn fee(rpc: &Rpc, signature: &str) -> Result<u64, Error> {
    let options = json!({ "commitment": "confirmed", "maxSupportedTransactionVersion": 0 });
    for _ in 0..TRIES {
        let params = json!([signature, options]);
        let found: Option<Found> = rpc.call(RpcRequest::GetTransaction, params).await.map_err(failed)?;
        if let Some(Meta { fee }) = found.and_then(|found| found.meta) {
            return Ok(fee);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Error::failed("reading transactions", format!("the cluster lists {signature} and does not have it")))
}

fn failed(error: RpcError) -> Error {
    Error::failed("reading transactions", error)
}
