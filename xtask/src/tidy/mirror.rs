//! A test sits at its source's mirrored path: every instruction, route and command has one.

use std::collections::BTreeSet;

use crate::report::Report;

/// (folder of sources, folder of their tests).
const MIRRORS: [(&str, &str); 3] = [
    ("programs/mira/src/instructions/", "tests/program/"),
    ("api/src/routes/", "tests/api/"),
    ("cli/src/commands/", "tests/cli/"),
];

/// Checks that each source below a mirrored folder has its test.
pub fn check(files: &[String], report: &mut Report) {
    let known: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let mut mirrored = 0;
    for (sources, tests) in MIRRORS {
        for rest in files.iter().filter_map(|path| path.strip_prefix(sources)) {
            if !rest.ends_with(".rs") || rest == "mod.rs" || rest.ends_with("/mod.rs") {
                continue;
            }
            mirrored += 1;
            let test = format!("{tests}{rest}");
            if !known.contains(test.as_str()) {
                report.finding(format!("{sources}{rest} has no test at {test}"));
            }
        }
    }
    report.figure("sources with a mirrored test", mirrored);
}
