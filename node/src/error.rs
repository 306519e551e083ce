//! Why a node does not start, or stopped.

use std::path::PathBuf;

use mira_chain::account::AccountError;
use mira_chain::cluster::ClusterError;
use mira_chain::rpc::RpcError;
use mira_chain::send::SendError;
use mira_wire::client::ApiError;
use solana_sdk::pubkey::Pubkey;

use crate::executor::ExecError;
use crate::journal::JournalError;

/// A node that cannot go on. What passes by itself (an API that restarts, a lost connection) never becomes one.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// A setting that cannot work.
    #[error("{name} {problem}")]
    Config {
        /// Which.
        name: &'static str,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// The data folder cannot be used.
    #[error("data folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// The journal cannot be used; without it the node could sign two different reports with one number.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The chain does not answer, or an account is not what it should be.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A transaction failed.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The API refused.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The executor does not start.
    #[error(transparent)]
    Executor(#[from] ExecError),
    /// Nothing is registered at that address.
    #[error("there is no provider {0} on this chain: register it first, or check the RPC address")]
    NoProvider(Pubkey),
    /// The network is not there.
    #[error("the network is not initialized on this chain: check the RPC address")]
    NoNetwork,
    /// The network must not be used on the cluster at the RPC address.
    #[error("{0}: check the RPC address")]
    Cluster(#[from] ClusterError),
    /// The key is not the provider's operator.
    #[error("the operator of provider {provider} is {expected}, not {given}: start the node with that key")]
    WrongOperator {
        /// The provider.
        provider: Pubkey,
        /// Its operator.
        expected: Pubkey,
        /// The key that was given.
        given: Pubkey,
    },
    /// A task of the node panicked: a bug.
    #[error("a part of the node failed: {0}")]
    Task(String),
}

impl From<RpcError> for NodeError {
    fn from(error: RpcError) -> Self {
        Self::Account(AccountError::Rpc(error))
    }
}
