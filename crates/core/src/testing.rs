//! What this crate's own tests share: parameters, and a property-test setup that never varies.

use crate::amount::{Bps, Stake, StakePerMillion, UnitPrice};
use crate::job::{JobTerms, job_id};
use crate::params::Params;
use crate::tier::{Tier, UnitKind};
use proptest::test_runner::{Config, RngSeed};

/// The seed of every property test. Printed when one fails; change it to search elsewhere.
pub const SEED: u64 = 0x6d69_7261;

/// A fixed seed and no files: a run finds the same every time, and writes nothing.
pub fn proptest_config(cases: u32) -> Config {
    std::println!("property test: seed {SEED:#x}, {cases} cases");
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(SEED), ..Config::default() }
}

/// Parameters that a public network accepts.
pub fn public_params() -> Params {
    Params {
        fee_bps: Bps::new(100).unwrap(),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(500_000),
        unbonding_secs: 14 * 86_400,
        max_lease_secs: 86_400,
        max_job_secs: 30 * 86_400,
        grace_secs: 6 * 3_600,
        dispute_window_secs: 86_400,
        job_id_window_secs: 300,
    }
}

/// Parameters of a demonstration: seconds.
pub fn local_params() -> Params {
    Params {
        unbonding_secs: 200,
        max_lease_secs: 100,
        max_job_secs: 1_000,
        grace_secs: 20,
        dispute_window_secs: 30,
        job_id_window_secs: 5,
        ..public_params()
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
