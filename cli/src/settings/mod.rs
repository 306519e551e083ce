//! What a command works with, from flags, the network's file, the Solana CLI's configuration and
//! defaults, in that order.

mod keypair;
mod network_file;
mod solana;

use std::path::PathBuf;

use mira_chain::pda;
use mira_core::Key;
use mira_wire::client::ApiClient;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use crate::{
    amount::Money,
    args::{Commitment, Global},
    error::Error,
    output::Output,
};
pub use keypair::{load as load_keypair, save as save_keypair};
pub use network_file::{Mint, NetworkFile};

/// Everything that a command may need to know of its surroundings.
pub struct Settings {
    /// How it prints.
    pub output: Output,
    /// Whether amounts are base units.
    pub raw: bool,
    /// How final answers must be.
    pub commitment: Commitment,
    global: Global,
    network: Option<NetworkFile>,
    solana: solana::SolanaConfig,
}

impl Settings {
    /// Resolves the global flags.
    pub fn resolve(global: &Global) -> Result<Self, Error> {
        let network = match NetworkFile::path(global.network.as_deref()) {
            Some(path) => Some(NetworkFile::read(&path)?),
            None => None,
        };
        let solana = solana::SolanaConfig::read(global.config.as_deref())?;
        Ok(Self {
            output: Output::new(global),
            raw: global.raw,
            commitment: global.commitment.unwrap_or(Commitment::Confirmed),
            global: global.clone(),
            network,
            solana,
        })
    }

    /// The JSON-RPC URL that `--url` names.
    pub fn url(&self) -> Option<String> {
        self.global.url.as_deref().map(solana::expand_moniker)
    }

    /// The cluster's JSON-RPC URL.
    pub fn rpc_url(&self) -> String {
        let flag = self.url();
        let network = self.network.as_ref().map(|network| network.rpc_url.clone());
        flag.or(network).unwrap_or_else(|| self.solana.json_rpc_url.clone())
    }

    /// The Mira API's URL.
    pub fn api_url(&self) -> Result<String, Error> {
        let network = self.network.as_ref().map(|network| network.api_url.clone());
        self.global.api.clone().or(network).ok_or(Error::Missing {
            what: "the Mira API's URL",
            help: "give it with --api URL, or name the network's file with --network FILE (`mira up` writes one)",
        })
    }

    /// The network's file.
    pub fn network(&self) -> Result<&NetworkFile, Error> {
        self.network.as_ref().ok_or(Error::Missing {
            what: "the network",
            help: "name its file with --network FILE or MIRA_NETWORK; `mira up` writes one for a local network",
        })
    }

    /// A client of the Mira API.
    pub fn api(&self) -> Result<ApiClient, Error> {
        api_client(&self.api_url()?)
    }

    /// How amounts are read and written here.
    pub fn money(&self) -> Result<Money, Error> {
        let network = self.network()?;
        let decimals = |mint: &Mint| if self.raw { 0 } else { mint.decimals };
        Ok(Money { stake_decimals: decimals(&network.stake_mint), payment_decimals: decimals(&network.payment_mint) })
    }

    /// The provider that was named, or else the keypair's own.
    pub fn provider(&self, named: Option<Key>) -> Result<Pubkey, Error> {
        match named {
            Some(key) => Ok(Pubkey::new_from_array(key)),
            None => Ok(pda::provider(&self.keypair()?.pubkey())),
        }
    }

    /// Where the signing keypair is.
    pub fn keypair_path(&self) -> PathBuf {
        self.global.keypair.clone().unwrap_or_else(|| self.solana.keypair_path.clone())
    }

    /// The keypair that signs and pays.
    pub fn keypair(&self) -> Result<solana_sdk::signature::Keypair, Error> {
        load_keypair(&self.keypair_path())
    }
}

/// A client of the API at `url`.
pub fn api_client(url: &str) -> Result<ApiClient, Error> {
    ApiClient::new(url).map_err(|error| Error::invalid(error.to_string(), "an API's URL is like http://127.0.0.1:8080"))
}

/// Reads an address as base58.
pub fn parse_key(text: &str) -> Result<Key, String> {
    let mut key = [0; 32];
    match bs58::decode(text).onto(&mut key) {
        Ok(32) => Ok(key),
        _ => Err(format!("`{text}` is not an address: 32 bytes in base58")),
    }
}

/// Writes an address as base58.
pub fn show_key(key: &Key) -> String {
    bs58::encode(key).into_string()
}
