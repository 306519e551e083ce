//! The Solana CLI's configuration file and its monikers.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::error::Error;

const LOCALHOST: &str = "http://127.0.0.1:8899";

/// What we take from `~/.config/solana/cli/config.yml`.
#[derive(Debug, PartialEq, Eq)]
pub struct SolanaConfig {
    pub json_rpc_url: String,
    pub keypair_path: PathBuf,
}

impl SolanaConfig {
    /// Reads the file at `path`, or the default one when it exists.
    pub fn read(path: Option<&Path>) -> Result<Self, Error> {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let default = home.join(".config/solana/cli/config.yml");
        let file = path.unwrap_or(&default);
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text, &home).map_err(|error| Error::Malformed {
                path: file.to_path_buf(),
                reason: error.to_string(),
                help: "`solana config set` writes this file; name another with --config FILE".to_owned(),
            }),
            Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::of(File::default(), &home))
            }
            Err(source) => Err(Error::Read {
                path: file.to_path_buf(),
                help: "name another file with --config FILE".to_owned(),
                source,
            }),
        }
    }

    fn parse(text: &str, home: &Path) -> Result<Self, serde_yaml::Error> {
        Ok(Self::of(serde_yaml::from_str(text)?, home))
    }

    fn of(file: File, home: &Path) -> Self {
        let given = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            json_rpc_url: given(file.json_rpc_url).map_or_else(|| LOCALHOST.to_owned(), |url| expand_moniker(&url)),
            keypair_path: given(file.keypair_path).map_or_else(|| home.join(".config/solana/id.json"), PathBuf::from),
        }
    }
}

/// The file's own form; it may name more than we take.
#[derive(Default, Deserialize)]
struct File {
    json_rpc_url: Option<String>,
    keypair_path: Option<String>,
}

/// The URL that a moniker of the Solana CLI stands for; anything else as it is.
pub fn expand_moniker(url: &str) -> String {
    match url {
        "m" | "mainnet-beta" => "https://api.mainnet-beta.solana.com",
        "t" | "testnet" => "https://api.testnet.solana.com",
        "d" | "devnet" => "https://api.devnet.solana.com",
        "l" | "localhost" => LOCALHOST,
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cli_s_file_is_read() {
        let text = "---\njson_rpc_url: \"https://rpc.example\"\nwebsocket_url: ''\nkeypair_path: /keys/id.json\n\
                    address_labels:\n  '11111111111111111111111111111111': System Program\ncommitment: confirmed\n";
        let config = SolanaConfig::parse(text, Path::new("/home/a")).expect("it parses");
        assert_eq!(config.json_rpc_url, "https://rpc.example");
        assert_eq!(config.keypair_path, PathBuf::from("/keys/id.json"));
    }

    #[test]
    fn without_a_file_the_defaults_are_the_cli_s() {
        let config = SolanaConfig::of(File::default(), Path::new("/home/a"));
        assert_eq!(config.json_rpc_url, LOCALHOST);
        assert_eq!(config.keypair_path, PathBuf::from("/home/a/.config/solana/id.json"));
    }

    #[test]
    fn monikers_expand() {
        assert_eq!(expand_moniker("d"), "https://api.devnet.solana.com");
        assert_eq!(expand_moniker("http://x"), "http://x");
    }
}
