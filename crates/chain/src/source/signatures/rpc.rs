//! Single transactions over JSON-RPC: `getSignaturesForAddress`, `getTransaction`, `getProgramAccounts`.

use super::{Aggregates, ListedTransaction, MAX_SIGNATURES, SignatureSource, TransactionFetch};
use crate::event::AggregateKind;
use crate::pda::PROGRAM_ID;
use crate::rpc::RpcError;
use crate::source::rpc::not_given;
use crate::source::{RpcSource, SourceError, program_transaction};
use anchor_lang::Discriminator;
use async_trait::async_trait;
use mira::state;
use serde::Deserialize;
use serde_json::{Value, json};
use solana_rpc_client_api::request::RpcRequest;
use solana_rpc_client_api::response::{Response, RpcKeyedAccount};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_transaction_status_client_types::EncodedConfirmedTransactionWithStatusMeta;
use std::str::FromStr;

/// One line of `getSignaturesForAddress`, as far as it is read.
#[derive(Deserialize)]
struct Line {
    signature: String,
    slot: u64,
    err: Option<Value>,
}

#[async_trait]
impl SignatureSource for RpcSource {
    async fn signatures(
        &self,
        at: u64,
        before: Option<[u8; 64]>,
        limit: u16,
    ) -> Result<Vec<ListedTransaction>, SourceError> {
        let limit = limit.min(MAX_SIGNATURES);
        // A server behind the same address that lags would leave out the newest ones.
        let mut config = json!({ "commitment": "finalized", "limit": limit, "minContextSlot": at });
        if let Some(before) = before {
            config["before"] = Signature::from(before).to_string().into();
        }
        let request = RpcRequest::GetSignaturesForAddress;
        let lines: Vec<Line> = self.rpc.call(request, json!([PROGRAM_ID.to_string(), config])).await?;
        let malformed = |reason| RpcError::Malformed { method: request.as_str(), reason };
        if !lines.is_sorted_by(|newer, older| newer.slot >= older.slot) || lines.len() > usize::from(limit) {
            let reason = format!("slots do not descend, or there are more than {limit}");
            return Err(malformed(reason).into());
        }
        let listed = lines.into_iter().map(listed).collect::<Result<Vec<_>, _>>();
        Ok(listed.map_err(malformed)?)
    }

    async fn transaction(&self, signature: [u8; 64], slot: u64) -> Result<TransactionFetch, SourceError> {
        let config = json!({
            "commitment": "finalized",
            "encoding": "base64",
            // As for blocks: a newer version makes the server refuse.
            "maxSupportedTransactionVersion": 0,
        });
        let params = json!([Signature::from(signature).to_string(), config]);
        let answer = self.rpc.call(RpcRequest::GetTransaction, params).await;
        match answer {
            Ok(Some(found)) => found_transaction(signature, found),
            Ok(None) => Ok(TransactionFetch::Unavailable { reason: "not a finalized transaction here".to_owned() }),
            Err(error) => not_given(slot, error, |reason| TransactionFetch::Unavailable { reason }),
        }
    }

    async fn aggregates(&self) -> Result<Aggregates, SourceError> {
        let request = RpcRequest::GetProgramAccounts;
        let config = json!({
            "commitment": "finalized",
            "encoding": "base64",
            "dataSlice": { "offset": 0, "length": DISCRIMINATOR_LEN },
            "withContext": true,
        });
        let answer: Response<Vec<RpcKeyedAccount>> =
            self.rpc.call(request, json!([PROGRAM_ID.to_string(), config])).await?;
        let keys = answer.value.iter().filter_map(|found| aggregate(found).transpose()).collect::<Result<_, _>>();
        let keys = keys.map_err(|reason| RpcError::Malformed { method: request.as_str(), reason })?;
        Ok(Aggregates { slot: answer.context.slot, keys })
    }
}

fn listed(line: Line) -> Result<ListedTransaction, String> {
    let signature = Signature::from_str(&line.signature);
    let signature = signature.map_err(|_| format!("{:?} is not a signature", line.signature))?;
    Ok(ListedTransaction { signature: *signature.as_array(), slot: line.slot, failed: line.err.is_some() })
}

fn found_transaction(
    signature: [u8; 64],
    found: EncodedConfirmedTransactionWithStatusMeta,
) -> Result<TransactionFetch, SourceError> {
    program_transaction(signature, found).map(TransactionFetch::Present)
}

const DISCRIMINATOR_LEN: usize = 8;

/// Every kind of account, and what it is if it numbers its events.
const KINDS: [(&[u8], Option<AggregateKind>); 8] = [
    (state::Config::DISCRIMINATOR, Some(AggregateKind::Network)),
    (state::Provider::DISCRIMINATOR, Some(AggregateKind::Provider)),
    (state::Job::DISCRIMINATOR, Some(AggregateKind::Job)),
    (state::Lease::DISCRIMINATOR, Some(AggregateKind::Lease)),
    (state::FeeShard::DISCRIMINATOR, Some(AggregateKind::FeeShard)),
    (state::RewardState::DISCRIMINATOR, Some(AggregateKind::Rewards)),
    (state::Dispute::DISCRIMINATOR, Some(AggregateKind::Dispute)),
    // Its events are numbered by its provider.
    (state::StakePosition::DISCRIMINATOR, None),
];

fn aggregate(found: &RpcKeyedAccount) -> Result<Option<(AggregateKind, [u8; 32])>, String> {
    let name = &found.pubkey;
    let key = Pubkey::from_str(name).map_err(|_| format!("{name:?} is not a key"))?;
    let data = found.account.data.decode().ok_or_else(|| format!("account {name} has no base64 data"))?;
    let kind = KINDS.iter().find(|(discriminator, _)| data == *discriminator);
    let (_, kind) = kind.ok_or_else(|| format!("account {name} is of a kind that this version does not know"))?;
    Ok(kind.map(|kind| (kind, key.to_bytes())))
}

#[cfg(test)]
mod tests;
