//! Random scripts against the program's ELF in the SVM: see `mira_testkit::solvency`.

mod scripts;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    scripts::trials()
}
