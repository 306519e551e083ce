//! The scripts themselves. `MIRA_TEST_SEED` runs one seed alone, `MIRA_TEST_SCRIPTS` changes how many.

use super::dice::Dice;
use super::improvise::Cast;
use libtest_mimic::Trial;
use mira_chain::pda;
use mira_core::ledger::Action;
use mira_testkit::{Step, World};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

pub fn trials() -> Vec<Trial> {
    trials![chain_and_model_agree_on_every_step]
}

/// How many scripts a plain run plays, and how long each is.
const SCRIPTS: u64 = 24;
const STEPS: u64 = 160;

/// What happened, by the name of the action: accepted, refused.
type Tally = BTreeMap<String, [u64; 2]>;

fn chain_and_model_agree_on_every_step() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("MIRA_TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("MIRA_TEST_SCRIPTS").unwrap_or(SCRIPTS),
    };
    let alone = seeds.end - seeds.start == 1;
    let mut tally = Tally::new();
    for seed in seeds {
        let reproducer = Reproducer(seed);
        play(seed, &mut tally);
        std::mem::forget(reproducer);
    }
    let total = |at: usize| tally.values().map(|counts| counts[at]).sum::<u64>();
    println!("accepted {}, refused {}: {tally:#?}", total(0), total(1));
    if !alone {
        assert!(tally.values().all(|[accepted, _]| *accepted > 0), "every action succeeds somewhere");
        assert!(total(1) * 10 >= (total(0) + total(1)) * 4, "at least 40 % of the steps are adversarial");
    }
}

/// Says how to see a failure again.
struct Reproducer(u64);

impl Drop for Reproducer {
    fn drop(&mut self) {
        eprintln!("again: MIRA_TEST_SEED={} cargo test -p mira-tests -- solvency", self.0);
    }
}

fn play(seed: u64, tally: &mut Tally) {
    let mut world = World::network();
    let mut dice = Dice::new(seed);
    let mut cast = Cast::new(&mut world);
    for (owner, amount) in cast.owners.clone().iter().zip([50_000, 80_000]) {
        let provider = pda::provider(&owner.pubkey());
        let operator = world.actor(&owner.name.replace("owner", "operator"));
        world.run(&world.register_provider(owner, &operator));
        world.run(&world.stake(owner, &provider, amount));
    }
    for _ in 0..STEPS {
        let Some(step) = cast.improvise(&mut world, &mut dice) else { continue };
        let name = format!("{:?}", step.action).split([' ', '{']).next().unwrap().to_owned();
        let counts = tally.entry(name).or_default();
        if dice.once_in(4)
            && let Some(bent) = bend(&world, &step, &mut dice)
        {
            world.tampered(&bent);
            counts[1] += 1;
        }
        counts[usize::from(world.agree(&step).is_err())] += 1;
    }
    drain(&mut world, &cast);
}

/// Passes something of somebody else's in one place: another vault, another book, another lease.
fn bend(world: &World, step: &Step, dice: &mut Dice) -> Option<Step> {
    let pool = pool(world);
    let metas = &step.instructions.last()?.accounts;
    let places: Vec<usize> = (0..metas.len()).filter(|at| pool.contains(&metas[*at].pubkey)).collect();
    if places.is_empty() {
        return None;
    }
    let (place, other) = (*dice.pick(&places), *dice.pick(&pool));
    let mine = metas[place].pubkey;
    (other != mine && !another_of_ones_own(world, step, &mine, &other)).then(|| step.clone().swap_at(place, &other))
}

/// Instructions over one book alone are as good with another job or lease of the same people.
fn another_of_ones_own(world: &World, step: &Step, mine: &Pubkey, other: &Pubkey) -> bool {
    let both = |known: &dyn Fn(&[u8; 32]) -> bool| known(&mine.to_bytes()) && known(&other.to_bytes());
    match step.action {
        Action::BeginCloseJob { .. } => both(&|key| world.model.jobs.contains_key(key)),
        Action::CloseLease { .. } | Action::ReleaseLease { .. } | Action::EndLease { .. } => {
            both(&|key| world.model.leases.contains_key(key))
        }
        _ => false,
    }
}

/// Every address that belongs in exactly one place.
fn pool(world: &World) -> Vec<Pubkey> {
    let model = &world.model;
    let jobs = model.jobs.keys().map(|key| Pubkey::from(*key));
    let escrows = jobs.clone().map(|job| pda::escrow(&job));
    let leases = model.leases.keys().map(|key| Pubkey::from(*key));
    let providers = model.providers.keys().map(|key| Pubkey::from(*key));
    let positions = model
        .positions
        .keys()
        .map(|(provider, staker)| pda::stake_position(&Pubkey::from(*provider), &Pubkey::from(*staker)));
    let shards = (0..3).flat_map(|shard| [pda::fee_shard(shard), pda::fee_vault(shard)]);
    let singles = [pda::config(), pda::rewards(), pda::stake_vault(), pda::reward_vault()];
    singles
        .into_iter()
        .chain(jobs)
        .chain(escrows)
        .chain(leases)
        .chain(providers)
        .chain(positions)
        .chain(shards)
        .collect()
}

/// From wherever a script stops: one stranger's cranks end every lease and job, and every staker
/// gets everything out.
fn drain(world: &mut World, cast: &Cast) {
    let stranger = &cast.stranger;
    world.advance(2_000);
    let released = |world: &World, lease: &Pubkey| world.model.leases[&lease.to_bytes()].books.released;
    let leases: Vec<Pubkey> = world.model.leases.keys().map(|key| Pubkey::from(*key)).collect();
    for lease in leases.iter().filter(|lease| !released(world, lease)).collect::<Vec<_>>() {
        world.run(&world.release_lease(stranger, lease));
    }
    world.advance(2_000);
    for lease in &leases {
        world.run(&world.end_lease(stranger, lease));
    }
    for (job, entry) in world.model.jobs.clone() {
        let requester = cast.requesters.iter().find(|actor| actor.key() == entry.books.requester).unwrap();
        world.run(&world.close_job(stranger, requester, &Pubkey::from(job)));
    }
    for ((provider, staker), position) in world.model.positions.clone() {
        let names = ["owner 0", "owner 1", "owner 2", "operator 0", "operator 1", "operator 2"];
        let names = names.into_iter().chain(["requester 0", "requester 1", "stranger"]);
        let staker = names.map(mira_testkit::Actor::new).find(|actor| actor.key() == staker).unwrap();
        let provider = Pubkey::from(provider);
        for _ in &position.tickets {
            world.run(&world.withdraw_stake(stranger, &staker, &provider, 0));
        }
        if !position.shares.is_zero() {
            world.run(&world.request_unstake(&staker, &provider, position.shares.get()));
            world.advance(2_000);
            world.run(&world.withdraw_stake(stranger, &staker, &provider, 0));
        }
    }
    assert!(world.model.jobs.is_empty() && world.model.leases.is_empty() && world.model.positions.is_empty());
    assert_eq!(world.model.stake_vault, world.model.stake_foreign);
}
