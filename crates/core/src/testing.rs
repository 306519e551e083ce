//! What this crate's own tests share: parameters, small fixtures, and a property-test setup that varies
//! only when it is told to.

mod dice;
mod random_params;

pub use dice::Dice;
pub use random_params::random_params;

use crate::amount::{Bps, Stake, StakePerMillion, UnitPrice};
use crate::job::{JobTerms, job_id};
use crate::params::{DisputeParams, Params, RewardParams};
use crate::position::Position;
use crate::provider::Provider;
use crate::tier::{Tier, UnitKind};
use core::fmt::Debug;
use core::str::FromStr;
use proptest::test_runner::{Config, RngSeed};

/// The seed of every property test.
const SEED: u64 = 0x6d69_7261;

/// A known seed and no files: a run finds the same every time, and writes nothing. `MIRA_TEST_SEED` and
/// `MIRA_TEST_CASES` search elsewhere and longer. Both are printed when a test fails.
pub fn proptest_config(cases: u32) -> Config {
    let (seed, cases) = (given("MIRA_TEST_SEED").unwrap_or(SEED), given("MIRA_TEST_CASES").unwrap_or(cases));
    std::println!("property test: seed {seed}, {cases} cases");
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() }
}

/// A number from the environment. What is no number ends the test, rather than search what nobody asked for.
fn given<T: FromStr<Err: Debug>>(name: &str) -> Option<T> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error:?}")))
}

/// Parameters that a public network accepts.
pub fn public_params() -> Params {
    Params {
        fee_bps: Bps::new(100).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(500_000),
        unbonding_secs: 21 * 86_400,
        max_lease_secs: 86_400,
        max_job_secs: 30 * 86_400,
        grace_secs: 6 * 3_600,
        dispute_window_secs: 86_400,
        job_id_window_secs: 300,
        dispute: DisputeParams {
            bond_bps: Bps::new(1_000).unwrap(),
            min_bond: Stake::new(10),
            respond_secs: 2 * 86_400,
            vote_secs: 3 * 86_400,
            jail_secs: 7 * 86_400,
            max_slash_bps: Bps::new(5_000).unwrap(),
        },
        reward: RewardParams {
            share_bps: Bps::new(8_000).unwrap(),
            epoch_secs: 7 * 86_400,
            challenge_secs: 86_400,
            stale_secs: 3 * 86_400,
        },
    }
}

/// Parameters of a demonstration: seconds.
pub fn local_params() -> Params {
    let public = public_params();
    Params {
        unbonding_secs: 200,
        max_lease_secs: 100,
        max_job_secs: 1_000,
        grace_secs: 20,
        dispute_window_secs: 30,
        job_id_window_secs: 5,
        dispute: DisputeParams { respond_secs: 10, vote_secs: 20, jail_secs: 50, ..public.dispute },
        reward: RewardParams { epoch_secs: 60, challenge_secs: 15, stale_secs: 25, ..public.reward },
        ..public
    }
}

/// A job made at `now`: two leases of at most 60 % each, at most 100 a million units.
pub fn job_terms(now: i64) -> JobTerms {
    JobTerms {
        requester: [1; 32],
        job_id: job_id(now, 1).unwrap(),
        voucher_signer: [2; 32],
        dispatcher: Some([3; 32]),
        spec_hash: [4; 32],
        tier: Tier::Batch,
        unit_kind: UnitKind::Fuel,
        max_unit_price: UnitPrice::new(100),
        min_provider_stake: Stake::new(1_000),
        max_share: Bps::new(6_000).unwrap(),
        max_leases: 2,
        deadline: now + 500,
    }
}

/// A provider with stake of its owner and of one other, and both positions.
pub fn staked(own: u64, other: u64) -> (Provider, Position, Position) {
    let owner = Provider::default().stake(&Position::default(), Stake::new(own), true).unwrap();
    let other = owner.provider.stake(&Position::default(), Stake::new(other), false).unwrap();
    (other.provider, owner.position, other.position)
}
