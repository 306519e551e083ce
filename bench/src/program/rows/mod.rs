//! One row per instruction and state: how the state is reached, and what the instruction then costs.
//! Files mirror the folders of `programs/mira/src/instructions/`.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;

use super::stage::Cost;
use serde::Serialize;

/// How one instruction is measured.
pub struct Row {
    /// Its name, as in the IDL.
    pub instruction: &'static str,
    /// At which state, in few words.
    pub state: &'static str,
    /// The most compute units that the design allows it.
    pub budget: Option<u64>,
    /// Reaches the state in a world of that seed, runs the instruction, says what it cost.
    pub measure: fn(u64) -> Cost,
}

impl Row {
    /// A row without a budget.
    const fn new(instruction: &'static str, state: &'static str, measure: fn(u64) -> Cost) -> Self {
        Self { instruction, state, budget: None, measure }
    }

    /// The same with a budget.
    const fn budget(self, budget: u64) -> Self {
        Self { budget: Some(budget), ..self }
    }
}

/// What a row came to over all worlds.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// As in [`Row`].
    pub instruction: &'static str,
    /// As in [`Row`].
    pub state: &'static str,
    /// Median over the worlds; the upper of the two in the middle.
    pub compute_units_median: u64,
    /// The most in any world.
    pub compute_units_most: u64,
    /// Bytes of the largest transaction.
    pub bytes: usize,
    /// As in [`Row`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
}

/// Every row, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Row> {
    [admin::ROWS, stake::ROWS, job::ROWS, lease::ROWS, dispute::ROWS, reward::ROWS].into_iter().flatten()
}

/// Measures every row in `worlds` worlds.
pub fn measure(seed: u64, worlds: u64) -> Vec<Measured> {
    all().map(|row| over_worlds(row, seed, worlds)).collect()
}

fn over_worlds(row: &Row, seed: u64, worlds: u64) -> Measured {
    let costs: Vec<Cost> =
        (0..worlds).map(|world| (row.measure)(seed.wrapping_mul(1_000).wrapping_add(world))).collect();
    let mut units: Vec<u64> = costs.iter().map(|cost| cost.compute_units).collect();
    units.sort_unstable();
    Measured {
        instruction: row.instruction,
        state: row.state,
        compute_units_median: units.get(units.len() / 2).copied().unwrap_or_default(),
        compute_units_most: units.last().copied().unwrap_or_default(),
        bytes: costs.iter().map(|cost| cost.bytes).max().unwrap_or_default(),
        budget: row.budget,
    }
}

/// What is over the design's budgets.
pub fn over_budget(rows: &[Measured]) -> Vec<String> {
    let over = rows.iter().filter(|row| row.budget.is_some_and(|budget| row.compute_units_most > budget));
    over.map(|row| {
        let (units, budget) = (row.compute_units_most, row.budget.unwrap_or_default());
        format!("{} ({}): {units} compute units, over its budget of {budget}", row.instruction, row.state)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn measured(units: u64, budget: Option<u64>) -> Measured {
        Measured {
            instruction: "settle",
            state: "any",
            compute_units_median: units,
            compute_units_most: units,
            bytes: 1,
            budget,
        }
    }

    #[test]
    fn a_row_over_its_budget_is_found() {
        assert!(over_budget(&[measured(40_000, Some(40_000)), measured(1_000_000, None)]).is_empty());
        assert_eq!(over_budget(&[measured(40_001, Some(40_000))]).len(), 1);
    }

    #[test]
    fn no_row_is_there_twice() {
        let names: Vec<_> = all().map(|row| (row.instruction, row.state)).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
