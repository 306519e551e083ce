//! Every sequence of votes of up to five verifiers.

use crate::Key;
use crate::amount::{Bps, Stake};
use crate::dispute::{Dispute, DisputeKind, Stage, Verdict};
use crate::error::Error;
use crate::network::Network;
use crate::params::Profile;
use crate::testing::local_params;
use std::vec::Vec;

const DUE: i64 = 100;

fn verifier(place: usize) -> Key {
    [u8::try_from(place + 1).unwrap(); 32]
}

fn network(verifiers: usize) -> Network {
    let keys: Vec<Key> = (0..verifiers).map(verifier).collect();
    Network::initialize([99; 32], local_params(), Profile::Local).unwrap().set_verifiers(&keys).unwrap()
}

fn contested() -> Dispute {
    Dispute {
        challenger: [77; 32],
        kind: DisputeKind::NoShow,
        bond: Stake::new(1),
        evidence: [0; 32],
        answer: [1; 32],
        stage: Stage::Contested,
        opened_at: 0,
        respond_until: 10,
        vote_until: DUE,
        vote_secs: 90,
        jail_secs: 1,
        max_slash: Bps::ONE,
        verifier_set: 1,
        voted: 0,
        votes_for: 0,
        votes_against: 0,
    }
}

/// Goes on from `dispute` with each vote that is still possible, in every order, and calls at each stop
/// with the votes so far.
fn every_sequence(
    network: &Network,
    dispute: &Dispute,
    cast: &mut Vec<(usize, bool)>,
    check: &mut impl FnMut(&Dispute, &[(usize, bool)]),
) {
    check(dispute, cast);
    for (place, voter) in network.verifiers.iter().enumerate() {
        for uphold in [true, false] {
            let next = dispute.vote(network, voter, &[], uphold, DUE - 1);
            if cast.iter().any(|(voted, _)| *voted == place) {
                assert_eq!(next, Err(Error::AlreadyVoted));
                continue;
            }
            cast.push((place, uphold));
            every_sequence(network, &next.unwrap(), cast, check);
            cast.pop();
        }
    }
}

#[test]
fn the_majority_of_the_whole_set_decides_in_whatever_order_it_votes() {
    for verifiers in 0..=5usize {
        let network = network(verifiers);
        let mut sequences = 0u32;
        every_sequence(&network, &contested(), &mut Vec::new(), &mut |dispute, cast| {
            sequences += 1;
            let votes = |side| cast.iter().filter(|(_, uphold)| *uphold == side).count();
            assert_eq!(
                (usize::from(dispute.votes_for), usize::from(dispute.votes_against)),
                (votes(true), votes(false))
            );
            let bits = cast.iter().fold(0, |bits, (place, _)| bits | 1u8 << place);
            assert_eq!((dispute.voted, dispute.invariant()), (bits, Ok(())));
            // Only the votes count, not their order: the verdict follows from the two numbers alone.
            let decided = match (2 * votes(true) > verifiers, 2 * votes(false) > verifiers) {
                (true, false) => Some(Verdict::Upheld),
                (false, true) => Some(Verdict::Rejected),
                (false, false) => None,
                (true, true) => panic!("two majorities"),
            };
            assert_eq!(dispute.verdict(&network, DUE - 1), decided.ok_or(Error::DisputeNotDue));
            assert_eq!(dispute.verdict(&network, DUE), Ok(decided.unwrap_or(Verdict::Dismissed)));
        });
        // Σ n! / (n − k)! × 2^k over k.
        assert_eq!(sequences, [1, 3, 13, 79, 633, 6_331][verifiers]);
    }
}

#[test]
fn a_decided_dispute_stays_decided() {
    let network = network(5);
    every_sequence(&network, &contested(), &mut Vec::new(), &mut |dispute, _| {
        let Ok(verdict) = dispute.verdict(&network, DUE - 1) else { return };
        for voter in &network.verifiers {
            for uphold in [true, false] {
                let Ok(next) = dispute.vote(&network, voter, &[], uphold, DUE - 1) else { continue };
                assert_eq!(next.verdict(&network, DUE - 1), Ok(verdict));
            }
        }
    });
}

#[test]
fn every_stage_ends_at_its_second() {
    let network = network(3);
    let open = Dispute { stage: Stage::Open, answer: [0; 32], vote_until: 0, verifier_set: 0, ..contested() };
    for (answered, at) in (0..12).flat_map(|answered| (0..120).map(move |at| (answered, at))) {
        match open.respond(Some([1; 32]), 1, answered) {
            Ok(contested) => {
                assert!(answered < 10);
                let due = contested.verdict(&network, at);
                assert_eq!(due.is_ok(), at >= answered + 90);
            }
            Err(error) => assert!(answered >= 10 && error == Error::ResponseTooLate),
        }
        assert_eq!(open.verdict(&network, at).is_ok(), at >= 10);
    }
}
