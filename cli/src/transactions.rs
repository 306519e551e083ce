//! How many transactions touched the program, and what they cost.

use mira_chain::{pda, rpc::Rpc};
use serde_json::{Value, json};
use solana_rpc_client_api::request::RpcRequest;

use crate::error::Error;

/// Signatures asked for at a time; the RPC's own limit.
const PAGE: usize = 1_000;

/// The sum over all transactions that name the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transactions {
    /// How many.
    pub count: u64,
    /// Their fees.
    pub fees_lamports: u64,
}

/// Asks the cluster for every transaction that names the program.
pub async fn of_program(rpc: &Rpc) -> Result<Transactions, Error> {
    let program = pda::PROGRAM_ID.to_string();
    let mut sum = Transactions::default();
    let mut before: Option<String> = None;
    loop {
        let options = json!({ "limit": PAGE, "before": before, "commitment": "confirmed" });
        let page: Vec<Value> = call(rpc, RpcRequest::GetSignaturesForAddress, json!([program, options])).await?;
        for entry in &page {
            let signature = entry.get("signature").and_then(Value::as_str).unwrap_or_default();
            let options = json!({ "commitment": "confirmed", "maxSupportedTransactionVersion": 0 });
            let found: Value = call(rpc, RpcRequest::GetTransaction, json!([signature, options])).await?;
            let fee = found.pointer("/meta/fee").and_then(Value::as_u64).unwrap_or(0);
            sum.count = sum.count.saturating_add(1);
            sum.fees_lamports = sum.fees_lamports.saturating_add(fee);
            before = Some(signature.to_owned());
        }
        if page.len() < PAGE {
            return Ok(sum);
        }
    }
}

async fn call<T: serde::de::DeserializeOwned>(rpc: &Rpc, request: RpcRequest, params: Value) -> Result<T, Error> {
    rpc.call(request, params).await.map_err(|error| Error::failed("reading transactions", error))
}
