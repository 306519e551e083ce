//! Usage reports: what the operator's key says the node has served.

use mira_core::amount::Units;
use mira_core::hash::Sha2;
use mira_core::usage::{Report, message};
use mira_core::{Hash, Key};
use mira_wire::usage::UsageReport;
use mira_wire::{HashHex, KeyStr, SigStr, U64Str};
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;

use crate::journal::{LeaseBook, SignedUsage};

/// The next report of a lease, signed, if there is more to report than the last one said.
#[must_use]
pub fn next(lease_key: &Key, lease: &LeaseBook, cluster_id: Hash, operator: &Keypair) -> Option<SignedUsage> {
    if !lease.owes_report() {
        return None;
    }
    let seq = lease.usage.map_or(0, |usage| usage.seq).checked_add(1)?;
    let report = Report {
        program_id: mira_chain::pda::PROGRAM_ID.to_bytes(),
        cluster_id,
        lease: *lease_key,
        seq,
        cumulative_units: Units::new(lease.units),
        items: lease.items,
        outputs_hash: lease.outputs_hash,
    };
    let signature = operator.try_sign_message(&message::<Sha2>(&report)).ok()?;
    Some(SignedUsage {
        seq,
        cumulative_units: lease.units,
        items: lease.items,
        outputs_hash: lease.outputs_hash,
        signature: *signature.as_array(),
    })
}

/// A report as it travels.
#[must_use]
pub const fn to_wire(lease: &Key, usage: &SignedUsage) -> UsageReport {
    UsageReport {
        lease: KeyStr(*lease),
        seq: U64Str(usage.seq),
        cumulative_units: U64Str(usage.cumulative_units),
        items: usage.items,
        outputs_hash: HashHex(usage.outputs_hash),
        signature: SigStr(usage.signature),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Book, Done, LeaseTerms, Record};
    use mira_wire::request::verify_strict;

    const LEASE: Key = [1; 32];

    #[test]
    fn numbers_have_no_gap_and_the_signature_is_the_operators() {
        let operator = Keypair::new_from_array([2; 32]);
        let mut book = Book::default();
        let terms = LeaseTerms { job: [3; 32], unit_price: 1, cap: 1_000, expires_at: 9 };
        book.apply(&Record::LeaseAccepted { lease: LEASE, terms });
        for shard in 0..3 {
            let done = Done { shard, attempt: 1, output: [4; 32], units: 10 };
            book.apply(&Record::ShardDone { lease: LEASE, done });
            let total = u64::from(shard + 1) * 10;
            book.apply(&Record::ShardJudged {
                lease: LEASE,
                shard,
                attempt: 1,
                accepted: true,
                cumulative_units: total,
            });
            let lease = book.lease(&LEASE).expect("accepted");
            let usage = next(&LEASE, lease, [5; 32], &operator).expect("more to report");
            assert_eq!((usage.seq, usage.cumulative_units, usage.items), (u64::from(shard + 1), total, shard + 1));
            let report = Report {
                program_id: mira_chain::pda::PROGRAM_ID.to_bytes(),
                cluster_id: [5; 32],
                lease: LEASE,
                seq: usage.seq,
                cumulative_units: Units::new(total),
                items: usage.items,
                outputs_hash: usage.outputs_hash,
            };
            assert!(verify_strict(&operator.pubkey().to_bytes(), &usage.signature, &message::<Sha2>(&report)));
            book.apply(&Record::UsageSigned { lease: LEASE, usage });
            assert_eq!(next(&LEASE, book.lease(&LEASE).expect("accepted"), [5; 32], &operator), None);
        }
    }
}
