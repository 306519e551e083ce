//! The project's one test binary: everything that needs more than one crate.
//!
//! `cargo test -p mira-tests` runs it all, `cargo test -p mira-tests -- program::lease::settle` a
//! part, `-- --list` shows the names. Names are the path of the file and the function.
//!
//! | folder | tests |
//! | --- | --- |
//! | `program/` | each instruction of the program's ELF in the SVM; mirrors `programs/mira/src/instructions/` |
//! | `attacks/` | every attack of the table in `docs/SECURITY.md`, which fails, beside what works without it |
//! | `solvency/` | random scripts against the ELF, with the model of `mira_core` as oracle |
//! | `differential/` | the same scripts on the ELF and on the program compiled for the host |
//! | `chain/` | clients against a local chain: addresses, instructions, events, blocks, sending |
//! | `sim/` | the indexer's pure pipeline in simulation, and that the simulation can fail |
//! | `indexer/` | ingest, rebuild and reconciliation against real stores |
//! | `dispatch/` | the dispatcher with a chain, the indexer and the server: leases, work, records |
//! | `api/` | each route of the server; mirrors `api/src/routes/` |
//! | `node/` | the provider node: executor, journal, settlement |
//! | `requester/` | a requester with real nodes, and everything bad it may be told, which sends nothing |
//! | `cli/` | each command of `mira`; mirrors `cli/src/commands/` |
//! | `store/` | what every database engine must do, on PostgreSQL, and a full disk under either; `crates/store/tests/sqlite.rs` runs it on SQLite |
//!
//! # Adding a test
//!
//! Write a function without arguments in the file that mirrors the source and name it in that file's
//! `trials!` list; a function left out of the list is a warning, and CI refuses warnings. A new file
//! becomes a `pub mod` of its folder's `mod.rs` and a line in that folder's `trials()`.
//!
//! `trials!` takes plain functions (a panic fails the test), `async` ones (each on a runtime of its
//! own), `postgres` ones, which are ignored, with the reason, unless `MIRA_TEST_POSTGRES_URL`
//! names a server, and `mount` ones, which are ignored where no disk may be mounted. See [`harness`] for each form.
//!
//! # The real process
//!
//! [`harness::mira`] gives a command that starts this binary again as `mira`, so that no test
//! depends on a binary that another build left behind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[macro_use]
mod harness;

mod api;
mod attacks;
mod chain;
mod cli;
mod differential;
mod disk;
mod dispatch;
mod indexer;
mod node;
mod program;
mod requester;
mod sim;
mod solvency;
mod store;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    if harness::runs_as_mira() {
        return mira_cli::main();
    }
    let arguments = Arguments::from_args();
    let folders = [
        program::trials(),
        attacks::trials(),
        solvency::trials(),
        differential::trials(),
        chain::trials(),
        indexer::trials(),
        sim::trials(),
        api::trials(),
        dispatch::trials(),
        node::trials(),
        requester::trials(),
        cli::trials(),
        store::trials(),
    ];
    libtest_mimic::run(&arguments, folders.into_iter().flatten().collect()).exit_code()
}
