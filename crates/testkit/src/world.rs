//! A world: the program's ELF in the SVM, two mints, a clock that only the test moves, and the model.

mod compare;
mod engine;
mod events;
mod outside;
mod program;
mod run;
mod send;
mod stale;
mod tokens;

pub use engine::Engine;
pub use run::Receipt;
pub use tokens::{SUPPLY, mint_bytes};

use crate::actor::Actor;
use anchor_lang::{AccountDeserialize, AccountSerialize};
use litesvm::LiteSVM;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Hash;
use mira_core::amount::{Bps, Stake, StakePerMillion};
use mira_core::ledger::Ledger;
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use solana_clock::Clock;
use solana_sdk::account::Account;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

/// Unix second at which every world begins.
pub const START: i64 = 1_800_000_000;
/// What every actor owns of each mint.
pub const PURSE: u64 = 1_000_000_000_000;
/// The genesis hash that every world pretends to have.
pub const CLUSTER_ID: Hash = [0xc1; 32];

/// Where the loader keeps the upgrade authority: after its tag (u32) and the slot (u64), an option.
const AUTHORITY_OFFSET: usize = 12;

/// The program, its surroundings, and what the model thinks of them.
pub struct World {
    /// The SVM.
    pub svm: LiteSVM,
    /// The program's upgrade authority, and the network's admin.
    pub admin: Actor,
    /// Pays transaction fees and nothing else.
    pub payer: Actor,
    /// The network's own token.
    pub stake_mint: Pubkey,
    /// What requesters pay in.
    pub payment_mint: Pubkey,
    /// The oracle. Meaningful from `initialize` on.
    pub model: Ledger,
    /// Every event so far, in order.
    pub events: Vec<Event>,
    /// The largest number of compute units that each instruction has used, by its event's name.
    pub compute_units: BTreeMap<&'static str, u64>,
    initialized: bool,
}

/// The parameters of every world: seconds, as on a local chain.
pub fn params() -> Params {
    Params {
        fee_bps: Bps::new(100).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(500_000),
        unbonding_secs: 200,
        max_lease_secs: 100,
        max_job_secs: 1_000,
        grace_secs: 20,
        dispute_window_secs: 30,
        job_id_window_secs: 5,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_000).unwrap(),
            min_bond: Stake::new(10),
            respond_secs: 10,
            vote_secs: 20,
            jail_secs: 50,
            max_slash_bps: Bps::new(2_000).unwrap(),
        },
        reward: RewardParams {
            share_bps: Bps::new(8_000).unwrap(),
            epoch_secs: 60,
            challenge_secs: 15,
            stale_secs: 25,
        },
    }
}

impl World {
    /// The program with its upgrade authority and two mints, but no network.
    pub fn bare() -> Self {
        let admin = Actor::new("admin");
        let mut world = Self {
            svm: LiteSVM::new(),
            payer: Actor::new("payer"),
            stake_mint: Actor::new("stake mint").pubkey(),
            payment_mint: Actor::new("payment mint").pubkey(),
            model: Ledger::initialize(admin.key(), params(), Profile::Local, START).unwrap(),
            events: Vec::new(),
            compute_units: BTreeMap::new(),
            initialized: false,
            admin,
        };
        // The committed bytecode: what tests run is what clients and the local chain run.
        world.svm.add_program(mira::ID, program::program_bytes()).unwrap();
        world.set_upgrade_authority(&world.admin.pubkey());
        world.set_clock(START);
        world.fund(&world.payer.pubkey());
        world.fund(&world.admin.pubkey());
        world.put_mint(world.stake_mint);
        world.put_mint(world.payment_mint);
        world
    }

    /// A network with all its fee shards.
    pub fn network() -> Self {
        Self::network_with(Engine::Elf)
    }

    /// The same, run by `engine`.
    pub fn network_with(engine: Engine) -> Self {
        let mut world = Self::bare_with(engine);
        world.initialize();
        let payer = world.payer.clone();
        for shard in 0..pda::FEE_SHARDS {
            world.run(&world.init_fee_shard(&payer, shard));
        }
        world
    }

    /// Creates the network as `bare` left it open.
    pub fn initialize(&mut self) {
        let admin = self.admin.clone();
        let sent = self.send(&[self.initialize_instruction()], &[&admin]).unwrap();
        self.events.extend(events::read(&sent).into_iter().flatten());
        self.initialized = true;
        self.compare();
    }

    /// The instruction that [`World::initialize`] sends.
    pub fn initialize_instruction(&self) -> Instruction {
        let args = ix::InitializeArgs {
            profile: Profile::Local.as_u8(),
            cluster_id: CLUSTER_ID,
            params: ix::NetworkParams::from(&params()),
        };
        ix::initialize(&self.admin.pubkey(), &self.stake_mint, &self.payment_mint, args)
    }

    /// Writes the loader's record of who may upgrade the program, which `add_program` leaves empty.
    pub fn set_upgrade_authority(&mut self, authority: &Pubkey) {
        let address = pda::program_data();
        let mut record = self.svm.get_account(&address).unwrap();
        record.data[AUTHORITY_OFFSET] = 1;
        record.data[AUTHORITY_OFFSET + 1..AUTHORITY_OFFSET + 33].copy_from_slice(authority.as_ref());
        self.svm.set_account(address, record).unwrap();
    }

    /// Somebody with lamports and a [`PURSE`] of each mint. Asking twice gives the same one as it is.
    pub fn actor(&mut self, name: &str) -> Actor {
        let actor = Actor::new(name);
        let key = actor.pubkey();
        if self.svm.get_account(&key).is_none() {
            self.fund(&key);
            self.put_purse(&key, self.stake_mint, PURSE);
            self.put_purse(&key, self.payment_mint, PURSE);
        }
        actor
    }

    /// The chain's clock, unix seconds.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Moves the clock of chain and model.
    pub fn advance(&mut self, secs: u32) {
        self.set_clock(self.now() + i64::from(secs));
        self.model.apply(&mira_core::ledger::Action::Advance { secs }).unwrap();
    }

    /// One of the program's accounts, or `None` if there is none at that address.
    pub fn state<T: AccountDeserialize>(&self, key: &Pubkey) -> Option<T> {
        let account = self.svm.get_account(key).filter(|account| account.lamports > 0)?;
        assert_eq!(account.owner, mira::ID, "{key} belongs to another program");
        Some(T::try_deserialize(&mut account.data.as_slice()).unwrap())
    }

    /// Lamports of an account.
    pub fn lamports(&self, key: &Pubkey) -> u64 {
        self.svm.get_balance(key).unwrap_or_default()
    }

    /// Puts an account where the test wants it, whatever was there.
    pub fn put(&mut self, key: Pubkey, owner: Pubkey, data: Vec<u8>) {
        let lamports = self.svm.minimum_balance_for_rent_exemption(data.len()).max(1);
        self.svm.set_account(key, Account { lamports, data, owner, executable: false, rent_epoch: u64::MAX }).unwrap();
    }

    /// Changes a provider behind the program's back, on the chain and in the model, to reach states
    /// that no instruction leads to.
    pub fn edit_provider(&mut self, key: &Pubkey, edit: impl FnOnce(&mut mira::state::Provider)) {
        let mut provider: mira::state::Provider = self.state(key).unwrap();
        edit(&mut provider);
        let mut data = Vec::new();
        provider.try_serialize(&mut data).unwrap();
        self.put(*key, mira::ID, data);
        self.model.providers.get_mut(&key.to_bytes()).unwrap().books = provider.to_core().unwrap();
        self.compare();
    }

    /// Puts a copy of an account (or nothing, if there is none) at an address of its own.
    pub fn copy(&mut self, key: &Pubkey) -> Pubkey {
        let copy = Actor::new(&format!("copy of {key}")).pubkey();
        if let Some(account) = self.svm.get_account(key).filter(|account| !account.executable) {
            self.svm.set_account(copy, account).unwrap();
        }
        copy
    }

    fn fund(&mut self, key: &Pubkey) {
        self.svm.airdrop(key, 100_000_000_000).unwrap();
    }

    fn set_clock(&mut self, unix_timestamp: i64) {
        let clock = self.svm.get_sysvar::<Clock>();
        self.svm.set_sysvar(&Clock { unix_timestamp, ..clock });
    }
}
