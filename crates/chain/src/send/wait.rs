//! From a signed transaction to a confirmed one.

use super::{Prepared, Rejection, SendError};
use crate::rpc::{Rpc, RpcError};
use serde::Deserialize;
use serde_json::{Value, json};
use solana_commitment_config::{CommitmentConfig, CommitmentLevel};
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::config::RpcSendTransactionConfig;
use solana_rpc_client_api::request::{RpcError as ServerError, RpcRequest, RpcResponseErrorData};
use solana_sdk::signature::Signature;
use solana_sdk::transaction::TransactionError;
use std::time::Duration;

/// How often a transaction is broadcast again while it is not seen: leaders drop packets.
const REBROADCAST: Duration = Duration::from_secs(2);
/// Status polls start at this distance and slow down to the next.
const POLL_MIN: Duration = Duration::from_millis(40);
const POLL_MAX: Duration = Duration::from_millis(500);
/// How often a blockhash that the endpoint does not know yet is tried, before anything was broadcast.
const UNKNOWN_BLOCKHASH_TRIES: u32 = 4;
/// How often the record of a confirmed transaction is asked for: endpoints index a moment later.
const RECORD_TRIES: u32 = 6;

/// A transaction that landed and succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The transaction.
    pub signature: Signature,
    /// The slot of its block.
    pub slot: u64,
    /// What its payer paid for it, in lamports; `None` if the endpoint did not say in time.
    pub fee_lamports: Option<u64>,
    /// What it used; `None` as above.
    pub compute_units: Option<u64>,
}

/// Broadcasts a transaction until it lands or can no longer, and waits for `commitment`, of which
/// `Processed` counts as `Confirmed`.
///
/// # Errors
/// [`SendError::Rejected`] if simulation or chain refused, [`SendError::Expired`] if it can never
/// land, [`SendError::Rpc`] if the endpoint fails: then the outcome is unknown.
pub async fn submit(rpc: &Rpc, prepared: &Prepared, commitment: CommitmentLevel) -> Result<Confirmed, SendError> {
    let signature = prepared.signature();
    let wanted = match commitment {
        CommitmentLevel::Finalized => CommitmentConfig::finalized(),
        CommitmentLevel::Confirmed | CommitmentLevel::Processed => CommitmentConfig::confirmed(),
    };
    broadcast_first(rpc, prepared).await?;
    let mut delay = POLL_MIN;
    let mut since_broadcast = Duration::ZERO;
    loop {
        if let Some(slot) = landed(rpc, prepared, wanted, false).await? {
            return record(rpc, signature, slot).await;
        }
        if since_broadcast >= REBROADCAST {
            since_broadcast = Duration::ZERO;
            if rpc.block_height(CommitmentLevel::Finalized).await? > prepared.last_valid_block_height {
                return last_look(rpc, prepared, wanted).await;
            }
            // Whatever this says, the first broadcast may have landed: only the status counts now.
            if let Err(error) = broadcast(rpc, prepared, true).await {
                tracing::debug!(%signature, ?error, "rebroadcast");
            }
        }
        tokio::time::sleep(delay).await;
        since_broadcast = since_broadcast.saturating_add(delay);
        delay = delay.saturating_mul(3).checked_div(2).unwrap_or(POLL_MAX).min(POLL_MAX);
    }
}

/// The finalized chain is past the last height: whatever did not land by now never will.
async fn last_look(rpc: &Rpc, prepared: &Prepared, wanted: CommitmentConfig) -> Result<Confirmed, SendError> {
    let signature = prepared.signature();
    match landed(rpc, prepared, wanted, true).await? {
        Some(slot) => record(rpc, signature, slot).await,
        None => Err(SendError::Expired { signature }),
    }
}

/// The slot of the transaction, once it has the wanted commitment.
async fn landed(
    rpc: &Rpc,
    prepared: &Prepared,
    wanted: CommitmentConfig,
    history: bool,
) -> Result<Option<u64>, SendError> {
    let signature = prepared.signature();
    let statuses = rpc.signature_statuses(&[signature], history).await?;
    let Some(status) = statuses.into_iter().next().flatten() else {
        return Ok(None);
    };
    if !status.satisfies_commitment(wanted) {
        return Ok(None);
    }
    match status.err {
        Some(error) => {
            let rejection = Rejection::new(signature, true, &prepared.transaction.message, &error, &[]);
            Err(SendError::Rejected(Box::new(rejection)))
        }
        None => Ok(Some(status.slot)),
    }
}

/// The first broadcast, with simulation: a refusal here proves that nothing was sent, unless the
/// transaction is known, because an earlier or a parallel submit was faster.
async fn broadcast_first(rpc: &Rpc, prepared: &Prepared) -> Result<(), SendError> {
    let signature = prepared.signature();
    let mut tries = 0_u32;
    loop {
        let Err(failure) = broadcast(rpc, prepared, false).await else {
            return Ok(());
        };
        if known(rpc, signature).await? {
            return Ok(());
        }
        match failure {
            Broadcast::Refused { error: TransactionError::BlockhashNotFound, .. } => {
                // Either this endpoint is behind the one that gave the blockhash, or it has expired.
                tries = tries.saturating_add(1);
                if tries >= UNKNOWN_BLOCKHASH_TRIES {
                    return Err(SendError::Expired { signature });
                }
                tokio::time::sleep(POLL_MAX).await;
            }
            Broadcast::Refused { error, logs } => {
                let rejection = Rejection::new(signature, false, &prepared.transaction.message, &error, &logs);
                return Err(SendError::Rejected(Box::new(rejection)));
            }
            // No verdict on the transaction: it may be on its way, or just land.
            Broadcast::Failed(error) => return known_soon(rpc, signature, error).await,
        }
    }
}

async fn known(rpc: &Rpc, signature: Signature) -> Result<bool, SendError> {
    Ok(rpc.signature_statuses(&[signature], true).await?.into_iter().next().flatten().is_some())
}

/// Gives a transaction whose broadcast failed a moment to appear all the same.
async fn known_soon(rpc: &Rpc, signature: Signature, error: RpcError) -> Result<(), SendError> {
    let mut delay = POLL_MIN;
    while delay < POLL_MAX {
        tokio::time::sleep(delay).await;
        delay = delay.saturating_mul(2);
        if known(rpc, signature).await? {
            return Ok(());
        }
    }
    Err(error.into())
}

#[derive(Debug)]
enum Broadcast {
    Refused { error: TransactionError, logs: Vec<String> },
    Failed(RpcError),
}

async fn broadcast(rpc: &Rpc, prepared: &Prepared, skip_preflight: bool) -> Result<(), Broadcast> {
    let config = RpcSendTransactionConfig {
        skip_preflight,
        preflight_commitment: Some(CommitmentLevel::Confirmed),
        max_retries: Some(0),
        ..RpcSendTransactionConfig::default()
    };
    match rpc.client().send_transaction_with_config(&prepared.transaction, config).await {
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(&error)),
    }
}

fn refusal(error: &ClientError) -> Broadcast {
    if let ErrorKind::RpcError(ServerError::RpcResponseError {
        data: RpcResponseErrorData::SendTransactionPreflightFailure(simulation),
        ..
    }) = error.kind()
        && let Some(error) = &simulation.err
    {
        return Broadcast::Refused { error: error.clone().into(), logs: simulation.logs.clone().unwrap_or_default() };
    }
    Broadcast::Failed(RpcError::new(RpcRequest::SendTransaction.as_str(), error))
}

/// The two fields of `getTransaction` that a sender wants to know.
#[derive(Deserialize)]
struct Record {
    meta: Option<RecordMeta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordMeta {
    fee: u64,
    compute_units_consumed: Option<u64>,
}

/// Reads what the transaction cost. It has succeeded: nothing here makes that an error.
async fn record(rpc: &Rpc, signature: Signature, slot: u64) -> Result<Confirmed, SendError> {
    let config: Value = json!({
        "commitment": "confirmed",
        "encoding": "base64",
        "maxSupportedTransactionVersion": 0,
    });
    let mut confirmed = Confirmed { signature, slot, fee_lamports: None, compute_units: None };
    let mut delay = POLL_MIN;
    for _ in 0..RECORD_TRIES {
        let params = json!([signature.to_string(), config]);
        match rpc.call::<Option<Record>>(RpcRequest::GetTransaction, params).await {
            Ok(Some(Record { meta: Some(meta) })) => {
                confirmed.fee_lamports = Some(meta.fee);
                confirmed.compute_units = meta.compute_units_consumed;
                break;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%signature, %error, "the fee is not known");
                break;
            }
        }
        tokio::time::sleep(delay).await;
        delay = delay.saturating_mul(2);
    }
    Ok(confirmed)
}
