//! The network and who governs it.

use mira_chain::event::body as e;
use mira_chain::event::{AggregateKind as Kind, Event};
use mira_chain::ix::NetworkParams;
use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::ledger::Ledger;

use super::super::Chain;
use super::{CONFIG, REWARDS, SCHEMA, pk, pks};

impl Chain {
    pub(in super::super) fn network_event(&mut self) -> Event {
        Event::NetworkInitialized(e::NetworkInitialized {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            admin: pk(self.ledger.network.admin),
            stake_mint: pk([13; 32]),
            payment_mint: pk([14; 32]),
            cluster_id: self.cluster,
            profile: self.ledger.network.profile.as_u8(),
            params: NetworkParams::from(&self.ledger.network.params),
            rewards: pk(REWARDS),
            rewards_last_at: self.ledger.rewards.books.epochs.last_at,
        })
    }

    pub(super) fn params_updated(&mut self, before: &Ledger, actor: Key) -> Event {
        Event::ParamsUpdated(e::ParamsUpdated {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            params_before: NetworkParams::from(&before.network.params),
            params_after: NetworkParams::from(&self.ledger.network.params),
        })
    }

    pub(super) fn admin_proposed(&mut self, before: &Ledger, actor: Key) -> Event {
        Event::AdminProposed(e::AdminProposed {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            pending_before: before.network.pending_admin.map(pk),
            pending_after: self.ledger.network.pending_admin.map(pk),
        })
    }

    pub(super) fn admin_accepted(&mut self, before: &Ledger, actor: Key) -> Event {
        Event::AdminAccepted(e::AdminAccepted {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            admin_before: pk(before.network.admin),
        })
    }

    pub(super) fn guardian_set(&mut self, before: &Ledger, actor: Key) -> Event {
        Event::GuardianSet(e::GuardianSet {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            guardian_before: pk(before.network.guardian),
            guardian_after: pk(self.ledger.network.guardian),
        })
    }

    pub(super) fn pause_set(&mut self, actor: Key, paused: bool) -> Event {
        Event::PauseSet(e::PauseSet {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            paused,
        })
    }

    pub(super) fn authorities_set(&mut self, before: &Ledger, actor: Key, keys: &[Key]) -> Event {
        Event::RewardAuthoritiesSet(e::RewardAuthoritiesSet {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            authorities: pks(keys),
            dropped_epoch: before.rewards.books.epochs.pending.map(|pending| pending.epoch.index),
        })
    }

    pub(super) fn verifiers_set(&mut self, actor: Key, keys: &[Key]) -> Event {
        Event::VerifiersSet(e::VerifiersSet {
            schema: SCHEMA,
            config: pk(CONFIG),
            config_seq: self.next(Kind::Network, CONFIG),
            actor: pk(actor),
            verifier_set: self.ledger.network.verifier_set,
            verifiers: pks(keys),
        })
    }

    pub(super) fn treasury_withdrawn(&mut self, before: &Ledger, actor: Key, amount: Payment) -> Event {
        Event::TreasuryWithdrawn(e::TreasuryWithdrawn {
            schema: SCHEMA,
            rewards: pk(REWARDS),
            rewards_seq: self.next(Kind::Rewards, REWARDS),
            actor: pk(actor),
            destination: pk([18; 32]),
            amount: amount.get(),
            withdrawn_before: before.rewards.books.withdrawn.get(),
            withdrawn_after: self.ledger.rewards.books.withdrawn.get(),
        })
    }
}
