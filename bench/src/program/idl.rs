//! The program's IDL: so that an instruction or an account that nobody measures is noticed.

use super::rows::Measured;
use crate::root;
use anyhow::Context;
use serde::Deserialize;

/// Where the IDL is committed.
const IDL: &str = "programs/mira/artifacts/mira.json";

/// The part of an IDL that is needed here.
#[derive(Deserialize)]
pub struct Idl {
    instructions: Vec<Named>,
    /// The accounts' types.
    pub accounts: Vec<Tagged>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// A type of account and the eight bytes that its accounts begin with.
#[derive(Deserialize)]
pub struct Tagged {
    /// Its name.
    pub name: String,
    /// Its tag.
    pub discriminator: [u8; 8],
}

/// Reads the IDL.
///
/// # Errors
/// It is not there, or not an IDL.
pub fn read() -> anyhow::Result<Idl> {
    serde_json::from_str(&root::read(IDL)?).with_context(|| format!("{IDL} is no IDL"))
}

/// Instructions without a row, and rows of instructions that there are not.
///
/// # Errors
/// The IDL cannot be read.
pub fn unmeasured(rows: &[Measured]) -> anyhow::Result<Vec<String>> {
    Ok(differences(&read()?.instructions, rows))
}

fn differences(instructions: &[Named], rows: &[Measured]) -> Vec<String> {
    let measured = |name: &str| rows.iter().any(|row| row.instruction == name);
    let unmeasured = instructions.iter().filter(|instruction| !measured(&instruction.name));
    let unmeasured = unmeasured
        .map(|instruction| format!("{} is not measured; give it a row in bench/src/program/rows", instruction.name));
    let unknown = rows.iter().filter(|row| !instructions.iter().any(|known| known.name == row.instruction));
    unmeasured.chain(unknown.map(|row| format!("the program has no instruction {}", row.instruction))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;

    #[test]
    fn an_instruction_without_a_row_is_found_and_a_row_without_one() {
        let row = |instruction| Measured {
            instruction,
            state: "any",
            compute_units_median: 1,
            compute_units_most: 1,
            bytes: 1,
            budget: None,
        };
        let named = |name: &str| Named { name: name.to_owned() };
        assert!(differences(&[named("stake")], &[row("stake"), row("stake")]).is_empty());
        assert_eq!(differences(&[named("stake"), named("settle")], &[row("stake")]).len(), 1);
        assert_eq!(differences(&[named("stake")], &[row("stake"), row("gone")]).len(), 1);
    }

    #[test]
    fn every_instruction_of_the_committed_idl_has_a_row() {
        let idl = read().expect("the IDL is committed");
        let rows: Vec<_> = rows::all().map(|row| row.instruction).collect();
        let missing: Vec<_> = idl.instructions.iter().filter(|known| !rows.contains(&known.name.as_str())).collect();
        assert!(missing.is_empty(), "{:?}", missing.iter().map(|known| &known.name).collect::<Vec<_>>());
    }
}
