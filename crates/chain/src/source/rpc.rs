//! One endpoint over JSON-RPC: what its cluster is, and its blocks (`getBlocks`, `getBlock`). Its
//! transactions are in [`super::signatures`].

use super::{BlockFetch, BlockSource, ClusterSource, MAX_SLOT_RANGE, SourceError, slot_block};
use crate::rpc::{Rpc, RpcError};
use async_trait::async_trait;
use mira_core::Hash;
use serde_json::json;
use solana_commitment_config::CommitmentLevel;
use solana_rpc_client_api::custom_error as code;
use solana_rpc_client_api::request::RpcRequest;
use solana_transaction_status_client_types::UiConfirmedBlock;

/// One RPC endpoint, as a source of blocks or of single transactions.
#[derive(Clone, Debug)]
pub struct RpcSource {
    pub(super) rpc: Rpc,
}

impl RpcSource {
    /// A source at this endpoint.
    pub fn new(rpc: Rpc) -> Self {
        Self { rpc }
    }

    /// Slots with a block at a commitment.
    async fn slots(&self, from: u64, to: u64, commitment: &str) -> Result<Vec<u64>, SourceError> {
        let to = to.min(from.saturating_add(MAX_SLOT_RANGE));
        if to < from {
            return Ok(Vec::new());
        }
        let request = RpcRequest::GetBlocks;
        let config = json!({ "commitment": commitment });
        let slots: Vec<u64> = self.rpc.call(request, json!([from, to, config])).await?;
        let ascending = slots.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let inside = slots.iter().all(|slot| (from..=to).contains(slot));
        if ascending && inside {
            Ok(slots)
        } else {
            let reason = format!("slots are not ascending within {from}..={to}");
            Err(RpcError::Malformed { method: request.as_str(), reason }.into())
        }
    }

    /// A block at a commitment.
    async fn block_at(&self, slot: u64, commitment: &str) -> Result<BlockFetch, SourceError> {
        let config = json!({
            "commitment": commitment,
            "encoding": "base64",
            "transactionDetails": "full",
            "rewards": false,
            // The newest version that `slot_block` understands; a newer one makes the server refuse.
            "maxSupportedTransactionVersion": 0,
        });
        let answer = self.rpc.call::<Option<UiConfirmedBlock>>(RpcRequest::GetBlock, json!([slot, config])).await;
        match answer {
            Ok(Some(block)) => slot_block(slot, block).map(BlockFetch::Present),
            Ok(None) => Ok(BlockFetch::Unavailable { reason: format!("not a {commitment} block here") }),
            Err(error) => not_a_block(slot, error),
        }
    }
}

#[async_trait]
impl ClusterSource for RpcSource {
    async fn genesis_hash(&self) -> Result<Hash, SourceError> {
        Ok(self.rpc.genesis_hash().await?)
    }

    async fn finalized_slot(&self) -> Result<u64, SourceError> {
        Ok(self.rpc.slot(CommitmentLevel::Finalized).await?)
    }

    async fn first_available_slot(&self) -> Result<u64, SourceError> {
        Ok(self.rpc.call(RpcRequest::GetFirstAvailableBlock, json!([])).await?)
    }
}

#[async_trait]
impl BlockSource for RpcSource {
    async fn produced_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.slots(from, to, "finalized").await
    }

    async fn block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.block_at(slot, "finalized").await
    }

    async fn confirmed_slots(&self, from: u64, to: u64) -> Result<Vec<u64>, SourceError> {
        self.slots(from, to, "confirmed").await
    }

    async fn confirmed_block(&self, slot: u64) -> Result<BlockFetch, SourceError> {
        self.block_at(slot, "confirmed").await
    }
}

/// Sorts the server's ways of saying that it gives no block.
fn not_a_block(slot: u64, error: RpcError) -> Result<BlockFetch, SourceError> {
    match error.code() {
        Some(code::JSON_RPC_SERVER_ERROR_SLOT_SKIPPED | code::JSON_RPC_SERVER_ERROR_LONG_TERM_STORAGE_SLOT_SKIPPED) => {
            Ok(BlockFetch::ClaimedSkipped)
        }
        _ => not_given(slot, error, |reason| BlockFetch::Unavailable { reason }),
    }
}

/// Sorts its ways of saying that it does not have, or cannot show, what is in a slot.
pub(super) fn not_given<T>(slot: u64, error: RpcError, unavailable: fn(String) -> T) -> Result<T, SourceError> {
    match error.code() {
        Some(
            code::JSON_RPC_SERVER_ERROR_BLOCK_CLEANED_UP
            | code::JSON_RPC_SERVER_ERROR_BLOCK_NOT_AVAILABLE
            | code::JSON_RPC_SERVER_ERROR_BLOCK_STATUS_NOT_AVAILABLE_YET
            | code::JSON_RPC_SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
        ) => Ok(unavailable(error.to_string())),
        Some(code::JSON_RPC_SERVER_ERROR_UNSUPPORTED_TRANSACTION_VERSION) => {
            let reason = "a transaction in it has a version newer than 0: upgrade".to_owned();
            Err(SourceError::Undecodable { slot, reason })
        }
        _ => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
