//! Gangs: members that start together or not at all.
//!
//! A gang takes one slot of each of as many providers as it has members, in two phases. First it
//! reserves: the slots are claimed and the leases proposed, and nothing starts. It starts when every
//! lease is open and every slot can be had; when the time limit passes before that, all of it is
//! released, and the gang is tried again without those who let it wait, or with them once more if there
//! is nobody else. The leases that did open stay usable for the next try.
//!
//! No two gangs hold halves of each other: a gang that cannot have all its members claims nothing,
//! with one exception at a time, the holder, the first in the one admission order. The holder claims
//! what there is and waits for the rest. All that it waits for ends by itself: reservations by their
//! limit, running gangs and shards by their deadlines, and none of them waits for the holder.
//!
//! Reserved slots are lent out meanwhile, to shards that may be stopped, or that end in time.
//!
//! | module | holds |
//! | --- | --- |
//! | [`book`] | who waits, who claims what, who runs |
//! | `advance` | the protocol, on whatever floor it is played |
//! | `floor` | the floor that is the engine |
//! | `find` | who could be a member |
//! | `topology` | which of them are close together |
//! | [`slots`] | what is left of a provider's slots |
//! | `rank` | which shard a member gets |
//! | `terms`, [`note`], [`views`] | what is refused, told, and seen |

pub mod book;
pub mod note;
pub mod slots;
pub mod views;

pub(crate) mod advance;
pub(crate) mod find;
pub(crate) mod floor;
pub(crate) mod rank;
pub(crate) mod terms;
pub(crate) mod topology;

#[cfg(test)]
mod tests;
