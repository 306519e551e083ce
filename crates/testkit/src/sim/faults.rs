//! What may go wrong, and how often.

use crate::solvency::dice::Dice;

/// Chances of faults. All nought is a run without faults.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Answers lost, in a hundred.
    pub dropped: u64,
    /// Answers that come twice, in a hundred.
    pub duplicated: u64,
    /// The longest time that an answer usually takes; it is why answers overtake each other.
    pub delay: u64,
    /// Answers that take very long, in a hundred.
    pub late: u64,
    /// Answers of which one is a lie; 0 is never.
    pub lie_once_in: u64,
    /// The lies to choose from.
    pub lies: &'static [Lie],
    /// Honest endpoints beside the one that may lie.
    pub honest: usize,
    /// Moments of which one is a restart; 0 is never.
    pub restart_once_in: u64,
}

impl Faults {
    /// Those of a seed: at most 30 % lost, at most 50 % doubled.
    pub fn random(dice: &mut Dice) -> Self {
        Self {
            dropped: dice.roll(31),
            duplicated: dice.roll(51),
            delay: dice.roll(30),
            late: dice.roll(10),
            lie_once_in: 60 + dice.roll(300),
            lies: &Lie::ALONE,
            honest: 0,
            restart_once_in: 100 + dice.roll(1_000),
        }
    }

    /// Those of a seed, where one or two honest endpoints stand beside the one that lies.
    pub fn among_honest(dice: &mut Dice) -> Self {
        let random = Self::random(dice);
        let honest = if dice.once_in(2) { 1 } else { 2 };
        Self { lies: &Lie::ALL, lie_once_in: random.lie_once_in / 4, honest, ..random }
    }
}

/// What an endpoint may say that is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lie {
    /// A slot with a block is called skipped.
    Skipped,
    /// A slot with a block is left out of the list.
    LeftOut,
    /// A block is called unavailable.
    Unavailable,
    /// A block comes in a form that nobody understands.
    Undecodable,
    /// One of its transactions does.
    Unreadable,
    /// A block of another chain comes instead.
    OtherChain,
    /// The network's first event names another cluster.
    OtherCluster,
    /// An event is of an unknown kind.
    UnknownEvent,
    /// An event is left out of its block.
    EventLeftOut,
    /// An event is in its block twice.
    EventTwice,
    /// The last event of a block is left out: it shows when its aggregate changes again, or never. Only a second
    /// endpoint can tell.
    EventWithheld,
}

impl Lie {
    /// Those that one endpoint cannot get away with.
    pub const ALONE: [Self; 10] = [
        Self::Skipped,
        Self::LeftOut,
        Self::Unavailable,
        Self::Undecodable,
        Self::Unreadable,
        Self::OtherChain,
        Self::OtherCluster,
        Self::UnknownEvent,
        Self::EventLeftOut,
        Self::EventTwice,
    ];

    /// All of them.
    pub const ALL: [Self; 11] = {
        let [a, b, c, d, e, f, g, h, i, j] = Self::ALONE;
        [a, b, c, d, e, f, g, h, i, j, Self::EventWithheld]
    };

    /// What it is called in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skipped => "lie: skipped",
            Self::LeftOut => "lie: left out of a list",
            Self::Unavailable => "lie: unavailable",
            Self::Undecodable => "lie: undecodable block",
            Self::Unreadable => "lie: unreadable transaction",
            Self::OtherChain => "lie: block of another chain",
            Self::OtherCluster => "lie: another cluster",
            Self::UnknownEvent => "lie: unknown event",
            Self::EventLeftOut => "lie: event left out",
            Self::EventTwice => "lie: event twice",
            Self::EventWithheld => "lie: event withheld",
        }
    }

    /// The code of the stop that has to follow from an endpoint alone; a list that leaves out all that was to be read
    /// first is a `no_start` instead.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Skipped => "contradiction",
            Self::LeftOut => "unproved_skip",
            Self::Unavailable => "unavailable_slot",
            Self::Undecodable => "undecodable_block",
            Self::Unreadable => "unreadable_transaction",
            Self::OtherChain => "fork",
            Self::OtherCluster => "wrong_cluster",
            Self::UnknownEvent => "unknown_event",
            Self::EventLeftOut | Self::EventTwice | Self::EventWithheld => "event_does_not_fit",
        }
    }

    /// Whether it is a block that another endpoint gives differently.
    pub const fn is_a_block(self) -> bool {
        !matches!(self, Self::Skipped | Self::LeftOut | Self::Unavailable | Self::Undecodable | Self::Unreadable)
    }
}
