//! Two worlds with the same people in them, at the stages where scripts begin.

use mira_chain::pda;
use mira_testkit::scene::{CAP, FUNDED, STAKED};
use mira_testkit::step::{lease_terms, terms};
use mira_testkit::{Actor, Pair, World};
use solana_sdk::pubkey::Pubkey;

/// The worlds and the people.
pub struct Cast {
    pub pair: Pair,
    pub owner: Actor,
    pub operator: Actor,
    pub requester: Actor,
    pub signer: Actor,
    pub dispatcher: Actor,
    pub stranger: Actor,
    pub provider: Pubkey,
    pub job: Pubkey,
    pub lease: Pubkey,
}

impl Cast {
    /// A network, and people with tokens.
    pub fn network() -> Self {
        let mut pair = Pair::new(World::network_with);
        let mut actor = |name: &str| {
            pair.both(|world| drop(world.actor(name)));
            Actor::new(name)
        };
        let (owner, operator, requester) = (actor("owner"), actor("operator"), actor("requester"));
        let (signer, dispatcher, stranger) = (actor("signer"), actor("dispatcher"), actor("stranger"));
        let provider = pda::provider(&owner.pubkey());
        let job = pda::job(&requester.pubkey(), terms(&requester, &signer, None, pair.elf.now()).job_id);
        let lease = pda::lease(&job, &provider, 0);
        Self { pair, owner, operator, requester, signer, dispatcher, stranger, provider, job, lease }
    }

    /// A provider with stake of its own, and a funded job.
    pub fn job() -> Self {
        let mut cast = Self::network();
        let Self { pair, owner, operator, requester, signer, dispatcher, provider, job, .. } = &mut cast;
        pair.run(|world| world.register_provider(owner, operator));
        pair.run(|world| world.stake(owner, provider, STAKED));
        pair.run(|world| world.create_job(requester, &terms(requester, signer, Some(dispatcher), world.now())));
        pair.run(|world| world.fund_job(requester, job, FUNDED));
        cast
    }

    /// Besides, they have a lease of [`CAP`] for 60 seconds.
    pub fn lease() -> Self {
        let mut cast = Self::job();
        let Self { pair, operator, dispatcher, provider, job, .. } = &mut cast;
        pair.run(|world| world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now())));
        cast
    }
}
