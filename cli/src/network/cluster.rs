//! The chain that a network runs on: one of its own in this process, or one that is up already.
//!
//! [`Running::connect`] looks at everything that a running chain needs before anything is sent to it: it is
//! not public, it has the very program of this version, and the network on it, if there is one, is ours.

use std::sync::Arc;

use mira_chain::{
    account::{AccountError, Config},
    artifact, cluster,
    deployed::{self, Deployed},
    local::{LocalChain, LocalChainConfig},
    pda,
    rpc::Rpc,
    token::MintAccount,
};
use mira_core::params::Profile;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use super::{DECIMALS, Pace, Role, derive};
use crate::error::Error;

/// Where the committed bytecode is in a checkout.
const ELF: &str = "programs/mira/artifacts/mira.so";

/// Which chain.
pub enum Cluster {
    /// A chain of the network's own, which ends with it.
    Own {
        /// Milliseconds per slot; finality is 31 slots.
        slot_ms: u64,
        /// Port of the JSON-RPC; `None` takes a free one.
        rpc_port: Option<u16>,
        /// Port of the websocket; `None` takes a free one.
        ws_port: Option<u16>,
    },
    /// A chain that is up already, and stays.
    Running(Running),
}

/// A chain that is up, and fit for a network of ours.
#[derive(Clone)]
pub struct Running {
    url: String,
    ws_url: String,
    admin: Arc<Keypair>,
    pace: Pace,
}

/// A chain that answers.
pub(super) struct Site {
    pub rpc: Rpc,
    pub ws_url: String,
    pub admin: Arc<Keypair>,
    pub pace: Pace,
    /// The chain itself, if it is the network's own.
    pub own: Option<LocalChain>,
}

impl Cluster {
    /// How fast it is.
    pub fn pace(&self) -> Pace {
        match self {
            Self::Own { slot_ms, .. } => Pace::of(*slot_ms),
            Self::Running(running) => running.pace,
        }
    }

    /// Starts or takes it.
    pub(super) async fn open(&self, seed: u64) -> Result<Site, Error> {
        let (slot_ms, rpc_port, ws_port) = match self {
            Self::Running(Running { url, ws_url, admin, pace }) => {
                let (rpc, ws_url, admin) = (Rpc::new(url), ws_url.clone(), admin.clone());
                return Ok(Site { rpc, ws_url, admin, pace: *pace, own: None });
            }
            Self::Own { slot_ms, rpc_port, ws_port } => (*slot_ms, *rpc_port, *ws_port),
        };
        let admin = derive(seed, Role::Admin);
        let config = LocalChainConfig { rpc_port, ws_port, ..LocalChainConfig::new(seed, slot_ms, admin.pubkey()) };
        let chain =
            LocalChain::start(config).await.map_err(|error| Error::failed("starting the local chain", error))?;
        let (rpc, ws_url) = (Rpc::new(chain.rpc_url()), chain.ws_url().to_owned());
        Ok(Site { rpc, ws_url, admin: Arc::new(admin), pace: self.pace(), own: Some(chain) })
    }
}

impl Running {
    /// How fast it is.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Looks at a chain: `admin` is the program's upgrade authority, or the admin of the network that is there.
    /// Nothing is sent.
    pub async fn connect(url: &str, ws_url: Option<&str>, admin: Arc<Keypair>) -> Result<Self, Error> {
        let rpc = Rpc::new(url);
        let genesis = rpc.genesis_hash().await.map_err(unreachable)?;
        if cluster::is_public(&genesis) {
            return Err(Error::invalid(
                "this is a public cluster, and the demo makes a network whose deadlines are seconds",
                "give a chain of your own, like solana-test-validator; see docs/runbooks/real-chain.md",
            ));
        }
        let deployed = require_program(&rpc, &admin.pubkey()).await?;
        let config: Option<Config> =
            rpc.state(&pda::config(), CommitmentLevel::Confirmed).await.map_err(|error| match error {
                AccountError::Rpc(error) => unreachable(error),
                error => Error::invalid(error.to_string(), "load the program of this version into a new ledger"),
            })?;
        match config {
            Some(config) => {
                cluster::check(&config, &genesis)
                    .map_err(|error| Error::invalid(error.to_string(), "start the validator on a new ledger"))?;
                require_own(&rpc, &config, &admin.pubkey()).await?;
            }
            None => require_authority(&deployed, &admin.pubkey())?,
        }
        let ws_url = ws_url.map_or_else(|| websocket_of(url), str::to_owned);
        Ok(Self { url: url.to_owned(), ws_url, admin, pace: Pace::measure(&rpc).await? })
    }
}

fn unreachable(error: mira_chain::rpc::RpcError) -> Error {
    Error::invalid(error.to_string(), "check --url and that the chain is up")
}

/// How to start a validator that has the program.
fn load_command(admin: &Pubkey) -> String {
    let id = pda::PROGRAM_ID;
    format!("start it on a new ledger with: solana-test-validator --reset --upgradeable-program {id} {ELF} {admin}")
}

/// The committed bytecode, and nothing else, is at the program's address.
async fn require_program(rpc: &Rpc, admin: &Pubkey) -> Result<Deployed, Error> {
    let found = deployed::read(rpc, &pda::PROGRAM_ID).await.map_err(unreachable)?;
    let Some(found) = found else {
        let message = format!("this chain has no upgradeable program at {}", pda::PROGRAM_ID);
        return Err(Error::invalid(message, load_command(admin)));
    };
    let ours = deployed::bytecode_hash(artifact::program_elf());
    if found.bytecode != ours {
        let (there, here) = (hex::encode(found.bytecode), hex::encode(ours));
        let message =
            format!("the program on this chain is another one: its bytecode has sha256 {there}, {ELF} {here}");
        return Err(Error::invalid(message, load_command(admin)));
    }
    Ok(found)
}

/// Only the upgrade authority makes a network.
fn require_authority(deployed: &Deployed, admin: &Pubkey) -> Result<(), Error> {
    match deployed.authority {
        Some(authority) if authority == *admin => Ok(()),
        Some(authority) => Err(Error::invalid(
            format!("the program's upgrade authority, who alone can make a network here, is {authority}, not {admin}"),
            format!("give its keypair with --admin FILE, or {}", load_command(admin)),
        )),
        None => Err(Error::invalid(
            "the program on this chain has no upgrade authority, so nobody can make a network here",
            load_command(admin),
        )),
    }
}

/// The network that is there can be used: it is ours, it runs, and its deadlines are short.
async fn require_own(rpc: &Rpc, config: &Config, admin: &Pubkey) -> Result<(), Error> {
    let new_ledger = || load_command(admin);
    if config.admin != *admin {
        let message = format!("this chain has a network already, whose admin is {}, not {admin}", config.admin);
        return Err(Error::invalid(message, format!("give its keypair with --admin FILE, or {}", new_ledger())));
    }
    if config.profile != Profile::Local.as_u8() {
        return Err(Error::invalid("the network on this chain is a public one, with deadlines of hours", new_ledger()));
    }
    if config.paused {
        return Err(Error::invalid("the network on this chain is paused", new_ledger()));
    }
    for (name, mint) in [("stake", config.stake_mint), ("payment", config.payment_mint)] {
        let found = rpc.mint(&mint, CommitmentLevel::Confirmed).await;
        let MintAccount { authority, decimals, .. } = found.map_err(|error| Error::failed("reading a mint", error))?;
        if authority != Some(*admin) || decimals != DECIMALS {
            let message = format!("{admin} cannot mint the {name} tokens of the network on this chain, {mint}");
            return Err(Error::invalid(message, new_ledger()));
        }
    }
    Ok(())
}

/// Where a validator serves its websocket unless it is told otherwise: one port further.
fn websocket_of(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let (scheme, rest) = match url.split_once("://") {
        Some(("https", rest)) => ("wss", rest),
        Some((_, rest)) => ("ws", rest),
        None => ("ws", url),
    };
    let next = rest.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?.checked_add(1)?)));
    match next {
        Some((host, port)) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_websocket_is_one_port_further() {
        assert_eq!(websocket_of("http://127.0.0.1:8899"), "ws://127.0.0.1:8900");
        assert_eq!(websocket_of("https://rpc.example/"), "wss://rpc.example");
    }

    #[test]
    fn only_the_upgrade_authority_makes_a_network_and_the_error_says_how() {
        let [admin, other] = [1, 2].map(|byte| Pubkey::new_from_array([byte; 32]));
        let deployed = |authority| Deployed { authority, bytecode: [0; 32] };
        assert!(require_authority(&deployed(Some(admin)), &admin).is_ok());
        for wrong in [Some(other), None] {
            let error = require_authority(&deployed(wrong), &admin);
            let Err(Error::Invalid { help, .. }) = error else { panic!("{error:?}") };
            assert!(help.contains(&format!("{} {ELF} {admin}", pda::PROGRAM_ID)), "{help}");
        }
    }
}
