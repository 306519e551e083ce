//! The file that tells other terminals how to reach a network. `mira up` writes it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// One network: where it is, and what is fixed about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// JSON-RPC of the cluster.
    pub rpc_url: String,
    /// Websocket of the cluster.
    pub ws_url: String,
    /// The Mira API.
    pub api_url: String,
    /// The program's address, base58.
    pub program_id: String,
    /// The genesis hash that `Config` names, base58.
    pub cluster_id: String,
    /// The mint of stake.
    pub stake_mint: Mint,
    /// The mint of payment.
    pub payment_mint: Mint,
    /// The keypair that may mint both, on a local network only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faucet_keypair: Option<PathBuf>,
}

/// A mint and its decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mint {
    /// Address, base58.
    pub address: String,
    /// Decimals of one token.
    pub decimals: u8,
}

impl NetworkFile {
    /// The named file, else `mira.toml` in the working folder when there is one.
    pub fn path(named: Option<&Path>) -> Option<PathBuf> {
        let here = PathBuf::from("mira.toml");
        named.map(Path::to_path_buf).or_else(|| here.is_file().then_some(here))
    }

    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let help = "`mira up` writes such a file; name it with --network FILE";
        let text = fs::read_to_string(path).map_err(|source| Error::Read {
            path: path.to_path_buf(),
            help: help.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|error| Error::Malformed {
            path: path.to_path_buf(),
            reason: error.message().to_owned(),
            help: help.to_owned(),
        })
    }

    /// Writes the file.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::Write { path: path.to_path_buf(), source };
        let text = toml::to_string(self).map_err(|error| failed(std::io::Error::other(error)))?;
        fs::write(path, text).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mira.toml");
        let mint = |address: &str| Mint { address: address.to_owned(), decimals: 6 };
        let file = NetworkFile {
            rpc_url: "http://127.0.0.1:8899".to_owned(),
            ws_url: "ws://127.0.0.1:8900".to_owned(),
            api_url: "http://127.0.0.1:8080".to_owned(),
            program_id: "p".to_owned(),
            cluster_id: "c".to_owned(),
            stake_mint: mint("s"),
            payment_mint: mint("m"),
            faucet_keypair: Some(PathBuf::from("faucet.json")),
        };
        file.write(&path).expect("it writes");
        assert_eq!(NetworkFile::read(&path).expect("it reads"), file);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mira.toml");
        fs::write(&path, "rpc = \"x\"").expect("it writes");
        assert!(matches!(NetworkFile::read(&path), Err(Error::Malformed { .. })));
    }
}
