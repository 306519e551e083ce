//! Playing one script: steps that the chain and the model have to agree on, hostile ones between them.

use super::attack::bend;
use super::audit::Audit;
use super::cast::Cast;
use super::dice::Dice;
use super::script::Try;
use super::tally::{Attack, Tally};
use super::{drain, script};
use crate::actor::Actor;
use crate::refusal::Refusal;
use crate::step::Step;
use crate::world::{Engine, World};
use mira_chain::event::Event;
use mira_core::ledger::Action;
use solana_sdk::pubkey::Pubkey;

/// How many instructions a script has before its end is played out.
pub const STEPS: u64 = 400;
/// Steps that are kept to be sent again.
const REMEMBERED: usize = 40;
/// The system program's answer to making an account that exists.
const EXISTS: Refusal = Refusal::System(0);
/// The token program's answer to a transfer above the balance.
const INSUFFICIENT_FUNDS: Refusal = Refusal::Token(1);

/// One script in the making.
pub struct Player {
    /// The chain and the model.
    pub world: World,
    /// Who plays.
    pub cast: Cast,
    /// What decides.
    pub dice: Dice,
    /// What happened so far.
    pub tally: Tally,
    audit: Audit,
    history: Vec<Step>,
}

/// Plays the script of `seed` on the program's bytecode, with about `steps` instructions and then everything
/// that it takes to get everyone out.
///
/// # Panics
/// As soon as chain and model differ, or an invariant does not hold.
pub fn play(seed: u64, steps: u64) -> Tally {
    let mut player = Player::new(seed, Engine::Elf);
    player.run(steps);
    player.finish()
}

impl Player {
    /// A network with providers, judges and authorities, before the first step of the script of `seed`.
    pub fn new(seed: u64, engine: Engine) -> Self {
        let mut world = World::network_with(engine);
        let cast = Cast::new(&mut world);
        let audit = Audit::begin(&world, &cast);
        let mut tally = Tally::default();
        // The network and its shards are made, and compared with the model's, before anyone plays.
        tally.count("Initialize", Ok(()), None);
        for _ in &world.model.shards {
            tally.count("InitFeeShard", Ok(()), None);
        }
        let mut player = Self { world, cast, dice: Dice::new(seed), tally, audit, history: Vec::new() };
        player.initialize_again();
        for step in script::opening(&player.world, &player.cast) {
            player.send(&step, None);
        }
        player
    }

    /// Plays on until the script has sent about that many instructions.
    pub fn run(&mut self, steps: u64) {
        while self.tally.instructions() < steps {
            self.turn();
        }
    }

    /// Gets everyone out, and gives the counts.
    pub fn finish(mut self) -> Tally {
        self.end();
        self.tally
    }

    /// Gets everyone out.
    pub fn end(&mut self) {
        drain::drain(self);
        self.audit.end(&self.world, &self.cast);
        assert_eq!(self.world.surplus(), 0, "the program has accounts that the model does not know");
        self.tally.sequences = 1;
    }

    /// There is one network. The model begins with it and knows no second.
    fn initialize_again(&mut self) {
        let (admin, again) = (self.world.admin.clone(), self.world.initialize_instruction());
        let refusal = self.world.send(&[again], &[&admin]).expect_err("a second network");
        assert_eq!(refusal, EXISTS);
        self.world.compare();
        self.tally.count("Initialize", Err(&refusal), Some(Attack::Repeated));
    }

    /// One thing happens.
    fn turn(&mut self) {
        let Some((step, attack)) = self.next() else { return };
        if self.dice.once_in(3)
            && let Some((bent, attack)) = bend(&self.world, &step, &mut self.dice)
        {
            let refusal = self.world.tampered(&bent);
            self.tally.count(step.action.name(), Err(&refusal), Some(attack));
        }
        match self.dice.roll(11) {
            0 => self.swapped(&step, attack),
            1 => {
                self.send(&step, attack);
                self.late(&step, Some(Attack::Repeated));
            }
            2 if !self.history.is_empty() => {
                let old = self.dice.pick(&self.history).clone();
                self.late(&old, Some(Attack::Stale));
                self.late(&step, attack);
            }
            _ => self.send(&step, attack),
        }
    }

    /// What comes next, with what makes it hostile: at least the jump of the clock right before it.
    fn next(&mut self) -> Option<Try> {
        let (step, attack) = script::next(&mut self.world, &mut self.cast, &mut self.dice)?;
        Some((step, attack.or(self.jumped())))
    }

    fn jumped(&mut self) -> Option<Attack> {
        std::mem::take(&mut self.cast.jumped).then_some(Attack::TimeJump)
    }

    /// The step after the one that would come next, and that one behind it.
    fn swapped(&mut self, step: &Step, attack: Option<Attack>) {
        let later = self.next();
        if let Some((later, attack)) = &later {
            self.send(later, *attack);
        }
        let attack = attack.or(self.jumped()).or(later.and(Some(Attack::Reordered)));
        self.late(step, attack);
    }

    /// Sends a step that was made for an earlier state.
    fn late(&mut self, step: &Step, attack: Option<Attack>) {
        let outcome = match affordable(&self.world, step) {
            true => self.world.stale(step).map(|receipt| self.remember(&receipt.events)),
            false => Err(self.broke(step)),
        };
        self.tally.count(step.action.name(), outcome.as_ref().map(|_| ()), attack);
    }

    /// Sends a step that a wallet cannot pay for. The model, knowing no wallets, need not refuse it.
    fn broke(&mut self, step: &Step) -> Refusal {
        let verdict = self.world.model.clone().apply(&step.action);
        let refusal = self.world.tampered(step);
        assert!(verdict.is_err() || refusal == INSUFFICIENT_FUNDS, "refused as {refusal:?}: {step:#?}");
        refusal
    }

    /// Sends a step; chain and model agree on it, unless a wallet cannot pay for it.
    pub(super) fn send(&mut self, step: &Step, attack: Option<Attack>) {
        let outcome = if affordable(&self.world, step) { self.agree(step) } else { Err(self.broke(step)) };
        self.tally.count(step.action.name(), outcome.as_ref().map(|_| ()), attack);
        if outcome.is_ok() {
            if self.history.len() == REMEMBERED {
                self.history.remove(0);
            }
            self.history.push(step.clone());
        }
    }

    fn agree(&mut self, step: &Step) -> Result<(), Refusal> {
        if self.world.model.clone().apply(&step.action).is_err() {
            return Err(self.world.refused(step));
        }
        let receipt = self.world.run(step);
        self.remember(&receipt.events);
        Ok(())
    }

    /// Counts the fees that each provider's settlements paid: what honest authorities go by. Audits.
    fn remember(&mut self, events: &[Event]) {
        for event in events {
            if let Event::LeaseSettled(settled) = event {
                let provider = self.world.model.leases[&settled.lease.to_bytes()].provider;
                *self.cast.fees.entry(provider).or_default() += u128::from(settled.fee);
            }
        }
        self.audit.step(&self.world, &self.cast, events);
    }

    /// Sends a step that has to be accepted.
    pub(super) fn must(&mut self, step: &Step) {
        let receipt = self.world.run(step);
        self.remember(&receipt.events);
        self.tally.count(step.action.name(), Ok(()), None);
    }

    /// Makes the clock jump.
    pub(super) fn advance(&mut self, secs: u32) {
        self.world.advance(secs);
    }
}

/// Whether the wallet that a step pays from holds as much. The model knows no wallets.
fn affordable(world: &World, step: &Step) -> bool {
    let Some(payer) = step.signers.first() else { return true };
    let held = |purse: Pubkey| world.balance(&purse).unwrap_or_default();
    let stake = |actor: &Actor| held(world.stake_purse(&actor.pubkey()));
    match step.action {
        Action::Stake { amount, .. } => amount.get() <= stake(payer),
        Action::FundJob { amount, .. } => amount.get() <= held(world.payment_purse(&payer.pubkey())),
        Action::OpenDispute { lease, .. } => {
            let exposure = world.model.leases.get(&lease).map(|entry| entry.books.exposure).unwrap_or_default();
            let bond = mira_core::dispute::bond_ceil(exposure, &world.model.network.params).unwrap_or_default();
            bond.get() <= stake(payer)
        }
        _ => true,
    }
}
