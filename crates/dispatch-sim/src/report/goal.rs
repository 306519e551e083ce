//! What was aimed at, beside what was measured; also where it was missed.

use super::table::Table;
use crate::stats::Estimate;
use serde::Serialize;

/// Which side of a figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At most the target.
    AtMost,
    /// At least the target.
    AtLeast,
}

/// One goal.
#[derive(Clone, Debug, Serialize)]
pub struct Goal {
    /// What is measured.
    pub what: String,
    /// What others reach, where it is known.
    pub reference: String,
    /// Which side of the target is good.
    pub side: Side,
    /// The target.
    pub target: f64,
    /// What was measured.
    pub measured: Estimate,
    /// Whether the mean reaches the target.
    pub reached: bool,
}

impl Goal {
    /// Compares.
    pub fn new(what: impl Into<String>, reference: &str, side: Side, target: f64, measured: Estimate) -> Self {
        let reached = match side {
            Side::AtMost => measured.mean <= target,
            Side::AtLeast => measured.mean >= target,
        };
        Goal { what: what.into(), reference: reference.to_owned(), side, target, measured, reached }
    }
}

/// All goals as a table.
pub fn table(goals: &[Goal], decimals: usize) -> Table {
    let mut table = Table::new(&["goal", "reference", "target", "measured (95 % CI)", "seeds", "reached"]);
    for goal in goals {
        let sign = if goal.side == Side::AtMost { "≤" } else { "≥" };
        table.row(vec![
            goal.what.clone(),
            goal.reference.clone(),
            format!("{sign} {}", goal.target),
            goal.measured.text(decimals),
            goal.measured.seeds.to_string(),
            if goal.reached { "yes" } else { "**no**" }.to_owned(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_on_its_side() {
        let one = Estimate::of(&[1.0]);
        assert!(Goal::new("a", "", Side::AtMost, 1.0, one).reached);
        assert!(!Goal::new("a", "", Side::AtMost, 0.9, one).reached);
        assert!(Goal::new("a", "", Side::AtLeast, 0.9, one).reached);
        let missed = Goal::new("rate", "810", Side::AtLeast, 1.5, one);
        let text = table(&[missed], 1).markdown();
        assert!(text.ends_with("| rate | 810 | ≥ 1.5 | 1.0 | 1 | **no** |\n"), "{text}");
    }
}
