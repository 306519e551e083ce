//! What the commands that start an indexer take: `mira indexer` and `mira-indexer` alike.

use std::time::Duration;

use mira_chain::hint::Websocket;
use solana_sdk::signature::Signature;

use crate::shell::{Config, SourceKind};

/// How to follow a cluster, and into which database.
#[derive(Clone, Debug, clap::Args)]
pub struct FollowArgs {
    /// The index: sqlite:PATH or postgres://USER@HOST/DATABASE.
    #[arg(long, env = "MIRA_DATABASE", value_name = "URL")]
    pub database: String,
    /// JSON-RPC endpoints to read from, the preferred one first; several times or separated by commas. With
    /// several, one may be down, and what two say differently stops the cursor.
    #[arg(long, env = "MIRA_RPC", value_name = "URL", value_delimiter = ',')]
    pub rpc: Vec<String>,
    /// A websocket of the cluster, ws://… or wss://…, that wakes the indexer before --poll-ms is over. It changes
    /// how soon something is seen and nothing else: it may be silent, break or lie.
    #[arg(long, env = "MIRA_WS", value_name = "URL")]
    pub ws: Option<Websocket>,
    /// What the endpoints are asked for.
    #[arg(long, env = "MIRA_SOURCE", value_enum, default_value_t)]
    pub source: SourceKind,
    /// The slot to start at in an empty database: the program's deployment, or before. Without it, the
    /// endpoint's oldest slot.
    #[arg(long, env = "MIRA_START_SLOT")]
    pub start_slot: Option<u64>,
    /// How often to ask for new slots.
    #[arg(long, env = "MIRA_POLL_MS", default_value_t = 400)]
    pub poll_ms: u64,
    /// Keep the confirmed rows above the cursor too. Some calls more for each slot, and blocks only.
    #[arg(long, env = "MIRA_CONFIRMED")]
    pub confirmed: bool,
    /// A transaction to set aside if it cannot be read, instead of stopping there; several times or separated by
    /// commas. Only one that is known to concern nothing of the network: an event that is lost with it stops the
    /// cursor at the next of its account.
    #[arg(long, env = "MIRA_SET_ASIDE", value_name = "SIGNATURE", value_delimiter = ',')]
    pub set_aside: Vec<Signature>,
    /// How long the indexer that works may be silent before another one on the same database takes over.
    #[arg(long, env = "MIRA_HOLD_MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(100..))]
    pub hold_ms: u64,
}

/// Arguments that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgsError {
    /// Confirmed rows from single transactions.
    #[error("--confirmed needs --source blocks: single transactions do not show which fork they are on")]
    ConfirmedNeedsBlocks,
}

impl FollowArgs {
    /// What the indexer is started with.
    ///
    /// # Errors
    /// Two arguments contradict each other.
    pub fn config(&self) -> Result<Config, ArgsError> {
        if self.confirmed && self.source != SourceKind::Blocks {
            return Err(ArgsError::ConfirmedNeedsBlocks);
        }
        Ok(Config {
            start_slot: self.start_slot,
            poll: Duration::from_millis(self.poll_ms),
            hints: self.ws.clone(),
            source: self.source,
            confirmed: self.confirmed,
            set_aside: self.set_aside.iter().map(|signature| *signature.as_array()).collect(),
            hold: Duration::from_millis(self.hold_ms),
            ..Config::default()
        })
    }

    /// The endpoints that were named, or the one to read from otherwise.
    pub fn endpoints(&self, otherwise: impl FnOnce() -> String) -> Vec<String> {
        if self.rpc.is_empty() { vec![otherwise()] } else { self.rpc.clone() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        follow: FollowArgs,
    }

    fn parse(args: &[&str]) -> Result<FollowArgs, clap::Error> {
        let command = ["indexer", "--database", "sqlite:x"].iter().chain(args);
        Command::try_parse_from(command).map(|command| command.follow)
    }

    #[test]
    fn confirmed_rows_need_blocks() {
        let both = parse(&["--confirmed", "--source", "signatures"]).unwrap();
        assert_eq!(both.config(), Err(ArgsError::ConfirmedNeedsBlocks));
        assert!(parse(&["--confirmed"]).unwrap().config().unwrap().confirmed);
        let signatures = parse(&["--source", "signatures"]).unwrap().config().unwrap();
        assert_eq!((signatures.source, signatures.confirmed), (SourceKind::Signatures, false));
    }

    #[test]
    fn what_is_given_is_what_the_indexer_gets() {
        let args = parse(&["--ws", "ws://host:1", "--poll-ms", "7", "--start-slot", "9", "--hold-ms", "300"]).unwrap();
        let config = args.config().unwrap();
        assert_eq!((config.poll, config.start_slot), (Duration::from_millis(7), Some(9)));
        assert_eq!(config.hold, Duration::from_millis(300));
        assert_eq!(config.hints, Some("ws://host:1".parse().unwrap()));
        assert_eq!(parse(&[]).unwrap().config(), Ok(Config::default()));
    }

    #[test]
    fn an_address_that_is_none_is_refused_in_words() {
        let error = parse(&["--ws", "http://host:1"]).unwrap_err().to_string();
        assert!(error.contains("write ws://HOST:PORT or wss://HOST"), "{error}");
    }

    #[test]
    fn endpoints_are_those_named_or_the_one_of_the_network() {
        let home = || "http://home".to_owned();
        assert_eq!(parse(&[]).unwrap().endpoints(home), ["http://home"]);
        assert_eq!(parse(&["--rpc", "a,b", "--rpc", "c"]).unwrap().endpoints(home), ["a", "b", "c"]);
    }
}
