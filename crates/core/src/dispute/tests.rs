//! Each rule of a dispute, at its edge.

use super::*;
use crate::amount::{Payment, Shares, StakePerMillion, UnitPrice, Units};
use crate::job::Job;
use crate::lease::LeaseTerms;
use crate::params::Profile;
use crate::provider::ProviderStatus;
use crate::testing::{job_terms, local_params, staked};

const NOW: i64 = 1_000_000;
/// The first second in which an answer is too late; and a vote, if the answer came at NOW + 1.
const RESPOND_UNTIL: i64 = NOW + 10;
const VOTE_UNTIL: i64 = NOW + 21;

const REQUESTER: Key = [1; 32];
const VERIFIERS: [Key; 3] = [[21; 32], [22; 32], [23; 32]];
const PARTIES: [Key; 2] = [[31; 32], [22; 32]];

fn network() -> Network {
    Network::initialize([9; 32], local_params(), Profile::Local).unwrap().set_verifiers(&VERIFIERS).unwrap()
}

/// A lease of 4,000 that exposes 2,000 of the owner's 1,500 and another's 5,000, with 1,001 settled.
fn leased() -> (Lease, Provider, Position) {
    let (provider, owner, _) = staked(1_500, 5_000);
    let job = Job::create(&job_terms(NOW), NOW, &local_params()).unwrap().fund(Payment::new(10_000)).unwrap();
    let terms = LeaseTerms { unit_price: UnitPrice::new(50), cap: Payment::new(4_000), expires_at: NOW + 60 };
    let opened = Lease::open(&job, &provider, &terms, NOW, &local_params()).unwrap();
    let settled = opened.lease.settle(&opened.job, Payment::new(1_001), Units::new(1)).unwrap();
    (settled.lease, opened.provider, owner)
}

fn opened() -> Challenged {
    Dispute::open(&leased().0, REQUESTER, DisputeKind::BadResult, [5; 32], NOW, &local_params()).unwrap()
}

fn contested() -> Dispute {
    opened().dispute.respond(Some([6; 32]), 1, NOW + 1).unwrap()
}

fn vote(dispute: &Dispute, voter: Key, uphold: bool) -> Dispute {
    dispute.vote(&network(), &voter, &[], uphold, NOW + 2).unwrap()
}

#[test]
fn a_challenge_flags_the_lease_and_costs_a_bond() {
    let Challenged { dispute, lease } = opened();
    assert!(lease.disputed && lease.challenged);
    assert_eq!((dispute.bond, dispute.stage), (Stake::new(200), Stage::Open));
    assert_eq!((dispute.challenger, dispute.evidence, dispute.answer), (REQUESTER, [5; 32], [0; 32]));
    assert_eq!((dispute.opened_at, dispute.respond_until, dispute.vote_until), (NOW, RESPOND_UNTIL, 0));
    assert_eq!((dispute.invariant(), lease.invariant()), (Ok(()), Ok(())));
}

#[test]
fn a_bond_is_a_part_of_the_exposure_and_never_too_small() {
    let bond = |exposure| bond_ceil(Stake::new(exposure), &local_params()).unwrap().get();
    assert_eq!((bond(0), bond(100), bond(101), bond(110)), (10, 10, 11, 11));
    assert_eq!(bond(u64::MAX), u64::MAX / 10 + 1);
    let uneven = Lease { exposure: Stake::new(2_001), ..leased().0 };
    let challenge = Dispute::open(&uneven, REQUESTER, DisputeKind::NoShow, [5; 32], NOW, &local_params()).unwrap();
    assert_eq!(challenge.dispute.bond, Stake::new(201));
}

#[test]
fn a_lease_is_challenged_once_and_in_time() {
    let (lease, ..) = leased();
    let open = |lease: &Lease, at| {
        Dispute::open(lease, REQUESTER, DisputeKind::NoShow, [0; 32], at, &local_params()).map(|_| ())
    };
    assert_eq!(open(&lease, lease.dispute_until - 1), Ok(()));
    assert_eq!(open(&lease, lease.dispute_until), Err(Error::DisputeWindowClosed));
    assert_eq!(open(&opened().lease, NOW), Err(Error::LeaseChallenged));
    let dismissed = Lease { challenged: true, ..lease };
    assert_eq!(open(&dismissed, NOW), Err(Error::LeaseChallenged));
    let released = Lease { released: true, ..lease };
    assert_eq!(open(&released, NOW), Ok(()));
    assert_eq!(open(&Lease { dispute_until: i64::MAX, ..lease }, i64::MAX - 1), Err(Error::MathOverflow));
}

#[test]
fn the_owner_answers_once_and_in_time() {
    let dispute = opened().dispute;
    let conceded = dispute.respond(None, 7, RESPOND_UNTIL - 1).unwrap();
    assert_eq!(conceded, Dispute { stage: Stage::Conceded, ..dispute });
    let contested = dispute.respond(Some([6; 32]), 7, RESPOND_UNTIL - 1).unwrap();
    let expected = Dispute {
        stage: Stage::Contested,
        answer: [6; 32],
        vote_until: RESPOND_UNTIL + 19,
        verifier_set: 7,
        ..dispute
    };
    assert_eq!(contested, expected);
    assert_eq!((conceded.invariant(), contested.invariant()), (Ok(()), Ok(())));
    for answer in [None, Some([6; 32])] {
        assert_eq!(dispute.respond(answer, 7, RESPOND_UNTIL), Err(Error::ResponseTooLate));
        assert_eq!(conceded.respond(answer, 7, NOW), Err(Error::DisputeAnswered));
        assert_eq!(contested.respond(answer, 7, NOW), Err(Error::DisputeAnswered));
    }
}

#[test]
fn only_unconcerned_verifiers_vote_once_and_in_time() {
    let (network, dispute) = (network(), contested());
    let vote = |dispute: &Dispute, voter: &Key, at| dispute.vote(&network, voter, &PARTIES, true, at);
    assert_eq!(vote(&opened().dispute, &VERIFIERS[0], NOW), Err(Error::DisputeNotContested));
    assert_eq!(vote(&dispute, &[24; 32], NOW), Err(Error::WrongSigner));
    assert_eq!(vote(&dispute, &PARTIES[0], NOW), Err(Error::WrongSigner));
    assert_eq!(vote(&dispute, &VERIFIERS[1], NOW), Err(Error::PartyMayNotVote));
    let by_verifier = Dispute { challenger: VERIFIERS[2], ..dispute };
    assert_eq!(vote(&by_verifier, &VERIFIERS[2], NOW), Err(Error::PartyMayNotVote));
    assert_eq!(vote(&dispute, &VERIFIERS[0], VOTE_UNTIL), Err(Error::VoteTooLate));
    let voted = vote(&dispute, &VERIFIERS[0], VOTE_UNTIL - 1).unwrap();
    assert_eq!((voted.voted, voted.votes_for, voted.votes_against), (0b001, 1, 0));
    assert_eq!(vote(&voted, &VERIFIERS[0], NOW), Err(Error::AlreadyVoted));
    let against = voted.vote(&network, &VERIFIERS[2], &PARTIES, false, NOW).unwrap();
    assert_eq!((against.voted, against.votes_for, against.votes_against), (0b101, 1, 1));
    assert_eq!(against.invariant(), Ok(()));
    let others = network.set_verifiers(&VERIFIERS).unwrap();
    assert_eq!(dispute.vote(&others, &VERIFIERS[0], &[], true, NOW), Err(Error::VerifierSetChanged));
}

#[test]
fn silence_loses_and_so_does_a_confession() {
    let (network, dispute) = (network(), opened().dispute);
    assert_eq!(dispute.verdict(&network, RESPOND_UNTIL - 1), Err(Error::DisputeNotDue));
    assert_eq!(dispute.verdict(&network, RESPOND_UNTIL), Ok(Verdict::Upheld));
    let conceded = dispute.respond(None, 1, NOW).unwrap();
    assert_eq!(conceded.verdict(&network, NOW), Ok(Verdict::Upheld));
}

#[test]
fn more_than_half_of_the_whole_set_decides_at_once() {
    let (network, dispute) = (network(), contested());
    let one = vote(&dispute, VERIFIERS[0], true);
    let split = vote(&one, VERIFIERS[1], false);
    for undecided in [&dispute, &one, &split] {
        assert_eq!(undecided.verdict(&network, VOTE_UNTIL - 1), Err(Error::DisputeNotDue));
        assert_eq!(undecided.verdict(&network, VOTE_UNTIL), Ok(Verdict::Dismissed));
    }
    let upheld = vote(&split, VERIFIERS[2], true);
    assert_eq!(upheld.verdict(&network, NOW + 2), Ok(Verdict::Upheld));
    assert_eq!(upheld.verdict(&network, i64::MAX), Ok(Verdict::Upheld));
    let rejected = vote(&split, VERIFIERS[2], false);
    assert_eq!(rejected.verdict(&network, NOW + 2), Ok(Verdict::Rejected));
    // Even a majority's vote falls with its set.
    let others = network.set_verifiers(&[]).unwrap();
    for dispute in [&dispute, &upheld, &rejected] {
        assert_eq!(dispute.verdict(&others, NOW + 2), Ok(Verdict::Dismissed));
    }
    // Where there is nobody to judge, nobody decides.
    let alone = Dispute { verifier_set: 2, ..dispute };
    assert_eq!(alone.verdict(&others, VOTE_UNTIL - 1), Err(Error::DisputeNotDue));
    assert_eq!(alone.verdict(&others, VOTE_UNTIL), Ok(Verdict::Dismissed));
}

#[test]
fn an_upheld_dispute_takes_the_exposure_and_jails() {
    let (_, provider, owner) = leased();
    let Challenged { dispute, lease } = opened();
    let out = dispute.resolve(&network(), &lease, &provider, &owner, RESPOND_UNTIL).unwrap();
    let slashed = out.slashed.unwrap();
    assert_eq!(
        (out.verdict, slashed.from_own, slashed.from_pool),
        (Verdict::Upheld, Stake::new(1_500), Stake::new(500))
    );
    // 1,001 were lost, which is 500.5 of stake.
    assert_eq!((out.compensation, out.burned), (Stake::new(500), Stake::new(1_500)));
    assert_eq!((out.lease.exposure, out.lease.disputed, out.lease.challenged), (Stake::ZERO, false, true));
    assert_eq!((out.lease.invariant(), out.provider.invariant()), (Ok(()), Ok(())));
    assert_eq!((out.provider.exposure, out.provider.open_leases), (Stake::ZERO, 1));
    assert_eq!((out.provider.status, out.provider.jailed_until), (ProviderStatus::Jailed, RESPOND_UNTIL + 50));
    let ended = Lease { released: true, ..out.lease }.end(&out.provider, lease.dispute_until).unwrap();
    assert_eq!(ended.open_leases, 0);
}

#[test]
fn a_requester_gets_no_more_than_it_lost_nor_than_the_owner_had() {
    let (_, provider, owner) = leased();
    let Challenged { dispute, lease } = opened();
    let resolve = |lease: &Lease, provider: &Provider, owner: &Position| {
        let out = dispute.resolve(&network(), lease, provider, owner, RESPOND_UNTIL).unwrap();
        let slashed = out.slashed.unwrap();
        assert_eq!(slashed.taken(), out.compensation.checked_add(out.burned));
        (out.compensation.get(), slashed.taken().unwrap().get())
    };
    assert_eq!(resolve(&Lease { settled: Payment::ZERO, ..lease }, &provider, &owner), (0, 2_000));
    assert_eq!(resolve(&Lease { settled: Payment::new(1), ..lease }, &provider, &owner), (0, 2_000));
    assert_eq!(resolve(&Lease { settled: Payment::new(2), ..lease }, &provider, &owner), (1, 2_000));
    assert_eq!(resolve(&Lease { settled: Payment::new(4_000), ..lease }, &provider, &owner), (1_500, 2_000));
    // The rate is the one of the lease, whatever holds now.
    let dear = Lease { stake_per_million: StakePerMillion::new(1_000_000), ..lease };
    assert_eq!(resolve(&dear, &provider, &owner), (1_001, 2_000));
    // An owner without stake of its own pays nobody: the pool's loss is burned.
    let left = Provider { own_shares: Shares::ZERO, ..provider };
    assert_eq!(resolve(&lease, &left, &Position::default()), (0, 2_000));
    let small = Provider { own_shares: Shares::new(3), ..provider };
    let position = Position { shares: Shares::new(3), ..owner.clone() };
    assert_eq!(resolve(&lease, &small, &position), (3, 2_000));
}

#[test]
fn what_it_takes_and_how_long_it_jails_is_fixed_at_the_challenge() {
    let (_, provider, owner) = leased();
    let Challenged { dispute, lease } = opened();
    let mut params = local_params();
    params.dispute.max_slash_bps = Bps::new(1).unwrap();
    params.dispute.jail_secs = 1;
    params.dispute.vote_secs = 1;
    let network = network().update_params(params).unwrap();
    let out = dispute.resolve(&network, &lease, &provider, &owner, RESPOND_UNTIL).unwrap();
    assert_eq!((out.provider.jailed_until, out.slashed.unwrap().taken()), (RESPOND_UNTIL + 50, Ok(Stake::new(2_000))));
    assert_eq!(contested().vote_until, VOTE_UNTIL);
    let small = Dispute { max_slash: Bps::new(2_000).unwrap(), ..dispute };
    let out = small.resolve(&network, &lease, &provider, &owner, RESPOND_UNTIL).unwrap();
    assert_eq!((out.slashed.unwrap().taken(), out.provider.exposure), (Ok(Stake::new(1_300)), Stake::ZERO));
}

#[test]
fn a_dispute_that_is_not_upheld_takes_nothing() {
    let (_, provider, owner) = leased();
    let lease = opened().lease;
    let rejected = vote(&vote(&contested(), VERIFIERS[0], false), VERIFIERS[1], false);
    let cases = [(rejected, NOW + 2, Verdict::Rejected), (contested(), VOTE_UNTIL, Verdict::Dismissed)];
    for (dispute, at, verdict) in cases {
        let out = dispute.resolve(&network(), &lease, &provider, &owner, at).unwrap();
        assert_eq!((out.verdict, out.slashed, out.compensation, out.burned), (verdict, None, Stake::ZERO, Stake::ZERO));
        assert_eq!((out.provider, out.lease), (provider, Lease { disputed: false, ..lease }));
    }
    let early = contested().resolve(&network(), &lease, &provider, &owner, VOTE_UNTIL - 1);
    assert_eq!(early, Err(Error::DisputeNotDue));
}

#[test]
fn the_invariant_sees_broken_books() {
    let (open, contested) = (opened().dispute, contested());
    let voted = vote(&contested, VERIFIERS[0], true);
    let broken = [
        Dispute { bond: Stake::ZERO, ..open },
        Dispute { respond_until: NOW, ..open },
        Dispute { vote_until: NOW, ..open },
        Dispute { voted: 1, votes_for: 1, ..open },
        Dispute { stage: Stage::Conceded, ..voted },
        Dispute { vote_until: 0, ..contested },
        Dispute { votes_for: 1, ..contested },
        Dispute { votes_against: 1, ..voted },
        Dispute { voted: 3, ..voted },
        Dispute { votes_for: 255, votes_against: 255, ..voted },
    ];
    assert_eq!((open.invariant(), contested.invariant(), voted.invariant()), (Ok(()), Ok(()), Ok(())));
    for books in broken {
        assert_eq!(books.invariant(), Err(Error::InvariantBroken), "{books:?}");
    }
}

#[test]
fn numbers_read_back() {
    for kind in [DisputeKind::NoShow, DisputeKind::BadResult, DisputeKind::OverReport] {
        assert_eq!(DisputeKind::try_from(kind.as_u8()), Ok(kind));
    }
    for stage in [Stage::Open, Stage::Conceded, Stage::Contested] {
        assert_eq!(Stage::try_from(stage.as_u8()), Ok(stage));
    }
    assert_eq!(DisputeKind::try_from(3), Err(Error::InvalidDisputeKind));
    assert_eq!(Stage::try_from(3), Err(Error::InvariantBroken));
    let verdicts = [Verdict::Upheld, Verdict::Rejected, Verdict::Dismissed];
    assert_eq!(verdicts.map(Verdict::as_u8), [0, 1, 2]);
}
