//! The same scripts on the program's ELF and on the program compiled for the host: every step has the
//! same outcome, and every account of the program and every token account the same bytes, so that a
//! fault of the compiler for the chain shows. `cargo xtask differential` plays it for longer.

mod cast;
mod engines;
mod governance;
mod judgement;
mod lifecycles;
mod refusals;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    let groups =
        [engines::trials(), governance::trials(), judgement::trials(), lifecycles::trials(), refusals::trials()];
    groups.into_iter().flatten().collect()
}
