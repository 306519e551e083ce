//! The program's bytecode, as it is committed with its sources.
//!
//! Tests, the demo and local chains run it. A public deployment is built with the platform's own
//! tools and is not this file.

/// The ELF of the program with [`crate::pda::PROGRAM_ID`].
pub fn program_elf() -> &'static [u8] {
    include_bytes!("../../../programs/mira/artifacts/mira.so")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_artifact_is_an_elf() {
        assert!(super::program_elf().starts_with(b"\x7fELF"));
    }
}
