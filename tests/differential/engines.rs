//! That there really are two engines, and that a difference between them shows.

use super::cast::Cast;
use libtest_mimic::Trial;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub fn trials() -> Vec<Trial> {
    trials![the_host_runs_no_bytecode, a_difference_shows]
}

/// Of what the host runs, only the programs that it calls are metered.
fn the_host_runs_no_bytecode() {
    let cast = Cast::lease();
    let (elf, native) = (&cast.pair.elf.compute_units, &cast.pair.native.compute_units);
    assert!(elf.keys().eq(native.keys()) && !elf.is_empty());
    for (event, units) in elf {
        assert!(native[event] * 2 < *units, "{event}: {} on the host, {units} as bytecode", native[event]);
    }
}

fn a_difference_shows() {
    let mut cast = Cast::job();
    cast.pair.compare();
    let Cast { pair, job, .. } = &mut cast;
    let account = pair.native.svm.get_account(job).unwrap();
    for at in [8, account.data.len() - 1] {
        let mut other = account.clone();
        other.data[at] ^= 1;
        pair.native.svm.set_account(*job, other).unwrap();
        assert!(catch_unwind(AssertUnwindSafe(|| pair.compare())).is_err(), "byte {at} went unnoticed");
    }
    let richer = solana_sdk::account::Account { lamports: account.lamports + 1, ..account.clone() };
    pair.native.svm.set_account(*job, richer).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| pair.compare())).is_err(), "a lamport went unnoticed");
    pair.native.svm.set_account(*job, account).unwrap();
    pair.compare();
}
