//! A chain in this process, for tests, the demo and `mira up`: the program's real bytecode behind real
//! JSON-RPC and websocket ports, so that any standard client can talk to it.
//!
//! It is one producer without votes or forks. What it shows of commitment is true to a cluster:
//! `finalized` trails the tip by [`FINALITY_SLOTS`] slots, so short slots make finality quick. Its
//! clock counts slots on a schedule that follows the wall clock, and may lag it for a moment under
//! load, as a cluster's does: compare deadlines with [`crate::rpc::Rpc::clock`].
//!
//! Nothing outside this module knows what runs behind the ports.

mod genesis;
mod ports;
mod runloop;

use crate::{artifact, pda};
use crossbeam_channel::Sender;
use solana_sdk::pubkey::Pubkey;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use surfpool_types::SimnetCommand;
use tokio::sync::mpsc;

/// Slots by which `finalized` trails the tip.
pub const FINALITY_SLOTS: u64 = 31;

/// The shortest slot: below it, producing a block takes longer than the slot.
pub const MIN_SLOT_MS: u64 = 10;

/// How long a start may take. It takes a fraction of a second on an idle machine.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Tries on free ports that somebody else takes between choosing and binding.
const PORT_TRIES: u32 = 5;

/// What a local chain runs.
#[derive(Clone, Debug)]
pub struct LocalChainConfig {
    /// Port of the JSON-RPC server on 127.0.0.1; `None` chooses a free one.
    pub rpc_port: Option<u16>,
    /// Port of the websocket server; `None` chooses the next after the RPC port, where clients look
    /// for it by default, or else a free one.
    pub ws_port: Option<u16>,
    /// Milliseconds per slot, at least [`MIN_SLOT_MS`].
    pub slot_ms: u64,
    /// The program's bytecode.
    pub elf: Arc<[u8]>,
    /// The program's address.
    pub program_id: Pubkey,
    /// The key that may upgrade the program, and initialize the network.
    pub upgrade_authority: Pubkey,
    /// Determines the genesis hash, the chain's identity.
    pub seed: u64,
}

impl LocalChainConfig {
    /// The committed program at its own address, on free ports.
    pub fn new(seed: u64, slot_ms: u64, upgrade_authority: Pubkey) -> Self {
        let (elf, program_id) = (artifact::program_elf().into(), pda::PROGRAM_ID);
        Self { rpc_port: None, ws_port: None, slot_ms, elf, program_id, upgrade_authority, seed }
    }
}

/// Why a local chain did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalChainError {
    /// The configuration makes no sense.
    #[error("local chain: {0}")]
    Config(String),
    /// A port is taken.
    #[error("local chain: port {0} is taken; free it or choose another")]
    PortTaken(u16),
    /// It stopped before it was ready.
    #[error("local chain: it did not start: {0}")]
    Start(String),
}

/// How long a stop waits for the ports: some seconds.
const PORT_FREE_POLLS: u32 = 250;
const PORT_FREE_POLL: Duration = Duration::from_millis(20);

/// A running local chain. Dropping it stops it without waiting; [`LocalChain::shutdown`] waits.
pub struct LocalChain {
    rpc_url: String,
    ws_url: String,
    ports: ports::Ports,
    commands: Sender<SimnetCommand>,
    thread: Option<JoinHandle<()>>,
}

/// What the chain's threads tell the one that starts it.
enum Started {
    Ready,
    Failed(String),
}

impl LocalChain {
    /// Starts a chain and waits until it serves.
    ///
    /// # Errors
    /// [`LocalChainError`].
    pub async fn start(config: LocalChainConfig) -> Result<Self, LocalChainError> {
        if config.slot_ms < MIN_SLOT_MS {
            return Err(LocalChainError::Config(format!("slots are at least {MIN_SLOT_MS} ms")));
        }
        if config.elf.is_empty() {
            return Err(LocalChainError::Config("the program's bytecode is empty".to_owned()));
        }
        let mut tries = 0_u32;
        loop {
            tries = tries.saturating_add(1);
            let ports = ports::choose(config.rpc_port, config.ws_port)?;
            match Self::start_on(&config, ports).await {
                Err(LocalChainError::Start(reason)) if config.rpc_port.is_none() && tries < PORT_TRIES => {
                    tracing::debug!(%reason, "trying other ports");
                }
                result => return result,
            }
        }
    }

    async fn start_on(config: &LocalChainConfig, ports: ports::Ports) -> Result<Self, LocalChainError> {
        let failed = |reason: String| LocalChainError::Start(reason);
        let (commands, received) = crossbeam_channel::unbounded();
        let (started, mut starting) = mpsc::channel(4);
        let run = runloop::Run { config: config.clone(), ports, commands: commands.clone(), received, started };
        let thread = std::thread::Builder::new()
            .name("local-chain".to_owned())
            .spawn(move || run.run())
            .map_err(|error| failed(error.to_string()))?;
        let chain = Self {
            rpc_url: format!("http://127.0.0.1:{}", ports.rpc),
            ws_url: format!("ws://127.0.0.1:{}", ports.ws),
            ports,
            commands,
            thread: Some(thread),
        };
        match tokio::time::timeout(START_TIMEOUT, starting.recv()).await {
            Ok(Some(Started::Ready)) => Ok(chain),
            Ok(Some(Started::Failed(reason))) => Err(failed(reason)),
            Ok(None) => Err(failed("its thread ended".to_owned())),
            Err(_) => Err(failed("it was not ready in time".to_owned())),
        }
    }

    /// Where JSON-RPC is served.
    pub fn rpc_url(&self) -> &str {
        &self.rpc_url
    }

    /// Where websocket subscriptions are served.
    pub fn ws_url(&self) -> &str {
        &self.ws_url
    }

    /// Stops the chain and waits until its thread has ended and its ports are free again.
    pub async fn shutdown(mut self) {
        self.terminate();
        if let Some(thread) = self.thread.take() {
            let joined = tokio::task::spawn_blocking(move || thread.join().is_ok()).await;
            if !matches!(joined, Ok(true)) {
                tracing::warn!("the local chain's thread did not end cleanly");
            }
        }
        // The servers close on threads of their own, which cannot be waited for.
        for _ in 0..PORT_FREE_POLLS {
            if ports::choose(Some(self.ports.rpc), Some(self.ports.ws)).is_ok() {
                return;
            }
            tokio::time::sleep(PORT_FREE_POLL).await;
        }
        tracing::warn!(ports = ?self.ports, "the local chain's ports are still taken");
    }

    fn terminate(&self) {
        // It fails only if the chain has stopped by itself.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
    }
}

impl Drop for LocalChain {
    fn drop(&mut self) {
        self.terminate();
    }
}
