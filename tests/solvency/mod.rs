//! Random scripts against the program's ELF in the SVM: whatever happens in whatever order, honest or
//! not, chain and model agree, every invariant holds to the base unit, and everyone gets out.

mod dice;
mod improvise;
mod scripts;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    scripts::trials()
}
