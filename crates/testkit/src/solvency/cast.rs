//! Who plays: owners, operators, requesters with their hot keys, delegators, a dispatcher, everyone who
//! governs, and a stranger.

use super::dice::Dice;
use crate::actor::Actor;
use crate::world::{PURSE, SUPPLY, World};
use mira_chain::pda;
use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::{Hash, Key};
use solana_sdk::pubkey::Pubkey;
use std::collections::BTreeMap;

/// How many verifiers and how many reward authorities there are.
pub const JUDGES: u8 = 3;

/// What the whale owns of each mint: nearly all there is, so that sums come close to what a number holds. All
/// others together, and all gifts, fit into the rest.
pub const WHALE: u64 = SUPPLY - 1_000 * PURSE;

/// A reward tree: each provider's address and lifetime amount.
pub type Leaves = Vec<(Key, Payment)>;

/// The players, and what they remember.
pub struct Cast {
    /// Own providers.
    pub owners: Vec<Actor>,
    /// Their hot keys.
    pub operators: Vec<Actor>,
    /// Own jobs.
    pub requesters: Vec<Actor>,
    /// Sign their vouchers.
    pub signers: Vec<Actor>,
    /// Stake on other people's providers.
    pub delegators: Vec<Actor>,
    /// Matches for some jobs.
    pub dispatcher: Actor,
    /// Approve epochs.
    pub authorities: Vec<Actor>,
    /// Judge disputes.
    pub verifiers: Vec<Actor>,
    /// The first admin and its possible successors.
    pub admins: Vec<Actor>,
    /// Owns nothing.
    pub stranger: Actor,
    /// Owns almost everything.
    pub whale: Actor,
    /// For job ids.
    pub ids: u32,
    /// Fees that each provider's settlements paid so far.
    pub fees: BTreeMap<Key, u128>,
    /// Every honest proposal so far, with its tree.
    pub epochs: Vec<(Epoch, Leaves)>,
    /// Whether the clock has just jumped to a deadline.
    pub jumped: bool,
}

impl Cast {
    /// Everyone, with tokens.
    pub fn new(world: &mut World) -> Self {
        let mut named = |name: &str, count: u8| (0..count).map(|n| world.actor(&format!("{name} {n}"))).collect();
        let (owners, operators): (Vec<_>, Vec<_>) = (named("owner", 3), named("operator", 3));
        let (requesters, signers): (Vec<_>, Vec<_>) = (named("requester", 2), named("signer", 2));
        let delegators = named("delegator", 2);
        let (authorities, verifiers) = (named("authority", JUDGES), named("verifier", JUDGES));
        let mut admins: Vec<Actor> = vec![world.admin.clone()];
        admins.extend([world.actor("second admin"), world.actor("guardian")]);
        let (admin, whale) = (world.admin.pubkey(), world.actor("whale"));
        for mint in [world.stake_mint, world.payment_mint] {
            world.put_purse(&admin, mint, PURSE);
            world.put_purse(&whale.pubkey(), mint, WHALE);
        }
        Self {
            owners,
            operators,
            requesters,
            signers,
            delegators,
            dispatcher: world.actor("dispatcher"),
            authorities,
            verifiers,
            admins,
            stranger: world.actor("stranger"),
            whale,
            ids: 0,
            fees: BTreeMap::new(),
            epochs: Vec::new(),
            jumped: false,
        }
    }

    /// All of them.
    pub fn everyone(&self) -> Vec<&Actor> {
        let groups = [
            &self.owners,
            &self.operators,
            &self.requesters,
            &self.signers,
            &self.delegators,
            &self.authorities,
            &self.verifiers,
            &self.admins,
        ];
        groups.into_iter().flatten().chain([&self.dispatcher, &self.stranger, &self.whale]).collect()
    }

    /// Any of them.
    pub fn anyone(&self, dice: &mut Dice) -> Actor {
        (*dice.pick(&self.everyone())).clone()
    }

    /// Whose key that is.
    ///
    /// # Panics
    /// If it is nobody's here.
    pub fn of(&self, key: &Key) -> Actor {
        let mut everyone = self.everyone().into_iter();
        everyone.find(|actor| actor.key() == *key).expect("every key of a script is a player's").clone()
    }

    /// The one that may, mostly; anyone, now and then.
    pub fn mostly(&self, right: &Key, dice: &mut Dice) -> Actor {
        if dice.once_in(6) { self.anyone(dice) } else { self.of(right) }
    }

    /// The tree of a root that was proposed.
    pub fn leaves(&self, root: &Hash) -> Option<&Leaves> {
        self.epochs.iter().find(|(epoch, _)| epoch.root == *root).map(|(_, leaves)| leaves)
    }

    /// The address of any owner's provider.
    pub fn provider(&self, dice: &mut Dice) -> Pubkey {
        pda::provider(&dice.pick(&self.owners).pubkey())
    }
}
