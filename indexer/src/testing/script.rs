//! Random stories: short numbers that become actions on few accounts, so that they meet often.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::hash::Sha2;
use mira_core::lease::LeaseTerms;
use mira_core::ledger::{Action, ShardEntry};
use mira_core::params::Params;
use mira_core::provider::ProviderUpdate;
#[cfg(test)]
use proptest::prelude::*;

use super::{
    Chain, OPERATOR, REQUESTER, SIGNER, authority, job, key, lease, owner, params, provider, register, terms, verifier,
};

/// One random move: what, on which accounts, how much.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    what: u8,
    a: u8,
    b: u8,
    amount: u16,
}

impl Move {
    /// The move that `roll` gives: a number below each number of sides.
    pub fn random(mut roll: impl FnMut(u64) -> u64) -> Self {
        let mut small = |sides| u8::try_from(roll(sides)).unwrap();
        let (what, a, b) = (small(64), small(3), small(12));
        Self { what, a, b, amount: u16::try_from(roll(1 << 16)).unwrap() }
    }
}

/// Stories of up to `most` moves.
#[cfg(test)]
pub(crate) fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let one = (0..64_u8, 0..3_u8, 0..12_u8, any::<u16>());
    proptest::collection::vec(one.prop_map(|(what, a, b, amount)| Move { what, a, b, amount }), 1..most)
}

impl Chain {
    /// Tries a move; what the protocol refuses leaves no event.
    pub fn play(&mut self, turn: Move) {
        let action = self.action(turn);
        let _ = self.run(action);
    }

    fn action(&self, turn: Move) -> Action {
        let Move { what, a, b, amount } = turn;
        let (provider, staker) = (provider(a), owner(b % 3));
        match what {
            0 => register(a),
            1 | 2 => Action::Stake { provider, staker, amount: Stake::new(u64::from(amount) * 100) },
            3 | 4 => Action::RequestUnstake { provider, staker, shares: Shares::new(u128::from(amount) * 10) },
            5 => Action::CancelUnstake { provider, staker, ticket: b % 2 },
            6 | 7 => Action::WithdrawStake { provider, staker, ticket: b % 2 },
            8 => self.provider_update(a, amount),
            9..=33 => self.lease_move(turn),
            34..=39 => self.job_move(turn),
            40..=49 => self.dispute_move(turn),
            50..=57 => self.reward_move(turn),
            58 => self.government_move(turn),
            _ => Action::Advance { secs: u32::from(amount % 60) },
        }
    }

    /// One of the leases that there are, if there is one.
    fn some_lease(&self, number: u8) -> Key {
        let leases = &self.ledger.leases;
        leases.keys().nth(usize::from(number) % leases.len().max(1)).copied().unwrap_or(lease(number))
    }

    fn provider_update(&self, a: u8, amount: u16) -> Action {
        let update = ProviderUpdate {
            draining: [None, Some(false), Some(amount % 12 == 2), Some(false)][usize::from(amount % 4)],
            commission: Bps::new(amount % 3_000),
        };
        let operator = amount.is_multiple_of(5).then(|| if amount.is_multiple_of(2) { OPERATOR } else { key(16, a) });
        Action::UpdateProvider { provider: provider(a), actor: owner(a), operator, update }
    }

    fn lease_move(&self, turn: Move) -> Action {
        let Move { what, a, b, amount } = turn;
        let small = u64::from(amount);
        if what <= 16 {
            let provider = provider(b % 3);
            let terms = LeaseTerms {
                unit_price: UnitPrice::new(1_000_000),
                cap: Payment::new(small % 5_000),
                expires_at: self.ledger.now + 40,
            };
            let operator = self.ledger.providers.get(&provider).map_or(OPERATOR, |entry| entry.operator);
            return Action::OpenLease { lease: lease(b), job: job(a), provider, operator, matcher: REQUESTER, terms };
        }
        let lease = self.some_lease(b);
        let entry = self.ledger.leases.get(&lease);
        let (cumulative_amount, cumulative_units) = (Payment::new(small % 6_000), Units::new(small % 7_000));
        match what {
            17..=26 => {
                let signer = entry.map_or(SIGNER, |entry| entry.voucher_signer);
                Action::Settle { lease, signer, cumulative_amount, cumulative_units }
            }
            27 => Action::SettleDirect { lease, actor: REQUESTER, cumulative_amount, cumulative_units },
            28 => {
                let operator = entry.map_or(OPERATOR, |entry| entry.operator);
                Action::CloseLease { lease, actor: if a == 0 { operator } else { REQUESTER } }
            }
            29..=31 => Action::ReleaseLease { lease },
            _ => Action::EndLease { lease },
        }
    }

    fn job_move(&self, turn: Move) -> Action {
        let Move { what, a, amount, .. } = turn;
        let (job, actor, now) = (job(a), REQUESTER, self.ledger.now);
        match what {
            34 => Action::CreateJob { job, terms: terms(now, a) },
            35 | 36 => Action::FundJob { job, amount: Payment::new(u64::from(amount)) },
            37 => Action::ExtendJob { job, actor, deadline: now + i64::from(amount % 1_000) },
            38 => {
                let dispatcher = (amount % 2 == 0).then_some(OPERATOR);
                let voucher_signer = if amount % 3 == 0 { SIGNER } else { key(17, a) };
                Action::UpdateJob { job, actor, voucher_signer, dispatcher }
            }
            _ if amount % 4 == 0 => Action::BeginCloseJob { job, actor },
            _ => Action::CloseJob { job },
        }
    }

    fn dispute_move(&self, turn: Move) -> Action {
        let Move { what, a, b, amount } = turn;
        let open = self.ledger.disputes.keys().nth(usize::from(b) % self.ledger.disputes.len().max(1));
        let lease = open.filter(|_| what > 41).copied().unwrap_or(self.some_lease(b));
        let of = self.ledger.leases.get(&lease).map(|entry| entry.provider);
        let owner = of.and_then(|provider| self.ledger.providers.get(&provider)).map_or(owner(a), |entry| entry.owner);
        match what {
            40 | 41 => Action::OpenDispute { lease, actor: REQUESTER, kind: DisputeKind::NoShow, evidence: key(18, b) },
            42 | 43 => Action::RespondDispute { lease, actor: owner, answer: (amount % 4 > 0).then(|| key(19, b)) },
            44..=47 => Action::VoteDispute { lease, actor: verifier(a), uphold: amount % 2 == 0 },
            _ => Action::ResolveDispute { lease },
        }
    }

    fn reward_move(&self, turn: Move) -> Action {
        let Move { what, a, b, amount } = turn;
        let books = &self.ledger.rewards.books;
        match what {
            50 | 51 => {
                let full = |(_, shard): &(&u8, &ShardEntry)| shard.books.collected > shard.books.swept;
                let shard = self.ledger.shards.iter().find(full).map_or(b, |(shard, _)| *shard);
                Action::SweepFees { shard }
            }
            52..=54 => {
                let epoch = self.next_epoch();
                Action::ApproveEpoch { authority: authority(a), epoch, digest: epoch.digest::<Sha2>() }
            }
            55 if amount % 4 == 0 => Action::CancelEpoch { actor: self.ledger.network.guardian },
            55 => Action::FinalizeEpoch,
            56 => {
                let (last, provider) = (books.epochs.last, provider(a));
                let claimed = self.ledger.providers.get(&provider).map_or(0, |entry| entry.books.claimed.get());
                let left = last.cumulative_total.get() - books.claimed.get();
                let amount = Payment::new(claimed + u64::from(amount) % (left + 1));
                Action::ClaimReward { provider, amount, root: last.root, payout_usable: b % 4 > 0 }
            }
            _ => Action::ClaimDelegationReward { provider: provider(a), staker: owner(b % 3) },
        }
    }

    fn government_move(&self, turn: Move) -> Action {
        let Move { a, b, amount, .. } = turn;
        let network = &self.ledger.network;
        let actor = network.admin;
        if network.paused {
            return Action::SetPause { actor, paused: false };
        }
        match amount % 8 {
            0 => {
                let fee_bps = Bps::new(100 + u16::from(b)).unwrap();
                Action::UpdateParams { actor, params: Params { fee_bps, min_stake: Stake::new(1_000), ..params() } }
            }
            1 => Action::ProposeAdmin { actor, admin: key(20, a) },
            2 => Action::AcceptAdmin { actor: network.pending_admin.unwrap_or(actor) },
            3 => Action::SetGuardian { actor, guardian: key(21, a) },
            4 => Action::SetPause { actor: network.guardian, paused: true },
            5 => Action::SetRewardAuthorities { actor, keys: (0..=a).map(authority).collect() },
            6 => Action::SetVerifiers { actor, keys: (0..=a).map(verifier).collect() },
            _ => Action::WithdrawTreasury { actor, amount: Payment::new(u64::from(b)) },
        }
    }
}
