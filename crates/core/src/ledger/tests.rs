//! Scripts, written and random: whatever happens in whatever order, every invariant holds exactly.

mod authorities;
mod cast;
mod drain;
mod govern;
mod random;
mod script;
mod step;
mod story;
mod thieves;
mod wash;
