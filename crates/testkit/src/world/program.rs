//! Which bytecode a world runs: the committed one, or the file that `MIRA_TEST_PROGRAM` names.

use std::sync::OnceLock;

/// An ELF to run in the committed one's place. `cargo xtask mutants` sets it to run the tests
/// against a program with one guard switched off.
const PROGRAM: &str = "MIRA_TEST_PROGRAM";

/// The ELF that every world of this process runs, read once.
pub(super) fn program_bytes() -> &'static [u8] {
    static BYTES: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let named = BYTES.get_or_init(|| {
        let path = std::env::var_os(PROGRAM)?;
        Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{PROGRAM} names {path:?}: {error}")))
    });
    named.as_deref().unwrap_or_else(|| mira_chain::artifact::program_elf())
}
