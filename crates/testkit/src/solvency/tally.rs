//! What happened in random scripts: how often each instruction was accepted and refused, and why.

use crate::refusal::Refusal;
use std::collections::BTreeMap;
use std::fmt;

/// What makes a step hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attack {
    /// Somebody signs who may not.
    WrongSigner,
    /// A signature is left out.
    Unsigned,
    /// Another account stands in the place of the right one.
    SubstitutedAccount,
    /// A voucher or proof of before, or of somebody else.
    Stale,
    /// The same once more.
    Repeated,
    /// Two things in the other order.
    Reordered,
    /// Nothing, one, or as much as fits.
    BoundaryAmount,
    /// After a jump of the clock to just before or just after a deadline.
    TimeJump,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::WrongSigner,
        Self::Unsigned,
        Self::SubstitutedAccount,
        Self::Stale,
        Self::Repeated,
        Self::Reordered,
        Self::BoundaryAmount,
        Self::TimeJump,
    ];
}

/// Accepted and refused instructions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Accepted by chain and model.
    pub accepted: u64,
    /// Refused by both.
    pub refused: u64,
}

/// The counts of one or more scripts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Scripts.
    pub sequences: u64,
    /// By the model's name of the instruction.
    pub outcomes: BTreeMap<&'static str, Outcomes>,
    /// Refusals by their error.
    pub errors: BTreeMap<String, u64>,
    /// Hostile instructions by their kind.
    pub attacks: BTreeMap<Attack, u64>,
}

impl Tally {
    /// Counts one instruction that was sent.
    pub fn count(&mut self, name: &'static str, outcome: Result<(), &Refusal>, attack: Option<Attack>) {
        let outcomes = self.outcomes.entry(name).or_default();
        match outcome {
            Ok(()) => outcomes.accepted += 1,
            Err(refusal) => {
                outcomes.refused += 1;
                *self.errors.entry(label(refusal)).or_default() += 1;
            }
        }
        if let Some(attack) = attack {
            *self.attacks.entry(attack).or_default() += 1;
        }
    }

    /// Adds the counts of other scripts.
    pub fn merge(&mut self, other: &Tally) {
        self.sequences += other.sequences;
        for (name, counts) in &other.outcomes {
            let outcomes = self.outcomes.entry(name).or_default();
            outcomes.accepted += counts.accepted;
            outcomes.refused += counts.refused;
        }
        for (name, count) in &other.errors {
            *self.errors.entry(name.clone()).or_default() += count;
        }
        for (attack, count) in &other.attacks {
            *self.attacks.entry(*attack).or_default() += count;
        }
    }

    /// Instructions sent.
    pub fn instructions(&self) -> u64 {
        self.outcomes.values().map(|outcomes| outcomes.accepted + outcomes.refused).sum()
    }

    /// Instructions that were hostile.
    pub fn adversarial(&self) -> u64 {
        self.attacks.values().sum()
    }

    /// Instructions that were never accepted, or never refused.
    pub fn uncovered(&self) -> Vec<&'static str> {
        let known = crate::solvency::INSTRUCTIONS.iter().copied();
        let covered = |name: &str| self.outcomes.get(name).is_some_and(|o| o.accepted > 0 && o.refused > 0);
        known.filter(|name| !covered(name)).collect()
    }

    /// What nobody has tried.
    pub fn untried(&self) -> Vec<Attack> {
        Attack::ALL.into_iter().filter(|attack| !self.attacks.contains_key(attack)).collect()
    }
}

/// The error as people search for it.
fn label(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Mira(error) => error.name().to_owned(),
        Refusal::Anchor(code) => format!("anchor {code}"),
        Refusal::Token(code) => format!("token program {code}"),
        Refusal::System(code) => format!("system program {code}"),
        Refusal::Ed25519(code) => format!("ed25519 program {code}"),
        Refusal::Other { program, code } => format!("{program} {code}"),
        Refusal::Instruction(error) => format!("runtime {error:?}"),
        Refusal::Transaction(error) => format!("transaction {error:?}"),
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} instructions in {} scripts", self.instructions(), self.sequences)?;
        writeln!(f, "\n{:<24} {:>10} {:>10}", "instruction", "accepted", "refused")?;
        for (name, outcomes) in &self.outcomes {
            writeln!(f, "{name:<24} {:>10} {:>10}", outcomes.accepted, outcomes.refused)?;
        }
        writeln!(f, "\n{:<44} {:>10}", "refused because", "times")?;
        for (name, count) in &self.errors {
            writeln!(f, "{name:<44} {count:>10}")?;
        }
        writeln!(f, "\n{:<44} {:>10}", "hostile", "times")?;
        for (attack, count) in &self.attacks {
            writeln!(f, "{:<44} {count:>10}", format!("{attack:?}"))?;
        }
        Ok(())
    }
}
