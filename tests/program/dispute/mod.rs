//! Disputes: their course, what they take, and who receives it.

mod aftermath;
mod open_dispute;
mod payees;
mod resolve_dispute;
mod respond_dispute;
mod slash;
mod vote_dispute;

use libtest_mimic::Trial;

/// All tests of this group.
pub fn trials() -> Vec<Trial> {
    [
        aftermath::trials(),
        open_dispute::trials(),
        payees::trials(),
        resolve_dispute::trials(),
        respond_dispute::trials(),
        slash::trials(),
        vote_dispute::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
