//! Who plays, and what they try next: sensible things, stale things, and other people's things.

use super::dice::Dice;
use mira_chain::pda;
use mira_core::amount::{Payment, UnitPrice};
use mira_core::job::job_id;
use mira_core::lease::LeaseTerms;
use mira_core::ledger::Vault;
use mira_testkit::step::terms;
use mira_testkit::{Actor, Step, World};
use solana_sdk::pubkey::Pubkey;

/// The players.
pub struct Cast {
    /// Own providers.
    pub owners: Vec<Actor>,
    operators: Vec<Actor>,
    /// Own jobs, and sign their own vouchers.
    pub requesters: Vec<Actor>,
    /// Owns nothing.
    pub stranger: Actor,
    ids: u32,
}

impl Cast {
    /// Three providers, two requesters, one stranger.
    pub fn new(world: &mut World) -> Self {
        let mut named = |name: &str, count: u8| (0..count).map(|n| world.actor(&format!("{name} {n}"))).collect();
        let (owners, operators, requesters) = (named("owner", 3), named("operator", 3), named("requester", 2));
        Self { owners, operators, requesters, stranger: world.actor("stranger"), ids: 0 }
    }

    fn anyone<'a>(&'a self, dice: &mut Dice) -> &'a Actor {
        let group = dice.pick(&[0, 1, 2, 3]);
        match group {
            0 => dice.pick(&self.owners),
            1 => dice.pick(&self.operators),
            2 => dice.pick(&self.requesters),
            _ => &self.stranger,
        }
    }

    /// The next step. `None` when time passed or a gift was made instead.
    pub fn improvise(&mut self, world: &mut World, dice: &mut Dice) -> Option<Step> {
        match dice.roll(20) {
            0 => {
                let at = usize::try_from(dice.roll(3)).unwrap();
                Some(world.register_provider(&self.owners[at], &self.operators[at]))
            }
            1 | 2 => {
                let (staker, provider) = (self.anyone(dice), self.provider(dice));
                Some(world.stake(staker, &provider, dice.roll(100_000)))
            }
            3 | 4 => Some(self.leave(world, dice)),
            5 | 6 => Some(self.create(world, dice)),
            7 => Some(world.fund_job(self.anyone(dice), &job(world, dice)?, dice.roll(50_000))),
            8..=10 => self.open(world, dice),
            11..=13 => self.settle(world, dice),
            14 => Some(world.close_lease(self.anyone(dice), &lease(world, dice)?)),
            15 => Some(world.release_lease(self.anyone(dice), &lease(world, dice)?)),
            16 => Some(world.end_lease(self.anyone(dice), &lease(world, dice)?)),
            17 => self.close(world, dice),
            18 => Some(world.sweep_fees(&self.stranger, u8::try_from(dice.roll(16)).unwrap())),
            _ => {
                self.pass(world, dice);
                None
            }
        }
    }

    fn provider(&self, dice: &mut Dice) -> Pubkey {
        pda::provider(&dice.pick(&self.owners).pubkey())
    }

    fn leave(&self, world: &World, dice: &mut Dice) -> Step {
        let positions: Vec<_> = world.model.positions.iter().collect();
        let everyone: Vec<&Actor> = self.owners.iter().chain(&self.requesters).collect();
        if positions.is_empty() || dice.once_in(8) {
            return world.request_unstake(self.anyone(dice), &self.provider(dice), 5);
        }
        let ((provider, staker), position) = *dice.pick(&positions);
        let provider = Pubkey::from(*provider);
        let Some(staker) = everyone.into_iter().find(|actor| actor.key() == *staker) else {
            return world.request_unstake(&self.stranger, &provider, position.shares.get());
        };
        if position.tickets.is_empty() || dice.once_in(3) {
            let held = u64::try_from(position.shares.get()).unwrap();
            return world.request_unstake(staker, &provider, u128::from(dice.roll(held + 2)));
        }
        let actor = if dice.once_in(2) { staker } else { &self.stranger };
        world.withdraw_stake(actor, staker, &provider, u8::try_from(dice.roll(2)).unwrap())
    }

    fn create(&mut self, world: &World, dice: &mut Dice) -> Step {
        // Now and then an id that was used before: its address must never return.
        self.ids += u32::from(!dice.once_in(4));
        let requester = dice.pick(&self.requesters);
        let made = world.now() - i64::try_from(dice.roll(7)).unwrap();
        let dispatcher = if dice.once_in(2) { Some(&self.stranger) } else { None };
        let terms = terms(requester, requester, dispatcher, world.now());
        world.create_job(requester, &mira_core::job::JobTerms { job_id: job_id(made, self.ids % 4).unwrap(), ..terms })
    }

    fn open(&self, world: &World, dice: &mut Dice) -> Option<Step> {
        let job = job(world, dice)?;
        let books = &world.model.jobs[&job.to_bytes()].books;
        let free = books.free_escrow().unwrap().get();
        let most = if dice.once_in(5) { free + 2 } else { free / 2 + 1 };
        let at = usize::try_from(dice.roll(3)).unwrap();
        let operator = if dice.once_in(12) { self.anyone(dice) } else { &self.operators[at] };
        let requester = self.requesters.iter().find(|actor| actor.key() == books.requester)?;
        let matcher = if dice.once_in(3) { &self.stranger } else { requester };
        let terms = LeaseTerms {
            unit_price: UnitPrice::new(if dice.once_in(10) { dice.roll(200) } else { 1 + dice.roll(100) }),
            cap: Payment::new(dice.roll(most)),
            expires_at: world.now()
                + i64::try_from(if dice.once_in(10) { dice.roll(110) } else { 1 + dice.roll(100) }).unwrap(),
        };
        let provider = pda::provider(&self.owners[at].pubkey());
        Some(world.open_lease(operator, matcher, (&job, &provider), &terms))
    }

    fn settle(&self, world: &World, dice: &mut Dice) -> Option<Step> {
        let lease = lease(world, dice)?;
        let entry = &world.model.leases[&lease.to_bytes()];
        let requester = self.requesters.iter().find(|actor| actor.key() == entry.voucher_signer)?;
        let signer = if dice.once_in(6) { self.anyone(dice) } else { requester };
        let amount = if dice.once_in(6) { u64::MAX } else { dice.roll(entry.books.cap.get() + 2) };
        Some(world.settle(self.anyone(dice), signer, &lease, amount, dice.roll(1_000)))
    }

    fn close(&self, world: &World, dice: &mut Dice) -> Option<Step> {
        let job = job(world, dice)?;
        let owner = world.model.jobs[&job.to_bytes()].books.requester;
        let requester = self.requesters.iter().find(|actor| actor.key() == owner)?;
        if dice.once_in(3) {
            let actor = if dice.once_in(3) { self.anyone(dice) } else { requester };
            return Some(world.begin_close_job(actor, &job));
        }
        Some(world.close_job(self.anyone(dice), requester, &job))
    }

    fn pass(&self, world: &mut World, dice: &mut Dice) {
        if dice.once_in(4) {
            let vault = match (dice.roll(4), job(world, dice)) {
                (0, _) => Vault::Stake,
                (1, Some(job)) => Vault::Job(job.to_bytes()),
                (2, _) => Vault::Shard(u8::try_from(dice.roll(16)).unwrap()),
                _ => Vault::Rewards,
            };
            world.donate(vault, dice.roll(1_000));
        } else {
            world.advance(u32::try_from(dice.roll(120)).unwrap());
        }
    }
}

fn job(world: &World, dice: &mut Dice) -> Option<Pubkey> {
    let all: Vec<_> = world.model.jobs.keys().collect();
    if all.is_empty() { None } else { Some(Pubkey::from(**dice.pick(&all))) }
}

fn lease(world: &World, dice: &mut Dice) -> Option<Pubkey> {
    let all: Vec<_> = world.model.leases.keys().collect();
    if all.is_empty() { None } else { Some(Pubkey::from(**dice.pick(&all))) }
}
