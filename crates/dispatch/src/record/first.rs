//! Placement records of version 1, which lie in stores and are still shown: all offers were looked at, for batch
//! jobs, and nothing was known of anybody's results or machine.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::UnitPrice;
use mira_core::tier::Tier;
use mira_core::{Hash, Key};

use super::{Candidate, PlacementRecord, Purpose, Score};
use crate::codec::{get, put};
use crate::place::limit::RejectBits;

/// Their version.
pub(super) const SCHEMA: u8 = 1;

#[derive(BorshSerialize, BorshDeserialize)]
struct Record {
    schema: u8,
    id: Hash,
    seed: Hash,
    spec_hash: Hash,
    counter: u64,
    purpose: Purpose,
    considered: u32,
    rejected: Vec<u32>,
    candidates: Vec<Drawn>,
    winner: Option<Key>,
    runner_up: Option<Key>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct Drawn {
    provider: Key,
    owner: Key,
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    unit_price: UnitPrice,
    rejects: RejectBits,
    score: Option<[u32; 5]>,
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> std::io::Result<PlacementRecord> {
    let Record { schema, id, seed, spec_hash, counter, purpose, considered, rejected, candidates, winner, runner_up } =
        Record::try_from_slice(bytes)?;
    let candidates = candidates.into_iter().map(candidate).collect();
    Ok(PlacementRecord {
        epoch: 0,
        epoch_hash: Hash::default(),
        schema,
        id,
        seed,
        spec_hash,
        counter,
        purpose,
        considered,
        rejected,
        candidates,
        winner,
        runner_up,
        tier: Tier::Batch,
        looked_at: considered,
        explored: false,
    })
}

fn candidate(drawn: Drawn) -> Candidate {
    let Drawn { provider, owner, unit_price, rejects, score } = drawn;
    let score = score.map(|[cost, latency, data, spread, total]| Score {
        cost,
        latency,
        data,
        spread,
        total,
        ..Score::default()
    });
    Candidate { provider, owner, unit_price, rejects, score }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_before_is_read() {
        let drawn = Drawn {
            provider: [1; 32],
            owner: [2; 32],
            unit_price: UnitPrice::new(3),
            rejects: RejectBits::default(),
            score: Some([10, 20, 30, 40, 50]),
        };
        let record = Record {
            schema: SCHEMA,
            id: [4; 32],
            seed: [5; 32],
            spec_hash: [6; 32],
            counter: 7,
            purpose: Purpose::Replacement,
            considered: 8,
            rejected: vec![0, 1],
            candidates: vec![drawn],
            winner: Some([1; 32]),
            runner_up: None,
        };
        let bytes = borsh::to_vec(&record).expect("encodes");
        let read = PlacementRecord::from_bytes(&bytes).expect("reads");
        assert_eq!((read.schema, read.counter, read.tier, read.is_sampled()), (1, 7, Tier::Batch, false));
        let score = Score { cost: 10, latency: 20, data: 30, spread: 40, total: 50, reliability: 0, fragmentation: 0 };
        assert_eq!(read.candidates[0].score, Some(score));
        assert_eq!((read.candidates[0].owner, read.winner), ([2; 32], Some([1; 32])));
        assert!(PlacementRecord::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
