//! A provider says how a shard ended.

use mira_core::amount::{Payment, Units};
use mira_core::{Hash, Key};
use mira_dispatch::effect::{self, Effect, RejectReason};
use mira_dispatch::input::{self, Claim, Done, Event, Failed};

use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

/// The longest note of a failure that is kept, in bytes.
const MAX_NOTE: usize = 512;

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct ShardResult {
    /// The provider account.
    pub provider: Key,
    /// The lease that it ran under.
    pub lease: Key,
    /// The job.
    pub job: Key,
    /// The shard's index.
    pub shard: u32,
    /// The attempt's number.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
}

/// Well or badly.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With an output.
    Done {
        /// Its content hash.
        output: Hash,
        /// What it used.
        units: Units,
    },
    /// Without one.
    Failed {
        /// Whose fault it was.
        fault: Fault,
        /// What the provider says, for people.
        message: String,
    },
}

/// Whose fault a failure was.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The module trapped or met a limit: it would do so anywhere.
    Module,
    /// The provider could not run it.
    Node,
}

/// What became of a report.
#[derive(Clone, Copy, Debug)]
pub enum Verdict {
    /// The result counts.
    Accepted {
        /// What the lease is owed in all.
        amount_due: Payment,
        /// For how many units in all.
        units: Units,
    },
    /// Another attempt was first: this one is not paid.
    Duplicate,
    /// The failure was noted and the shard handed on.
    Failed,
    /// The report is about nothing that the provider holds.
    Rejected(RejectReason),
}

impl Handle {
    /// Takes a report.
    ///
    /// # Errors
    /// `Unavailable`: send it again.
    pub async fn result(&self, result: ShardResult) -> Result<Verdict, Error> {
        let claim = Claim {
            provider: result.provider,
            lease: result.lease,
            job: result.job,
            shard: result.shard,
            attempt: result.attempt,
        };
        let event = match result.outcome {
            Outcome::Done { output, units } => Event::Done(Done { claim, output, units }),
            Outcome::Failed { fault, message } => {
                let fault = match fault {
                    Fault::Module => input::Fault::Module,
                    Fault::Node => input::Fault::Node,
                };
                Event::Failed(Failed { claim, fault, note: shorten(message) })
            }
        };
        self.act(vec![event], move |_, out| verdict(&claim, &out)).await
    }
}

fn verdict(claim: &Claim, out: &effect::Outcome) -> Verdict {
    let verdict = out.effects.iter().find_map(|effect| match effect {
        Effect::Accepted(accepted) if accepted.claim == *claim => {
            Some(Verdict::Accepted { amount_due: accepted.amount_due, units: accepted.lease_units })
        }
        Effect::Duplicate { claim: second } if second == claim => Some(Verdict::Duplicate),
        Effect::Rejected { claim: rejected, reason } if rejected == claim => Some(Verdict::Rejected(*reason)),
        _ => None,
    });
    verdict.unwrap_or(Verdict::Failed)
}

/// At most `MAX_NOTE` bytes, cut between characters.
fn shorten(mut note: String) -> String {
    let end = note.floor_char_boundary(MAX_NOTE);
    note.truncate(end);
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_cut_between_characters() {
        assert_eq!(shorten("short".into()), "short");
        let long = shorten("é".repeat(400));
        assert_eq!((long.len(), long.chars().count()), (512, 256));
        assert_eq!(shorten(format!("a{}", "é".repeat(400))).len(), 511);
    }
}
