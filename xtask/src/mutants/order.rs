//! Which tests a guard meets first: those of its own instruction, the core's own, then all that run the program.

use super::guard::Guard;

/// Every group of tests that runs the program, the quickest first.
pub const GROUPS: [&str; 4] = ["program::", "attacks::", "solvency::", "differential::"];

/// Trials that say nothing here, because the instrumented copy differs from the program in one thing:
/// it finds an account that is not writable before one that is at the wrong address, not after.
pub const SKIPPED: [&str; 1] = ["differential::refusals::anything_else_in_any_place"];

/// The tests that are likeliest to notice, for files that no single instruction mirrors.
const NEAREST: [(&str, &str); 21] = [
    ("guard/ed25519.rs", "program::lease::voucher::"),
    ("guard/mint.rs", "program::admin::initialize::"),
    ("guard/payee.rs", "program::stake::withdraw_stake::"),
    ("src/fee.rs", "program::lease::settle::"),
    ("src/fee_shard.rs", "program::reward::"),
    ("src/job.rs", "program::job::"),
    ("src/label.rs", "program::stake::register_provider::"),
    ("src/lease.rs", "program::lease::"),
    ("src/params.rs", "program::admin::"),
    ("src/network.rs", "program::admin::"),
    ("src/position.rs", "program::stake::"),
    ("src/price.rs", "program::lease::open_lease::"),
    ("src/provider.rs", "program::stake::"),
    ("src/stake_pool.rs", "program::stake::"),
    ("src/voucher.rs", "program::lease::voucher::"),
    ("src/commission.rs", "program::stake::"),
    ("src/dispute.rs", "program::dispute::"),
    ("src/epoch.rs", "program::reward::"),
    ("src/merkle.rs", "program::reward::"),
    ("src/reward", "program::reward::"),
    ("src/provider/", "program::"),
];

/// Some tests, for a guard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The core's own tests; else those that run the program's bytecode.
    pub of_core: bool,
    /// What their names hold.
    pub part: String,
    /// What has run before.
    pub done: Option<String>,
}

/// The stages for a guard, the likeliest to notice first and the slow ones last: for a guard of the core its
/// own tests come before whole groups, because they take seconds only.
pub fn stages(guard: &Guard) -> Vec<Stage> {
    let first = nearest(&guard.file).filter(|first| !GROUPS.contains(&first.as_str()));
    let own = first.clone().map(|part| Stage { of_core: false, part, done: None });
    let mut stages: Vec<Stage> = own.into_iter().collect();
    if let Some(file) = guard.file.strip_prefix("crates/core/src/") {
        let module = format!("{}::", file.trim_end_matches(".rs").replace('/', "::"));
        stages.push(Stage { of_core: true, part: module.clone(), done: None });
        stages.push(Stage { of_core: true, part: String::new(), done: Some(module) });
    }
    for group in GROUPS {
        let done = first.clone().filter(|first| first.starts_with(group));
        stages.push(Stage { of_core: false, part: group.to_owned(), done });
    }
    stages
}

fn nearest(file: &str) -> Option<String> {
    if let Some(instruction) = file.strip_prefix("programs/mira/src/instructions/") {
        return Some(format!("program::{}::", instruction.trim_end_matches(".rs").replace('/', "::")));
    }
    let found = NEAREST.iter().find(|(part, _)| file.contains(part));
    found.map(|(_, tests)| (*tests).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{nearest, stages};
    use crate::mutants::guard::{Guard, Kind};

    fn parts(file: &str) -> Vec<(bool, String, Option<String>)> {
        let guard = Guard { number: 1, file: file.to_owned(), line: 1, kind: Kind::Line, text: String::new() };
        stages(&guard).into_iter().map(|stage| (stage.of_core, stage.part, stage.done)).collect()
    }

    #[test]
    fn an_instructions_own_tests_come_first_and_run_once() {
        let own = "program::lease::settle::".to_owned();
        let expected = [
            (false, own.clone(), None),
            (false, "program::".to_owned(), Some(own)),
            (false, "attacks::".to_owned(), None),
            (false, "solvency::".to_owned(), None),
            (false, "differential::".to_owned(), None),
        ];
        assert_eq!(parts("programs/mira/src/instructions/lease/settle.rs"), expected);
    }

    #[test]
    fn the_cores_own_tests_come_before_whole_groups() {
        let stages = parts("crates/core/src/provider/slash.rs");
        let own = "provider::slash::".to_owned();
        let expected = [(true, own.clone(), None), (true, String::new(), Some(own))];
        assert_eq!(stages[..2], expected);
        assert_eq!(stages.len(), 2 + super::GROUPS.len());
        assert_eq!(nearest("crates/core/src/fee_shard.rs").as_deref(), Some("program::reward::"));
        assert_eq!(nearest("crates/core/src/unknown.rs"), None);
    }
}
