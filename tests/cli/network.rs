//! One network for all tests of this folder, kept up by a child process, and people on it.

use super::process::Mira;
use crate::harness;
use mira_chain::account::Config;
use mira_chain::pda;
use mira_chain::rpc::Rpc;
use mira_wire::client::ApiClient;
use serde_json::{Deserializer, Value};
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// One token of either mint, base units.
pub const TOKEN: u64 = 1_000_000;
/// What the faucet gives when nothing is said.
pub const GIVEN: u64 = 10_000 * TOKEN;

static SHARED: OnceLock<Net> = OnceLock::new();
static PEOPLE: AtomicU32 = AtomicU32::new(0);

/// A network that `mira up` keeps up.
pub struct Net {
    /// What other terminals read.
    pub file: PathBuf,
    /// The network's own folder, which it takes away at its end.
    pub folder: PathBuf,
    /// What `mira up` printed.
    pub document: Value,
    /// Its standard input stays open until this process ends, and then it stops.
    child: Child,
}

/// The network that the tests of this folder share. It starts with the first that asks for it.
pub fn shared() -> &'static Net {
    SHARED.get_or_init(|| Net::up(&["--providers", "4"]))
}

impl Net {
    /// Starts a network and waits until it is up.
    pub fn up(args: &[&str]) -> Self {
        let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("mira-suite-{}-{number}.toml", std::process::id()));
        let ports = ["--rpc-port", "0", "--ws-port", "0", "--api-port", "0"];
        let mut command = harness::mira();
        command.env("HOME", "/nonexistent").env_remove("MIRA_NETWORK").stdin(Stdio::piped()).stdout(Stdio::piped());
        command.args(["up", "--json", "--slot-ms", "50", "--stop-with-stdin", "--write"]).arg(&file);
        let mut child = command.args(ports).args(args).spawn().unwrap();
        let printed = child.stdout.take().unwrap();
        let document = Deserializer::from_reader(printed).into_iter::<Value>().next();
        let document = document.expect("`mira up` says on standard error why it ended").unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let faucet = text.lines().find_map(|line| line.strip_prefix("faucet_keypair = \"")?.strip_suffix('"'));
        let folder = Path::new(faucet.expect("a local network has a faucet")).parent().unwrap().to_path_buf();
        Self { file, folder, document, child }
    }

    /// A URL of the network's, by its name in what `mira up` printed.
    pub fn url(&self, name: &str) -> &str {
        self.document[name].as_str().unwrap()
    }

    /// The index of the network, as a database URL.
    pub fn database(&self) -> String {
        format!("sqlite:{}", self.folder.join("mira.sqlite").display())
    }

    /// `mira` on this network, for a program.
    pub fn mira(&self) -> Mira {
        Mira::new().arg("--json").arg("--network").arg(&self.file)
    }

    /// The cluster.
    pub fn rpc(&self) -> Rpc {
        Rpc::new(self.url("rpc_url"))
    }

    /// The API.
    pub fn api(&self) -> ApiClient {
        ApiClient::new(self.url("api_url")).unwrap()
    }

    /// The network's own record.
    pub async fn config(&self) -> Config {
        self.rpc().state(&pda::config(), Confirmed).await.unwrap().unwrap()
    }

    /// Somebody with a folder and a keypair file, and nothing on the network.
    pub fn stranger(&self) -> Person {
        let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("person-{number}"));
        std::fs::create_dir(&folder).unwrap();
        let keypair = Keypair::new();
        let person = Person { key: keypair.pubkey(), folder };
        person.file("id.json", serde_json::to_string(&keypair.to_bytes().to_vec()).unwrap().as_bytes());
        person
    }

    /// Somebody with what the faucet gives.
    pub async fn person(&self) -> Person {
        let person = self.stranger();
        self.of(&person).args(["faucet", "--sol", "10"]).run().await.document();
        person
    }

    /// `mira` on this network with somebody's keypair, for a program.
    pub fn of(&self, person: &Person) -> Mira {
        self.mira().arg("--keypair").arg(person.keypair())
    }

    /// What somebody holds.
    pub async fn purse(&self, owner: &Pubkey) -> Purse {
        let (rpc, config) = (self.rpc(), self.config().await);
        Purse {
            lamports: rpc.balance(owner, Confirmed).await.unwrap(),
            stake: rpc.token_balance(owner, &config.stake_mint, Confirmed).await.unwrap(),
            payment: rpc.token_balance(owner, &config.payment_mint, Confirmed).await.unwrap(),
        }
    }

    /// Ends its standard input and waits for its end.
    pub fn stop(mut self) -> bool {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().success()
    }
}

/// What a key holds, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purse {
    pub lamports: u64,
    pub stake: u64,
    pub payment: u64,
}

/// A key with files of its own.
pub struct Person {
    pub key: Pubkey,
    folder: PathBuf,
}

impl Person {
    /// The path of the keypair file.
    pub fn keypair(&self) -> PathBuf {
        self.path("id.json")
    }

    /// A path in the person's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A file in the person's folder.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The provider that this key owns, or would own.
    pub fn provider(&self) -> Pubkey {
        pda::provider(&self.key)
    }
}

/// A number that a document writes as a string.
#[track_caller]
pub fn number(value: &Value) -> u64 {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string")).parse().unwrap()
}
