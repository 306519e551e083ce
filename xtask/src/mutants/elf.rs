//! The instrumented ELF, and the number in it that says which guard is off.

use anyhow::{Context, bail};

/// What the number stands behind; `runtime/core.rs` writes the same.
const MARK: &[u8] = b"mira-mutant-no:\0";

/// The ELF, and where its number is.
pub struct Elf {
    bytes: Vec<u8>,
    at: usize,
}

impl Elf {
    /// Finds the number. Refuses an ELF without it, or with more than one.
    pub fn new(bytes: Vec<u8>) -> anyhow::Result<Self> {
        let mut found = bytes.windows(MARK.len()).enumerate().filter(|(_, window)| *window == MARK);
        let at = found.next().context("the ELF holds no switch: it is not the instrumented one")?.0 + MARK.len();
        if found.next().is_some() {
            bail!("the ELF holds more than one switch");
        }
        if bytes.get(at..at + 4) != Some(&[0; 4]) {
            bail!("the ELF's switch is not at 0");
        }
        Ok(Self { bytes, at })
    }

    /// The ELF with that guard off; 0 is none.
    pub fn without(&self, number: u32) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        if let Some(place) = bytes.get_mut(self.at..self.at + 4) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::{Elf, MARK};

    #[test]
    fn writes_the_number_behind_the_mark_and_nothing_else() {
        let mut bytes = b"before".to_vec();
        bytes.extend(MARK);
        bytes.extend([0, 0, 0, 0, 9]);
        let elf = Elf::new(bytes.clone()).unwrap();
        assert_eq!(elf.without(0), bytes);
        let changed = elf.without(0x0102);
        assert_eq!(changed[22..], [2, 1, 0, 0, 9]);
        assert_eq!(changed[..22], bytes[..22]);
    }

    #[test]
    fn refuses_any_other_file() {
        assert!(Elf::new(b"an ELF of another kind".to_vec()).is_err());
        let twice = [MARK, &[0; 4], MARK, &[0; 4]].concat();
        assert!(Elf::new(twice).is_err());
        assert!(Elf::new([MARK, &[1, 0, 0, 0]].concat()).is_err());
    }
}
