//! What the players try: mostly sensible things, often not. One theme a file.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;
mod time;

pub use time::deadlines;

use super::authorities::Authorities;
use super::cast;
use super::wash::Wallets;
use crate::amount::{Bps, Stake};
use crate::dispute::Stage;
use crate::ledger::{Action, Ledger};
use crate::testing::Dice;
use std::vec::Vec;

/// What the players of one script know that the ledger does not.
#[derive(Default)]
pub struct Script {
    pub authorities: Authorities,
    /// Nobody governs but honestly: the authorities propose only what anyone can recompute at full
    /// quality, and the admin changes nothing but parameters.
    pub honest: bool,
    /// What one party that plays all the others gains and loses.
    pub wallets: Wallets,
}

type Turn = fn(&mut Script, &Ledger, &mut Dice) -> Action;

/// How often each is tried, of the sum of all.
const PLAY: &[(u64, Turn)] = &[
    (42, time::advance),
    (3, time::donate),
    (3, reward::init_fee_shard),
    (12, stake::register_provider),
    (9, stake::update_provider),
    (24, stake::stake),
    (12, stake::request_unstake),
    (9, stake::cancel_unstake),
    (20, stake::withdraw_stake),
    (12, job::create_job),
    (21, job::fund_job),
    (4, job::extend_job),
    (3, job::update_job),
    (2, job::begin_close_job),
    (12, job::close_job),
    (48, lease::open_lease),
    (36, lease::settle),
    (12, lease::settle_direct),
    (9, lease::close_lease),
    (15, lease::release_lease),
    (15, lease::end_lease),
    (18, dispute::open_dispute),
    (24, dispute::respond_dispute),
    (42, dispute::vote_dispute),
    (18, dispute::resolve_dispute),
    (24, reward::sweep_fees),
    (48, reward::approve_epoch),
    (4, reward::cancel_epoch),
    (24, reward::finalize_epoch),
    (20, reward::claim_reward),
    (18, reward::claim_delegation_reward),
    (8, admin::withdraw_treasury),
];

const GOVERN: &[(u64, Turn)] = &[
    (2, admin::update_params),
    (2, admin::propose_admin),
    (4, admin::accept_admin),
    (2, admin::set_guardian),
    (4, admin::set_pause),
    (1, admin::set_reward_authorities),
    (1, admin::set_verifiers),
];

/// What an honest admin does, once or twice in a hundred turns.
const ADJUST: &[(u64, Turn)] = &[(8, admin::adjust_params)];

impl Script {
    /// Sensible moves that a script may begin with: stake everywhere, and a job of each requester.
    pub fn opening(ledger: &Ledger, dice: &mut Dice) -> Vec<Action> {
        let mut moves = Vec::new();
        for index in 0..cast::PROVIDERS {
            let (provider, owner) = (cast::provider(index), cast::owner(index));
            let commission = Bps::new(dice.of(&[0, 1_000, 10_000])).unwrap();
            moves.push(Action::RegisterProvider { provider, owner, operator: cast::operator(index), commission });
            for staker in [owner, cast::delegator(index % cast::DELEGATORS)] {
                let bits = dice.of(&[16, 20, 22, 40]);
                moves.push(Action::Stake { provider, staker, amount: Stake::new((1 << bits) + dice.amount(bits)) });
            }
        }
        for index in 0..cast::REQUESTERS {
            moves.extend(job::sensible(ledger, index, dice));
        }
        moves
    }

    /// The next action, drawn from the dice. One about nothing is mostly drawn again; a pause ends soon.
    pub fn improvise(&mut self, ledger: &Ledger, dice: &mut Dice) -> Action {
        if ledger.network.paused && dice.one_in(5) {
            return Action::SetPause { actor: ledger.network.admin, paused: false };
        }
        let mut action = self.draw(ledger, dice);
        for _ in 0..6 {
            if !vain(ledger, &action) || dice.one_in(12) {
                break;
            }
            action = self.draw(ledger, dice);
        }
        action
    }

    /// Takes a step of the ledger in.
    pub fn observe(&mut self, before: &Ledger, after: &Ledger, action: &Action) {
        self.authorities.observe(before, after, action);
        self.wallets.book(before, after, action);
    }

    fn draw(&mut self, ledger: &Ledger, dice: &mut Dice) -> Action {
        let turns = || PLAY.iter().chain(if self.honest { ADJUST } else { GOVERN });
        let mut roll = dice.below(turns().map(|(often, _)| often).sum());
        let turn = turns().find(|(often, _)| {
            let found = roll < *often;
            roll = roll.saturating_sub(*often);
            found
        });
        let (_, turn) = turn.unwrap();
        turn(self, ledger, dice)
    }
}

/// Whether what it is about does not exist.
fn vain(ledger: &Ledger, action: &Action) -> bool {
    match action {
        Action::Stake { provider, .. } | Action::UpdateProvider { provider, .. } => {
            !ledger.providers.contains_key(provider)
        }
        Action::RegisterProvider { provider, .. } => ledger.providers.contains_key(provider),
        Action::RequestUnstake { provider, staker, .. } => !ledger.positions.contains_key(&(*provider, *staker)),
        Action::ClaimDelegationReward { provider, staker } => ledger
            .positions
            .get(&(*provider, *staker))
            .is_none_or(|position| ledger.providers[provider].books.claim_delegation(position).is_err()),
        Action::CancelUnstake { provider, staker, .. } | Action::WithdrawStake { provider, staker, .. } => {
            ledger.positions.get(&(*provider, *staker)).is_none_or(|position| position.tickets.is_empty())
        }
        Action::FundJob { job, .. }
        | Action::ExtendJob { job, .. }
        | Action::UpdateJob { job, .. }
        | Action::BeginCloseJob { job, .. }
        | Action::CloseJob { job } => !ledger.jobs.contains_key(job),
        Action::OpenLease { job, provider, .. } => lease::room(ledger, job, provider) == 0,
        Action::Settle { lease, .. }
        | Action::SettleDirect { lease, .. }
        | Action::CloseLease { lease, .. }
        | Action::ReleaseLease { lease }
        | Action::EndLease { lease }
        | Action::OpenDispute { lease, .. } => !ledger.leases.contains_key(lease),
        Action::ResolveDispute { lease } => !ledger.disputes.contains_key(lease),
        Action::RespondDispute { lease, .. } => {
            ledger.disputes.get(lease).is_none_or(|dispute| dispute.stage != Stage::Open)
        }
        Action::VoteDispute { lease, .. } => {
            ledger.disputes.get(lease).is_none_or(|dispute| dispute.stage != Stage::Contested)
        }
        Action::SweepFees { shard } => {
            ledger.shards.get(shard).is_none_or(|entry| entry.books.swept == entry.books.collected)
        }
        Action::CancelEpoch { .. } | Action::FinalizeEpoch => ledger.rewards.books.epochs.pending.is_none(),
        Action::ApproveEpoch { epoch, .. } => epoch.cumulative_fees == ledger.rewards.books.epochs.last.cumulative_fees,
        Action::ClaimReward { provider, amount, .. } => {
            ledger.providers.get(provider).is_none_or(|entry| entry.books.claimed >= *amount)
        }
        Action::AcceptAdmin { .. } => ledger.network.pending_admin.is_none(),
        Action::WithdrawTreasury { .. } => ledger.rewards.books.treasury().is_ok_and(|held| held.is_zero()),
        _ => false,
    }
}
