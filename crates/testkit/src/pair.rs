//! Two worlds that are told the same, one on the ELF and one on the host's program: each step must
//! have the same outcome in both and leave the same bytes.

use crate::refusal::Refusal;
use crate::step::Step;
use crate::world::{Engine, Receipt, World};
use mira_chain::token::TOKEN_PROGRAM;
use solana_sdk::account::Account;
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

/// The two worlds.
pub struct Pair {
    /// Runs the ELF.
    pub elf: World,
    /// Runs the program compiled for the host.
    pub native: World,
}

/// Every account of the program and of the token program, with its lamports and bytes.
pub type Accounts = BTreeMap<Pubkey, Account>;

impl Pair {
    /// Two worlds, made the same way.
    pub fn new(make: impl Fn(Engine) -> World) -> Self {
        let pair = Self { elf: make(Engine::Elf), native: make(Engine::Native) };
        pair.compare();
        pair
    }

    /// Does the same to both, behind the program's back.
    pub fn both(&mut self, act: impl Fn(&mut World)) {
        act(&mut self.elf);
        act(&mut self.native);
        self.compare();
    }

    /// Runs a step that both accept.
    pub fn run(&mut self, make: impl Fn(&World) -> Step) -> Receipt {
        let step = self.step(make);
        let (elf, native) = (self.elf.run(&step), self.native.run(&step));
        assert_eq!(elf.events, native.events, "the events of {step:#?}");
        self.compare();
        elf
    }

    /// Sends a step that may be refused; both must agree on it, and on the reason.
    ///
    /// # Errors
    /// Why both refused.
    pub fn agree(&mut self, make: impl Fn(&World) -> Step) -> Result<(), Refusal> {
        let step = self.step(make);
        self.verdict(&step, |world, step| world.agree(step))
    }

    /// Sends a step that the test has changed; both must refuse it for the same reason.
    pub fn tampered(&mut self, make: impl Fn(&World) -> Step) -> Refusal {
        let step = self.step(make);
        let verdict = self.verdict(&step, |world, step| Err(world.tampered(step)));
        verdict.expect_err("a tampered step is refused or panics")
    }

    /// Panics unless both worlds hold the same accounts, to the byte, and have seen the same events.
    pub fn compare(&self) {
        assert_eq!(self.elf.events, self.native.events);
        let (elf, native) = (accounts(&self.elf), accounts(&self.native));
        assert!(elf.keys().eq(native.keys()), "the engines left different accounts");
        for (key, account) in &elf {
            assert_eq!(account, &native[key], "the engines left {key} differently");
        }
    }

    fn verdict(&mut self, step: &Step, send: impl Fn(&mut World, &Step) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let (elf, native) = (send(&mut self.elf, step), send(&mut self.native, step));
        assert_eq!(elf, native, "the engines disagree on {step:#?}");
        self.compare();
        elf
    }

    fn step(&self, make: impl Fn(&World) -> Step) -> Step {
        let (step, other) = (make(&self.elf), make(&self.native));
        assert_eq!((&step.action, &step.instructions), (&other.action, &other.instructions));
        step
    }
}

/// Everything of a world that the program or its tokens consist of.
pub fn accounts(world: &World) -> Accounts {
    let owners = [mira::ID, TOKEN_PROGRAM];
    owners.iter().flat_map(|owner| world.svm.get_program_accounts(owner)).collect()
}
