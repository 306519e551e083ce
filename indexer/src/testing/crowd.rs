//! A busy network: many jobs at a time, each through all of its life, among many providers and stakers.
//!
//! Nearly all of its events are settlements, as on any network that works; the rest is what surrounds them:
//! stake that comes and goes, a dispute now and then, sweeps, epochs and claims. Unlike the random stories of
//! [`Move`](super::Move), nothing here is meant to be refused, so that millions of events come out in seconds.

mod life;
mod others;

use std::collections::VecDeque;

use mira_chain::event::RawEvent;
use mira_core::amount::{Bps, Payment, Shares, Stake};
use mira_core::hash::{Sha2, Sha256};
use mira_core::ledger::Action;
use mira_core::provider::ProviderUpdate;
use mira_core::{Key, Result};

use super::{Chain, authority, params};
use life::Life;
use others::Others;

const PROVIDERS: u64 = 64;
const STAKERS: u64 = 32;
/// Jobs that are under way at a time.
const JOBS: usize = 160;
/// Far more than all leases of a provider put at risk.
const STAKE: u64 = 1_000_000_000;
/// Events in one second of the chain's clock: a job is over before its leases expire.
const EVENTS_PER_SEC: u64 = 1_000;
/// Tickets a staker leaves in its position before it takes one back.
const TICKETS: usize = 3;

/// Numbers below the one that is given: where all that is random comes from.
pub type Roll<'a> = &'a mut dyn FnMut(u64) -> u64;

/// The network, and what is under way in it.
pub struct Crowd {
    chain: Chain,
    others: Others,
    lives: Vec<Life>,
    /// Jobs whose dispute windows are open, by the second from which they go on.
    waiting: VecDeque<(i64, Life)>,
    /// Providers in jail, by the second from which they may come back.
    jailed: VecDeque<(i64, Key)>,
    providers: Vec<Key>,
    stakers: Vec<Key>,
    keys: u64,
    played: u64,
}

impl Crowd {
    /// A furnished network on which every provider has its own stake and the first of its stakers.
    pub fn new(cluster: Key) -> Self {
        let mut crowd = Self {
            chain: Chain::furnished(cluster),
            others: Others::default(),
            lives: Vec::new(),
            waiting: VecDeque::new(),
            jailed: VecDeque::new(),
            providers: Vec::new(),
            stakers: Vec::new(),
            keys: 0,
            played: 0,
        };
        crowd.stakers = (0..STAKERS).map(|_| crowd.fresh()).collect();
        for _ in 0..PROVIDERS {
            let (provider, owner) = (crowd.fresh(), crowd.fresh());
            let commission = Bps::new(500).unwrap();
            crowd.must(Action::RegisterProvider { provider, owner, operator: super::OPERATOR, commission });
            crowd.must(Action::Stake { provider, staker: owner, amount: Stake::new(STAKE) });
            crowd.must(Action::Stake { provider, staker: crowd.stakers[0], amount: Stake::new(STAKE) });
            crowd.providers.push(provider);
        }
        crowd
    }

    /// Lets one thing happen: an event, rarely two or none.
    pub fn play(&mut self, roll: Roll<'_>) {
        self.played += 1;
        if self.played.is_multiple_of(EVENTS_PER_SEC) {
            self.must(Action::Advance { secs: 1 });
            self.epoch(roll);
        }
        while self.waiting.front().is_some_and(|(due, _)| *due <= self.chain.ledger.now) {
            self.lives.extend(self.waiting.pop_front().map(|(_, life)| life));
        }
        while self.lives.len() < JOBS {
            let life = Life::new(self.fresh(), self.fresh(), roll);
            self.lives.push(life);
        }
        match roll(64) {
            0 => self.stake(roll),
            1 => self.sweep(roll),
            _ => self.live(roll),
        }
    }

    /// The events so far, as those of one slot.
    pub fn take_raw(&mut self, slot: u64) -> Vec<RawEvent> {
        self.chain.take_raw(slot)
    }

    /// The chain, its model with every account in it.
    #[cfg(test)]
    pub(crate) fn into_chain(mut self) -> Chain {
        self.others.hand_all_out(&mut self.chain.ledger);
        self.chain
    }

    /// Plays an action on the accounts that it touches. The model copies itself at every action; with all
    /// accounts in it, a long ledger would take hours.
    fn run(&mut self, action: Action) -> Result<()> {
        self.others.hand_out(&mut self.chain.ledger, &action);
        let done = self.chain.run(action);
        self.others.take_back(&mut self.chain.ledger);
        done
    }

    fn must(&mut self, action: Action) {
        let name = action.name();
        self.run(action).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// An address that nobody has.
    fn fresh(&mut self) -> Key {
        self.keys += 1;
        Sha2::hashv(&[b"crowd", &self.keys.to_le_bytes()])
    }

    /// A staker adds, asks for some back, thinks better of it, or takes out what is unlocked.
    fn stake(&mut self, roll: Roll<'_>) {
        let (provider, staker) = (pick(&self.providers, roll), pick(&self.stakers, roll));
        let now = self.chain.ledger.now;
        let tickets: Vec<i64> = match self.others.position(provider, staker) {
            None => Vec::new(),
            Some(position) => position.tickets.iter().map(|ticket| ticket.unlock_ts).collect(),
        };
        let action = match tickets.first() {
            Some(unlock_ts) if *unlock_ts <= now => Action::WithdrawStake { provider, staker, ticket: 0 },
            _ if tickets.len() >= TICKETS => Action::CancelUnstake { provider, staker, ticket: 0 },
            _ if roll(2) == 0 => Action::RequestUnstake { provider, staker, shares: Shares::new(1_000) },
            _ => Action::Stake { provider, staker, amount: Stake::new(10_000 + roll(1_000)) },
        };
        // Who has staked nothing gets nothing back; a reward that is not there cannot be claimed.
        if self.run(action).is_ok() && roll(4) == 0 {
            let _ = self.run(Action::ClaimDelegationReward { provider, staker });
        }
    }

    fn sweep(&mut self, roll: Roll<'_>) {
        let shard = u8::try_from(roll(16)).unwrap();
        // An empty shard is not swept.
        let _ = self.run(Action::SweepFees { shard });
    }

    /// What is due of an epoch: the approvals of the next one, or its end and everybody's claims.
    fn epoch(&mut self, roll: Roll<'_>) {
        self.release_from_jail();
        if self.chain.ledger.rewards.books.epochs.pending.is_none() {
            let epoch = self.chain.next_epoch();
            let digest = epoch.digest::<Sha2>();
            for number in [0, 1] {
                // Before its time it is refused.
                let _ = self.run(Action::ApproveEpoch { authority: authority(number), epoch, digest });
            }
            return;
        }
        let before = self.chain.ledger.rewards.books.claimed;
        if self.run(Action::FinalizeEpoch).is_err() {
            return;
        }
        let last = self.chain.ledger.rewards.books.epochs.last;
        let each = (last.cumulative_total.get() - before.get()) / PROVIDERS;
        for provider in self.providers.clone() {
            let amount = Payment::new(self.others.claimed(provider).get() + each);
            let _ = self.run(Action::ClaimReward { provider, amount, root: last.root, payout_usable: roll(16) > 0 });
        }
    }

    fn release_from_jail(&mut self) {
        while let Some((due, provider)) = self.jailed.front().copied() {
            if due > self.chain.ledger.now {
                return;
            }
            self.jailed.pop_front();
            let actor = self.others.owner(provider);
            let update = ProviderUpdate { draining: Some(false), commission: None };
            // Jailed again meanwhile: then it is in the line once more.
            let _ = self.run(Action::UpdateProvider { provider, actor, operator: None, update });
        }
    }

    /// Notes that a provider lost a dispute.
    fn jail(&mut self, provider: Key) {
        self.jailed.push_back((self.chain.ledger.now + i64::from(params().dispute.jail_secs), provider));
    }
}

fn pick(keys: &[Key], roll: Roll<'_>) -> Key {
    keys[usize::try_from(roll(keys.len() as u64)).unwrap()]
}
