//! The provider node on a local chain, against a dispatcher that the test scripts: so that it can lie, lose answers and stop.

mod credit;
mod distrust;
mod end;
mod full;
mod kill;
mod life;
pub(crate) mod support;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [life::trials(), kill::trials(), distrust::trials(), credit::trials(), end::trials(), full::trials()]
        .into_iter()
        .flatten()
        .collect()
}
