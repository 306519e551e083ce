//! A few seeds. `MIRA_TEST_SEED` runs one alone; `cargo xtask sim` plays them by the thousand.

use libtest_mimic::Trial;
use mira_testkit::sim::{Tally, play};

pub fn trials() -> Vec<Trial> {
    trials![
        faults_change_nothing_in_the_end,
        a_seed_gives_the_same_run,
        a_beginning_left_out_piece_by_piece_is_explained
    ]
}

/// How many seeds a plain run plays.
const SEEDS: u64 = 12;

fn faults_change_nothing_in_the_end() {
    let alone = std::env::var("MIRA_TEST_SEED").ok().map(|text| text.parse::<u64>().unwrap());
    let mut tally = Tally::default();
    for seed in alone.map_or(0..SEEDS, |seed| seed..seed + 1) {
        let reproducer = Reproducer(seed);
        tally.merge(&play(seed));
        std::mem::forget(reproducer);
    }
    println!("{tally}");
    if alone.is_none() {
        assert!(tally.faults.len() > 10 && tally.stops.len() > 3 && tally.forks.len() > 5, "too little went wrong");
        assert!(tally.stops.contains_key("endpoints_disagree"), "no two endpoints disagreed");
    }
}

fn a_seed_gives_the_same_run() {
    assert_eq!(play(3), play(3));
}

/// Two lists in a row leave out all that they have to name, at the very start: the stop names the second of the
/// blocks that were left out.
fn a_beginning_left_out_piece_by_piece_is_explained() {
    assert!(play(13_049).stops.contains_key("no_start"));
}

/// Says how to see a failure again.
struct Reproducer(u64);

impl Drop for Reproducer {
    fn drop(&mut self) {
        eprintln!("again: cargo xtask sim --seed {} --seeds 1", self.0);
    }
}
