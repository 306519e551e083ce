//! The standard read methods that Mira uses, typed and fail-closed: an account that cannot be decoded
//! is an error, never "not there".

use super::{Rpc, RpcError};
use mira_core::Hash;
use serde_json::{Value, json};
use solana_account_decoder_client_types::UiAccount;
use solana_commitment_config::CommitmentLevel;
use solana_rpc_client_api::request::RpcRequest;
use solana_rpc_client_api::response::{Response, RpcBlockhash};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_transaction_status_client_types::TransactionStatus;
use std::str::FromStr;

/// Accounts that one `getMultipleAccounts` may name.
const MAX_ACCOUNTS: usize = 100;

/// One account's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountData {
    /// The program that owns it.
    pub owner: Pubkey,
    /// Its balance.
    pub lamports: u64,
    /// Its data.
    pub data: Vec<u8>,
}

/// The answer to [`Rpc::accounts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// The lowest slot that an account was read at.
    pub min_slot: u64,
    /// The highest; equal to `min_slot` for up to 100 keys, which one request reads at one slot.
    pub max_slot: u64,
    /// In the order of the keys; `None` where no account exists.
    pub accounts: Vec<Option<AccountData>>,
}

/// The chain's own clock: what the program compares deadlines with. It may lag the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainClock {
    /// The slot.
    pub slot: u64,
    /// Unix seconds.
    pub unix_timestamp: i64,
}

/// A blockhash to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatestBlockhash {
    /// The hash.
    pub blockhash: Hash,
    /// The last block height at which a transaction with it can land.
    pub last_valid_block_height: u64,
}

/// Where a transaction stands. `None` in a reply means: not seen.
pub type SignatureStatus = TransactionStatus;

fn commitment_json(commitment: CommitmentLevel) -> Value {
    json!({ "commitment": commitment.to_string() })
}

fn malformed(request: RpcRequest, reason: impl Into<String>) -> RpcError {
    RpcError::Malformed { method: request.as_str(), reason: reason.into() }
}

fn hash(request: RpcRequest, text: &str) -> Result<Hash, RpcError> {
    solana_sdk::hash::Hash::from_str(text)
        .map(|hash| hash.to_bytes())
        .map_err(|_| malformed(request, format!("{text:?} is not a hash")))
}

fn account(key: &Pubkey, account: UiAccount) -> Result<AccountData, RpcError> {
    let request = RpcRequest::GetMultipleAccounts;
    let owner = Pubkey::from_str(&account.owner)
        .map_err(|_| malformed(request, format!("account {key} has no valid owner")))?;
    let data = account.data.decode().ok_or_else(|| malformed(request, format!("account {key} has no base64 data")))?;
    Ok(AccountData { owner, lamports: account.lamports, data })
}

impl Rpc {
    /// The cluster's identity.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn genesis_hash(&self) -> Result<Hash, RpcError> {
        let request = RpcRequest::GetGenesisHash;
        let text: String = self.call(request, json!([])).await?;
        hash(request, &text)
    }

    /// The newest slot at a commitment.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn slot(&self, commitment: CommitmentLevel) -> Result<u64, RpcError> {
        self.call(RpcRequest::GetSlot, json!([commitment_json(commitment)])).await
    }

    /// The newest block height at a commitment (blocks, not slots).
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn block_height(&self, commitment: CommitmentLevel) -> Result<u64, RpcError> {
        self.call(RpcRequest::GetBlockHeight, json!([commitment_json(commitment)])).await
    }

    /// The chain's clock, from its sysvar account.
    ///
    /// # Errors
    /// [`RpcError`]; a clock that is absent or has another layout is malformed.
    pub async fn clock(&self, commitment: CommitmentLevel) -> Result<ChainClock, RpcError> {
        let request = RpcRequest::GetMultipleAccounts;
        let accounts = self.accounts(&[solana_sdk_ids::sysvar::clock::ID], commitment).await?;
        let data = accounts
            .accounts
            .into_iter()
            .next()
            .flatten()
            .ok_or_else(|| malformed(request, "the clock sysvar does not exist"))?
            .data;
        parse_clock(&data).ok_or_else(|| malformed(request, "the clock sysvar has an unknown layout"))
    }

    /// Accounts at a commitment, 100 a request.
    ///
    /// # Errors
    /// [`RpcError`]; one account that cannot be decoded fails the call.
    pub async fn accounts(&self, keys: &[Pubkey], commitment: CommitmentLevel) -> Result<Accounts, RpcError> {
        let request = RpcRequest::GetMultipleAccounts;
        let config = json!({ "encoding": "base64", "commitment": commitment.to_string() });
        let mut result = Accounts { min_slot: u64::MAX, max_slot: 0, accounts: Vec::with_capacity(keys.len()) };
        for chunk in keys.chunks(MAX_ACCOUNTS) {
            let names: Vec<String> = chunk.iter().map(Pubkey::to_string).collect();
            let answer: Response<Vec<Option<UiAccount>>> = self.call(request, json!([names, config])).await?;
            if answer.value.len() != chunk.len() {
                return Err(malformed(request, "it has another number of accounts than was asked for"));
            }
            result.min_slot = result.min_slot.min(answer.context.slot);
            result.max_slot = result.max_slot.max(answer.context.slot);
            for (key, value) in chunk.iter().zip(answer.value) {
                result.accounts.push(value.map(|value| account(key, value)).transpose()?);
            }
        }
        result.min_slot = result.min_slot.min(result.max_slot);
        Ok(result)
    }

    /// One account, or `None` if there is none.
    ///
    /// # Errors
    /// As [`Rpc::accounts`].
    pub async fn account(&self, key: &Pubkey, commitment: CommitmentLevel) -> Result<Option<AccountData>, RpcError> {
        let mut answer = self.accounts(&[*key], commitment).await?;
        Ok(answer.accounts.pop().flatten())
    }

    /// A balance in lamports; 0 if there is no account.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn balance(&self, key: &Pubkey, commitment: CommitmentLevel) -> Result<u64, RpcError> {
        Ok(self.account(key, commitment).await?.map_or(0, |account| account.lamports))
    }

    /// The lamports that keep an account of `len` bytes alive.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn rent_exempt_lamports(&self, len: usize) -> Result<u64, RpcError> {
        self.call(RpcRequest::GetMinimumBalanceForRentExemption, json!([len])).await
    }

    /// A confirmed blockhash to sign with.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn latest_blockhash(&self) -> Result<LatestBlockhash, RpcError> {
        let request = RpcRequest::GetLatestBlockhash;
        let answer: Response<RpcBlockhash> =
            self.call(request, json!([commitment_json(CommitmentLevel::Confirmed)])).await?;
        Ok(LatestBlockhash {
            blockhash: hash(request, &answer.value.blockhash)?,
            last_valid_block_height: answer.value.last_valid_block_height,
        })
    }

    /// Where transactions stand, in the order given, at most 256. With `history`, also old ones.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn signature_statuses(
        &self,
        signatures: &[Signature],
        history: bool,
    ) -> Result<Vec<Option<SignatureStatus>>, RpcError> {
        let request = RpcRequest::GetSignatureStatuses;
        let names: Vec<String> = signatures.iter().map(Signature::to_string).collect();
        let config = json!({ "searchTransactionHistory": history });
        let answer: Response<Vec<Option<TransactionStatus>>> = self.call(request, json!([names, config])).await?;
        if answer.value.len() != signatures.len() {
            return Err(malformed(request, "it has another number of statuses than was asked for"));
        }
        Ok(answer.value)
    }

    /// Asks the cluster's faucet, where it has one, for lamports. Returns the transaction's signature,
    /// not yet confirmed.
    ///
    /// # Errors
    /// [`RpcError`]; clusters without a faucet refuse.
    pub async fn request_airdrop(&self, to: &Pubkey, lamports: u64) -> Result<Signature, RpcError> {
        let request = RpcRequest::RequestAirdrop;
        let config = commitment_json(CommitmentLevel::Confirmed);
        let text: String = self.call(request, json!([to.to_string(), lamports, config])).await?;
        Signature::from_str(&text).map_err(|_| malformed(request, format!("{text:?} is not a signature")))
    }
}

/// The clock sysvar: slot u64, epoch start i64, epoch u64, leader schedule epoch u64, unix time i64.
fn parse_clock(data: &[u8]) -> Option<ChainClock> {
    let data: &[u8; 40] = data.try_into().ok()?;
    let slot = u64::from_le_bytes(data.first_chunk().copied()?);
    let unix_timestamp = i64::from_le_bytes(data.last_chunk().copied()?);
    Some(ChainClock { slot, unix_timestamp })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_sysvar_is_40_bytes() {
        let mut data = vec![0; 40];
        data[0] = 9;
        data[32] = 7;
        assert_eq!(parse_clock(&data), Some(ChainClock { slot: 9, unix_timestamp: 7 }));
        data.push(0);
        assert_eq!(parse_clock(&data), None);
    }
}
