//! What the instrumenter finds: guards, each with a number, and refusals that it leaves alone.

use serde::{Deserialize, Serialize};

/// A place where the program refuses or rounds, and that one number switches off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// From 1, by file and place.
    pub number: u32,
    /// Path from the root of the checkout.
    pub file: String,
    /// Line of its first character.
    pub line: usize,
    /// What is switched.
    pub kind: Kind,
    /// The guard's source on one line.
    pub text: String,
}

/// What becomes of a guard when it is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An account's attribute holds for every account.
    Constraint,
    /// Every account passes for the derived address.
    Seeds,
    /// No signature is needed.
    Signer,
    /// Any account passes for the program.
    Program,
    /// A line that only checks is skipped.
    Line,
    /// A condition never refuses.
    Condition,
    /// An arm that refuses does what its neighbour does.
    Arm,
    /// A value that is missing or wrong becomes the default; where there is none, the refusal loses its
    /// name.
    Value,
    /// Rounds the other way.
    Rounding,
    /// A limit (`min`, `max`) does not limit.
    Limit,
}

/// A refusal without a switch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeftOut {
    /// Path from the root of the checkout.
    pub file: String,
    /// Line of its first character.
    pub line: usize,
    /// Its source on one line.
    pub text: String,
    /// Why it has no switch.
    pub reason: String,
}

/// Everything that one walk over the sources found, as it is committed beside the instrumented ELF.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What can be switched.
    pub guards: Vec<Guard>,
    /// What cannot.
    pub left_out: Vec<LeftOut>,
}
