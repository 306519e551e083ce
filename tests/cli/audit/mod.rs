//! `mira audit`: results that others compute again. Mirrors `cli/src/commands/audit/`.
//!
//! `liars` is a network whose nodes do not always tell the truth.

mod liars;
mod run;
mod show;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [run::trials(), show::trials()].into_iter().flatten().collect()
}
