//! Random stories: short numbers that become actions on few accounts, so that they meet often.

use mira_core::amount::{Payment, Shares, Stake, UnitPrice, Units};
use mira_core::lease::LeaseTerms;
use mira_core::ledger::Action;
use proptest::prelude::*;

use super::{Chain, OPERATOR, REQUESTER, SIGNER, job, lease, owner, provider, register, terms};

/// One random move: what, on which accounts, how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    what: u8,
    a: u8,
    b: u8,
    amount: u16,
}

/// Stories of up to `most` moves.
pub(crate) fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let one = (0..15_u8, 0..3_u8, 0..12_u8, any::<u16>());
    proptest::collection::vec(one.prop_map(|(what, a, b, amount)| Move { what, a, b, amount }), 1..most)
}

impl Chain {
    /// Tries a move; what the protocol refuses leaves no event.
    pub(crate) fn play(&mut self, turn: Move) {
        let action = self.action(turn);
        let _ = self.run(action);
    }

    fn action(&self, turn: Move) -> Action {
        let Move { what, a, b, amount } = turn;
        let now = self.ledger.now;
        let (provider, staker) = (provider(a), owner(b % 3));
        let small = u64::from(amount);
        match what {
            0 => register(a),
            1 => Action::Stake { provider, staker, amount: Stake::new(small * 100) },
            2 => Action::RequestUnstake { provider, staker, shares: Shares::new(u128::from(amount) * 10) },
            3 => Action::WithdrawStake { provider, staker, ticket: b % 2 },
            4 => Action::CreateJob { job: job(a), terms: terms(now, a) },
            5 => Action::FundJob { job: job(a), amount: Payment::new(small) },
            6 | 7 => Action::OpenLease {
                lease: lease(b),
                job: job(a),
                provider: super::provider(b % 3),
                operator: OPERATOR,
                matcher: REQUESTER,
                terms: LeaseTerms {
                    unit_price: UnitPrice::new(1_000_000),
                    cap: Payment::new(small % 5_000),
                    expires_at: now + 40,
                },
            },
            8 | 9 => Action::Settle {
                lease: lease(b),
                signer: SIGNER,
                cumulative_amount: Payment::new(small % 6_000),
                cumulative_units: Units::new(small % 7_000),
            },
            10 => Action::CloseLease { lease: lease(b), actor: if a == 0 { OPERATOR } else { REQUESTER } },
            11 => Action::ReleaseLease { lease: lease(b) },
            12 => Action::EndLease { lease: lease(b) },
            13 if amount % 4 == 0 => Action::BeginCloseJob { job: job(a), actor: REQUESTER },
            13 if amount % 2 == 0 => Action::CloseJob { job: job(a) },
            13 => Action::SweepFees { shard: b },
            _ => Action::Advance { secs: u32::from(amount % 60) },
        }
    }
}
