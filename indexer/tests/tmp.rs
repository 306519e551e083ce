//! temp
#![allow(dead_code)]
#[macro_use]
#[path = "../../tests/harness.rs"]
mod harness;
#[path = "../../tests/indexer/mod.rs"]
mod indexer;
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), indexer::trials()).exit();
}
