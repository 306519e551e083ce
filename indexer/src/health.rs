//! What the indexer says of itself: how far it is, and why it stands still if it does.

use std::fmt;

use crate::stop::Stop;

/// What shows that the index is complete up to its cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// Each block names the one before it: nothing can lie between.
    #[default]
    ParentLinks,
    /// Each aggregate's events are numbered without a gap, and every account of the program has a row.
    /// An aggregate's newest events may be missing until its next one.
    SeqContinuity,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ParentLinks => "parent links",
            Self::SeqContinuity => "seq continuity",
        })
    }
}

/// A snapshot, shared through a watch channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// What shows that nothing is missing.
    pub proof: Proof,
    /// The last slot that is folded and stored.
    pub cursor: Option<u64>,
    /// The newest finalized slot that the endpoint named.
    pub finalized: Option<u64>,
    /// Why the cursor stands still, if it has to.
    pub stopped: Option<Stopped>,
    /// For whom this indexer waits, while another one is at work.
    pub standby: Option<Standby>,
    /// What the endpoint or the database said last, while one of them does not answer.
    pub trouble: Option<String>,
    /// Slots with a block committed since the start of this process.
    pub blocks: u64,
    /// Events committed since the start of this process.
    pub events: u64,
    /// Calls since then that looked like the program's events and were not.
    pub forged: u64,
    /// Transactions that were set aside unread, ever.
    pub set_aside: u64,
}

/// A stop, as it is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// A name that does not change, for alerts: [`Stop::code`].
    pub code: &'static str,
    /// What was seen and what to do.
    pub reason: String,
    /// The question is asked again; otherwise the indexer waits for a person and a restart.
    pub asks_again: bool,
}

impl From<&Stop> for Stopped {
    fn from(stop: &Stop) -> Self {
        Self { code: stop.code(), reason: stop.to_string(), asks_again: stop.asks_again() }
    }
}

/// Another indexer works on the same database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standby {
    /// What it holds the stream by: the number of its turn.
    pub fence: u64,
    /// How far it is.
    pub slot: Option<u64>,
}

impl fmt::Display for Standby {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "standby: waits for the indexer that holds this database with fence {}, ", self.fence)?;
        match self.slot {
            Some(slot) => write!(f, "at slot {slot}"),
            None => f.write_str("before its first slot"),
        }
    }
}

/// Why replies cannot be trusted to be current.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// Nothing was committed yet.
    #[error("nothing is indexed yet")]
    Starting,
    /// Another indexer is at work.
    #[error("{0}")]
    Standby(Standby),
    /// The cursor stands still.
    #[error("indexing stopped ({}): {}", .0.code, .0.reason)]
    Stopped(Stopped),
    /// The endpoint or the database does not answer.
    #[error("{0}")]
    Trouble(String),
    /// The index is old.
    #[error("the index is {lag_slots} slots behind, {limit} are allowed")]
    Lagging {
        /// How far behind.
        lag_slots: u64,
        /// How far is allowed.
        limit: u64,
    },
}

impl Health {
    /// Finalized slots that are not stored yet; `None` before the first answers.
    pub fn lag_slots(&self) -> Option<u64> {
        Some(self.finalized?.saturating_sub(self.cursor?))
    }

    /// What shows that the index is complete, and what it is known to lack.
    pub fn completeness(&self) -> String {
        match self.set_aside {
            0 => format!("complete by {}", self.proof),
            set_aside => format!("complete by {} but for {set_aside} transactions set aside unread", self.proof),
        }
    }

    /// Whether replies are current to within `limit` slots of finality.
    ///
    /// # Errors
    /// The worst of what stands against it.
    pub fn ready(&self, limit: u64) -> Result<(), NotReady> {
        if let Some(stopped) = &self.stopped {
            return Err(NotReady::Stopped(stopped.clone()));
        }
        if let Some(trouble) = &self.trouble {
            return Err(NotReady::Trouble(trouble.clone()));
        }
        if let Some(standby) = self.standby {
            return Err(NotReady::Standby(standby));
        }
        match self.lag_slots() {
            None => Err(NotReady::Starting),
            Some(lag_slots) if lag_slots > limit => Err(NotReady::Lagging { lag_slots, limit }),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_aside_is_said() {
        let mut health = Health::default();
        assert_eq!(health.completeness(), "complete by parent links");
        health.set_aside = 2;
        assert!(health.completeness().ends_with("but for 2 transactions set aside unread"));
    }

    #[test]
    fn readiness_names_the_worst_reason() {
        let mut health = Health::default();
        assert_eq!(health.ready(10), Err(NotReady::Starting));
        (health.cursor, health.finalized) = (Some(90), Some(100));
        assert_eq!(health.ready(10), Ok(()));
        assert_eq!(health.ready(9), Err(NotReady::Lagging { lag_slots: 10, limit: 9 }));
        let standby = Standby { fence: 3, slot: Some(95) };
        health.standby = Some(standby);
        assert_eq!(health.ready(10), Err(NotReady::Standby(standby)));
        health.trouble = Some("no answer".to_owned());
        assert_eq!(health.ready(10), Err(NotReady::Trouble("no answer".to_owned())));
        health.stopped = Some(Stopped::from(&Stop::Contradiction { slot: 91 }));
        let reason = health.ready(10).map_err(|error| error.to_string());
        assert_eq!(
            reason,
            Err("indexing stopped (contradiction): the endpoint lists slot 91 as produced and calls it skipped"
                .to_owned())
        );
    }
}
