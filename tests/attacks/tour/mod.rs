//! A tour of the whole program: one network from its first second on, in which every instruction is sent
//! once, in its turn, and accepted. A visitor is called before each of them and after it: it tries what
//! must not work, and the unbent instruction works right behind it.
//!
//! The town is full: whatever an instruction names, there is a second one of its kind that belongs to
//! others (jobs, leases, providers, positions, disputes, fee shards), so that an attack finds something
//! to put in the place of the right account.

mod accounts;
mod acts;
mod town;

pub use accounts::{Account, Kind};

use mira_core::ledger::Action;
use mira_testkit::solvency::INSTRUCTIONS;
use mira_testkit::{Refusal, Step, World};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeSet;

/// Whether the network's two mints are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mints {
    /// The usual case.
    Two,
    /// One for both, so that all vaults hold the same token.
    One,
}

/// Before or after the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It is about to be sent.
    Before,
    /// It was accepted.
    After,
}

/// An instruction in its turn.
pub struct Stop {
    /// The model's name of it; `Initialize` for the first.
    pub name: &'static str,
    /// As it is accepted.
    pub step: Step,
    /// Its accounts, in their order, as they are before it.
    pub accounts: Vec<Account>,
}

impl Stop {
    /// Its accounts of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Account> {
        self.accounts.iter().filter(move |account| account.kind == kind)
    }

    /// The step with another account in one place.
    pub fn with(&self, account: &Account, other: &Pubkey) -> Step {
        assert_ne!(account.key, *other, "{}'s {} itself", self.name, account.name);
        self.step.clone().swap_at(account.place, other)
    }
}

/// Who is called at every stop.
type Visit<'a> = &'a mut dyn FnMut(&mut World, &Stop, Moment);

/// Walks through all of it. The visitor must leave the world as it was.
pub fn walk(mints: Mints, mut visit: impl FnMut(&mut World, &Stop, Moment)) {
    let mut tour = Tour::new(mints, &mut visit);
    tour.all();
    let seen: Vec<_> = tour.seen.into_iter().collect();
    let mut all = INSTRUCTIONS.to_vec();
    all.sort_unstable();
    assert_eq!(seen, all, "the tour stops at every instruction");
}

/// As [`walk`] in the usual network, where only what comes before each instruction counts.
pub fn before_each(mut visit: impl FnMut(&mut World, &Stop)) {
    walk(Mints::Two, |world, stop, moment| {
        if moment == Moment::Before {
            visit(world, stop);
        }
    });
}

/// The walk so far.
struct Tour<'a> {
    world: World,
    visit: Visit<'a>,
    seen: BTreeSet<&'static str>,
}

impl<'a> Tour<'a> {
    fn new(mints: Mints, visit: Visit<'a>) -> Self {
        let mut world = World::bare();
        if mints == Mints::One {
            world.payment_mint = world.stake_mint;
        }
        Self { world, visit, seen: BTreeSet::new() }
    }

    /// The first instruction, of which the model knows only what comes out.
    fn initialize(&mut self) {
        let admin = self.world.admin.clone();
        let instructions = vec![self.world.initialize_instruction()];
        let step = Step { action: Action::Advance { secs: 0 }, instructions, signers: vec![admin] };
        self.stop("Initialize", step, |world, _| world.initialize());
    }

    /// Any later instruction.
    fn go(&mut self, step: Step) {
        self.stop(step.action.name(), step, |world, step| {
            world.run(step);
        });
    }

    fn stop(&mut self, name: &'static str, step: Step, send: impl FnOnce(&mut World, &Step)) {
        assert!(self.seen.insert(name), "the tour stops at {name} once");
        let accounts = accounts::of(&self.world, name, &step);
        let stop = Stop { name, step, accounts };
        (self.visit)(&mut self.world, &stop, Moment::Before);
        send(&mut self.world, &stop.step);
        (self.visit)(&mut self.world, &stop, Moment::After);
    }
}

/// What a visitor tried and what came of it. All surprises are told at once, at the end.
#[derive(Default)]
pub struct Attempts {
    made: usize,
    surprises: Vec<String>,
}

impl Attempts {
    /// Sends a bent step, which must be refused as expected.
    pub fn refused(&mut self, world: &mut World, stop: &Stop, bent: &Step, what: &str, expected: impl Into<Refusal>) {
        self.made += 1;
        let (found, expected) = (world.tampered(bent), expected.into());
        if found != expected {
            self.surprises.push(format!("{} with {what}: {found:?}, not {expected:?}", stop.name));
        }
    }

    /// Panics unless all attempts were refused for the right reason, and there were enough of them.
    pub fn assert_at_least(self, attempts: usize) {
        assert!(self.surprises.is_empty(), "{:#?}", self.surprises);
        assert!(self.made >= attempts, "{} attempts are too few", self.made);
    }
}
