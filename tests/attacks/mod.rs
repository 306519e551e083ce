//! One failing attack for every row of the table in `docs/SECURITY.md`, by the name of its file. Each makes
//! the attack on the program's ELF, asserts the exact error (or, where nothing is refused, that the attacker
//! has nothing of it), and shows that the same without the attack works.
//!
//! The `sealevel_*` files bend every instruction at every account: they take a [`tour`] of the program, on
//! which each instruction comes once and is accepted.

mod sealevel_00;
mod sealevel_01;
mod sealevel_02;
mod sealevel_03;
mod sealevel_04;
mod sealevel_05;
mod sealevel_06;
mod sealevel_07;
mod sealevel_08;
mod sealevel_09;
mod sealevel_10;
mod support;
mod tour;
mod vault_substitution;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    let files = [
        vault_substitution::trials(),
        sealevel_00::trials(),
        sealevel_01::trials(),
        sealevel_02::trials(),
        sealevel_03::trials(),
        sealevel_04::trials(),
        sealevel_05::trials(),
        sealevel_06::trials(),
        sealevel_07::trials(),
        sealevel_08::trials(),
        sealevel_09::trials(),
        sealevel_10::trials(),
    ];
    files.into_iter().flatten().collect()
}
