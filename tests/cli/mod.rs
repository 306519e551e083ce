//! Each command of `mira`, as a process. Mirrors `cli/src/commands/`.

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    Vec::new()
}
