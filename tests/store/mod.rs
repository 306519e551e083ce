//! What every database engine must do, on PostgreSQL, and what happens when the disk is full. Each case gets a database of its own, which is
//! dropped whatever happens.

mod full;

use libtest_mimic::Trial;
use mira_store::conformance::{CASES, Case, run};
use mira_store::scratch::Scratch;

/// Every case of the suite; ignored where there is no server.
pub fn trials() -> Vec<Trial> {
    let trial = |(name, case): &(&str, Case)| {
        let case = *case;
        let path = format!("{}::{name}", module_path!());
        crate::harness::postgres(&path, move |server| async move {
            let scratch = Scratch::postgres(&server).await.unwrap();
            run(case, scratch).await.unwrap();
        })
    };
    CASES.iter().map(trial).chain(full::trials()).collect()
}
