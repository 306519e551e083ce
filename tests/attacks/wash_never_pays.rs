//! Wash trading: one party is requester, voucher signer, dispatcher, operator, owner, delegator and challenger,
//! everything but the admin, an authority or a verifier. It pays itself, the authorities honestly reward it for
//! its fees, and it takes out all it can: it ends with exactly the part of the fees less that is no reward.

use super::support::{payment, stake};
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::amount::{Bps, Payment};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::merkle;
use mira_core::params::{Params, RewardParams};
use mira_testkit::scene::dispute::EVIDENCE;
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Scene, World};
use solana_sdk::pubkey::Pubkey;

pub fn trials() -> Vec<Trial> {
    trials![
        costs_what_is_no_reward,
        costs_as_much_with_a_delegator,
        costs_as_much_where_there_is_almost_no_stake,
        costs_stake_with_a_staged_dispute,
    ]
}

/// The party: one key for every role, and a second one that delegates.
struct Washer {
    world: World,
    me: Actor,
    also_me: Actor,
    authority: Actor,
    stranger: Actor,
    provider: Pubkey,
    job: Pubkey,
    lease: Pubkey,
}

/// Fee and reward share, of 10,000.
const RATES: [(u16, u16); 6] = [(1, 9_000), (100, 8_000), (333, 1), (100, 0), (2_000, 9_000), (1_999, 4_567)];
/// How far the vouchers go, each a bit further than the one before; the last one is the lease's cap.
const VOUCHERS: [u64; 5] = [1, 9_999, 10_000, 123_456_789, 300_000_007];
const CAP: u64 = 300_000_007;
/// A power of two, so that the reward index rounds nothing.
const STAKE: u64 = 1 << 28;

impl Washer {
    /// A network with those rates, and the party with `own` staked on its own provider.
    fn new((fee, share): (u16, u16), own: u64) -> Self {
        let mut world = Scene::network().world;
        let (me, also_me, authority) = (world.actor("washer"), world.actor("washer too"), world.actor("authority"));
        let stranger = world.actor("stranger");
        let admin = world.admin.clone();
        let reward = RewardParams { share_bps: Bps::new(share).unwrap(), ..params().reward };
        let fee_bps = Bps::new(fee).unwrap();
        world.run(&world.update_params(&admin, &Params { fee_bps, reward, ..params() }));
        world.run(&world.set_reward_authorities(&admin, &[authority.pubkey()]));
        world.run(&world.register_provider(&me, &me));
        let provider = pda::provider(&me.pubkey());
        world.run(&world.stake(&me, &provider, own));
        let terms = terms(&me, &me, Some(&me), world.now());
        let job = pda::job(&me.pubkey(), terms.job_id);
        world.run(&world.create_job(&me, &terms));
        let lease = pda::lease(&job, &provider, 0);
        Self { world, me, also_me, authority, stranger, provider, job, lease }
    }

    /// Pays itself up to the cap, by vouchers and once directly.
    fn work(&mut self, cap: u64) {
        let Self { world, me, provider, job, lease, .. } = self;
        world.run(&world.fund_job(me, job, 2 * cap));
        let terms = lease_terms(cap, world.now());
        world.run(&world.open_lease(me, me, (job, provider), &terms));
        for amount in VOUCHERS.into_iter().filter(|amount| *amount < cap) {
            world.run(&world.settle(me, me, lease, amount, amount));
        }
        world.run(&world.settle_direct(me, lease, cap, cap));
    }

    /// Ends lease and job.
    fn close(&mut self) {
        let Self { world, me, job, lease, .. } = self;
        world.run(&world.close_lease(me, lease));
        world.run(&world.release_lease(me, lease));
        world.run(&world.begin_close_job(me, job));
        world.advance(params().dispute_window_secs);
        world.run(&world.end_lease(me, lease));
        world.run(&world.close_job(me, me, job));
    }

    /// The authority finds that all fees were this provider's work, and that it was perfect. Returns the fees,
    /// and what of them is a reward at the most.
    fn reward(&mut self) -> (u64, u64) {
        let Self { world, me, authority, stranger, provider, lease, .. } = self;
        world.run(&world.sweep_fees(stranger, pda::fee_shard_of(lease)));
        let fees = world.model.rewards.books.swept.get();
        let share = u128::from(world.model.network.params.reward.share_bps.get());
        let reward = u64::try_from(u128::from(fees) * share / 10_000).unwrap();
        let leaf = merkle::leaf::<Sha2>(&provider.to_bytes(), Payment::new(reward));
        let epoch = Epoch {
            index: 1,
            root: merkle::root::<Sha2>(&[leaf]),
            cumulative_fees: Payment::new(fees),
            cumulative_total: Payment::new(reward),
            report_hash: [1; 32],
        };
        world.advance(params().reward.epoch_secs);
        world.run(&world.approve_epoch(authority, &epoch));
        world.advance(params().reward.challenge_secs);
        world.run(&world.finalize_epoch(stranger));
        if reward > 0 {
            world.run(&world.claim_reward(me, provider, reward, &[]));
        }
        (fees, reward)
    }

    /// Takes out what is owed, and all stake.
    fn leave(&mut self) {
        let Self { world, me, also_me, provider, .. } = self;
        for staker in [&*me, also_me] {
            let Some(position) = world.model.positions.get(&(provider.to_bytes(), staker.key())).cloned() else {
                continue;
            };
            if world.model.providers[&provider.to_bytes()].books.claim_delegation(&position).is_ok() {
                world.run(&world.claim_delegation_reward(me, staker, provider));
            }
            world.run(&world.request_unstake(staker, provider, position.shares.get()));
            world.advance(params().unbonding_secs);
            world.run(&world.withdraw_stake(me, staker, provider, 0));
        }
        assert!(world.model.positions.is_empty() && world.model.jobs.is_empty() && world.model.leases.is_empty());
    }

    /// Payment base units that the party has less than it began with.
    fn lost(&self) -> u64 {
        2 * PURSE - payment(&self.world, &self.me) - payment(&self.world, &self.also_me)
    }

    /// The same of stake.
    fn lost_stake(&self) -> u64 {
        2 * PURSE - stake(&self.world, &self.me) - stake(&self.world, &self.also_me)
    }
}

/// The fee of a lease that is paid up to that cap, rounded up, worked out apart from the protocol.
fn fee_of(cap: u64, fee: u16) -> u64 {
    u64::try_from((u128::from(cap) * u128::from(fee)).div_ceil(10_000)).unwrap()
}

fn costs_what_is_no_reward() {
    for rates in RATES {
        let mut washer = Washer::new(rates, STAKE);
        washer.work(CAP);
        washer.close();
        let (fees, reward) = washer.reward();
        washer.leave();
        assert_eq!(fees, fee_of(CAP, rates.0), "{rates:?}");
        assert_eq!(washer.lost(), fees - reward, "{rates:?}");
        // No share of nine tenths, rounded down, is all of them.
        assert!(washer.lost() * 10 >= fees, "{rates:?}");
        assert_eq!(washer.lost_stake(), 0, "{rates:?}");
        assert_eq!(washer.world.balance(&pda::treasury()), Some(fees - reward), "{rates:?}");
    }
}

/// Half of the stake is the second key's: what the commission leaves comes back on both ways.
fn costs_as_much_with_a_delegator() {
    for rates in RATES {
        let mut washer = Washer::new(rates, STAKE);
        let step = washer.world.stake(&washer.also_me, &washer.provider, STAKE);
        washer.world.run(&step);
        washer.work(CAP);
        washer.close();
        let (fees, reward) = washer.reward();
        washer.leave();
        // An odd number of base units does not halve.
        let odd = (reward - reward / 20) % 2;
        assert_eq!(washer.lost(), fees - reward + odd, "{rates:?}");
        assert_eq!(washer.lost_stake(), 0, "{rates:?}");
    }
}

/// Below a million shares all of it is the owner's, without the index.
fn costs_as_much_where_there_is_almost_no_stake() {
    const SMALL: u64 = 999_999;
    for rates in RATES {
        let mut washer = Washer::new(rates, SMALL);
        washer.work(SMALL);
        washer.close();
        let (fees, reward) = washer.reward();
        washer.leave();
        assert_eq!((fees, washer.lost()), (fee_of(SMALL, rates.0), fees - reward), "{rates:?}");
        assert_eq!(washer.lost_stake(), 0, "{rates:?}");
    }
}

/// It challenges itself and concedes: the payment costs the same, and the stake that nobody had lost is burned.
fn costs_stake_with_a_staged_dispute() {
    for rates in RATES {
        let mut washer = Washer::new(rates, STAKE);
        washer.work(CAP / 2);
        let Washer { world, me, stranger, lease, .. } = &mut washer;
        world.run(&world.open_dispute(me, lease, DisputeKind::NoShow, EVIDENCE));
        world.run(&world.respond_dispute(me, lease, None));
        world.run(&world.resolve_dispute(stranger, lease));
        washer.close();
        let (fees, reward) = washer.reward();
        washer.leave();
        assert!(washer.lost() >= fees - reward, "{rates:?}");
        // What the burned shares leave is no power of two: the index rounds.
        assert!(washer.lost() <= fees - reward + 1, "{rates:?}");
        assert_eq!(u128::from(washer.lost_stake()), washer.world.model.flows.stake_burned, "{rates:?}");
    }
}
