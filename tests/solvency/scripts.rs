//! The scripts themselves. `MIRA_TEST_SEED` runs one seed alone, `MIRA_TEST_SCRIPTS` changes how many;
//! `cargo xtask solvency` plays them by the hundred thousand.

use libtest_mimic::Trial;
use mira_testkit::solvency::{Tally, play};

pub fn trials() -> Vec<Trial> {
    trials![chain_and_model_agree_on_every_step, settling_another_lease_of_ones_own_is_no_attack]
}

/// How many scripts a plain run plays, and how many instructions each has.
const SCRIPTS: u64 = 12;
const STEPS: u64 = 240;

fn chain_and_model_agree_on_every_step() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("MIRA_TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MIRA_TEST_SCRIPTS").unwrap_or(SCRIPTS),
    };
    let alone = seeds.end - seeds.start == 1;
    let mut tally = Tally::default();
    for seed in seeds {
        let reproducer = Reproducer(seed);
        tally.merge(&play(seed, STEPS));
        std::mem::forget(reproducer);
    }
    println!("{tally}");
    if !alone {
        assert!(tally.adversarial() * 10 >= tally.instructions() * 4, "at least 40 % of the steps are hostile");
        assert_eq!(tally.untried(), [], "every kind of attack is tried");
    }
}

/// Here a direct settlement gets another lease of the same requester, job, provider and fee shard, which the requester may
/// settle as well. That must not be tried as an attack.
fn settling_another_lease_of_ones_own_is_no_attack() {
    play(3_976, STEPS);
}

/// Says how to see a failure again.
struct Reproducer(u64);

impl Drop for Reproducer {
    fn drop(&mut self) {
        eprintln!("again: MIRA_TEST_SEED={} cargo test -p mira-tests -- solvency", self.0);
    }
}
