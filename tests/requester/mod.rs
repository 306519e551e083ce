//! `mira_requester` against a chain, the indexer and a server: the way of a job from its wallet's side,
//! and what it refuses. What must not change then is read back from the chain and the server.

mod connect;
mod gang;
mod owner;
pub mod patron;
mod pipeline;
mod run;
mod submit;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [connect::trials(), submit::trials(), owner::trials(), run::trials(), pipeline::trials(), gang::trials()]
        .into_iter()
        .flatten()
        .collect()
}
