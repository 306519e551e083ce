//! What governing can do, and what a pause stops.

use super::cast::{self, NOW, admin, delegator, guardian, operator, owner, requester, signer, stranger};
use super::story::{Stage, job, lease, leased, provider, settle, stake, terms};
use crate::amount::{Bps, Payment, Shares, UnitPrice};
use crate::dispute::DisputeKind;
use crate::error::Error;
use crate::lease::LeaseTerms;
use crate::ledger::Action;
use crate::params::Params;
use crate::testing::local_params;
use std::vec::Vec;

#[test]
fn a_pause_stops_what_begins_and_nothing_else() {
    let mut stage = leased();
    let fund = Action::FundJob { job: job(), amount: Payment::new(1) };
    stage.all([Action::SetPause { actor: guardian(0), paused: true }]);
    let open = LeaseTerms { unit_price: UnitPrice::new(7), cap: Payment::new(1), expires_at: NOW + 60 };
    let stopped = [
        Action::RegisterProvider {
            provider: cast::provider(1),
            owner: owner(1),
            operator: operator(1),
            commission: Bps::ZERO,
        },
        stake(delegator(1), 5),
        Action::CreateJob { job: [8; 32], terms: terms() },
        fund.clone(),
        Action::ExtendJob { job: job(), actor: requester(0), deadline: NOW + 900 },
        Action::OpenLease {
            lease: cast::lease(&job(), &provider(), 1),
            job: job(),
            provider: provider(),
            operator: operator(0),
            matcher: requester(0),
            terms: open,
        },
    ];
    for action in stopped {
        assert_eq!(stage.try_to(action.clone()), Err(Error::Paused), "{action:?}");
    }
    let one = Shares::new(1);
    stage.all([
        settle(10),
        Action::RequestUnstake { provider: provider(), staker: delegator(0), shares: one },
        Action::CancelUnstake { provider: provider(), staker: delegator(0), ticket: 0 },
        Action::UpdateJob { job: job(), actor: requester(0), voucher_signer: signer(1), dispatcher: None },
        Action::OpenDispute { lease: lease(), actor: requester(0), kind: DisputeKind::NoShow, evidence: [0; 32] },
    ]);
    assert_eq!(stage.try_to(Action::SetPause { actor: guardian(0), paused: false }), Err(Error::WrongSigner));
    stage.all([Action::SetPause { actor: admin(0), paused: false }, fund]);
}

#[test]
fn only_the_admin_governs() {
    let mut stage = Stage::new();
    let by = |actor| {
        let keys = Vec::from([[1; 32], [2; 32]]);
        [
            Action::UpdateParams { actor, params: Params { max_job_secs: 500, ..local_params() } },
            Action::SetGuardian { actor, guardian: guardian(1) },
            Action::SetPause { actor, paused: true },
            Action::SetRewardAuthorities { actor, keys: keys.clone() },
            Action::SetVerifiers { actor, keys },
            Action::ProposeAdmin { actor, admin: admin(1) },
        ]
    };
    for action in by(stranger()).into_iter().chain(by(admin(1))) {
        assert_eq!(stage.try_to(action.clone()), Err(Error::WrongSigner), "{action:?}");
    }
    let amount = Payment::new(1);
    assert_eq!(stage.try_to(Action::WithdrawTreasury { actor: stranger(), amount }), Err(Error::WrongSigner));
    assert_eq!(stage.try_to(Action::WithdrawTreasury { actor: admin(0), amount }), Err(Error::TreasuryInsufficient));
    stage.all(by(admin(0)));
    stage.all([Action::AcceptAdmin { actor: admin(1) }, Action::SetPause { actor: admin(1), paused: false }]);
    assert_eq!(stage.try_to(Action::SetPause { actor: admin(0), paused: true }), Err(Error::WrongSigner));
    assert_eq!(stage.ledger.network.verifier_set, 2);
}
