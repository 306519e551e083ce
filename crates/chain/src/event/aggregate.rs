//! Which aggregates an event changes, and as which number of each.

use super::Event;
use mira_core::Key;
use solana_sdk::pubkey::Pubkey;

/// A kind of account whose events are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregateKind {
    /// `Config`.
    Network,
    /// `Provider`, and the positions in it.
    Provider,
    /// `Job`.
    Job,
    /// `Lease`.
    Lease,
    /// `FeeShard`.
    FeeShard,
    /// `RewardState`.
    Rewards,
    /// `Dispute`.
    Dispute,
}

/// One aggregate that an event changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aggregate {
    /// What it is.
    pub kind: AggregateKind,
    /// Its address.
    pub key: Key,
    /// The event's number within it, from 1 without a gap.
    pub seq: u64,
}

fn of(kind: AggregateKind, key: &Pubkey, seq: u64) -> Aggregate {
    Aggregate { kind, key: key.to_bytes(), seq }
}

impl Event {
    /// The aggregates that the event changes: at least one, each once.
    pub fn aggregates(&self) -> Vec<Aggregate> {
        use AggregateKind::{Dispute, FeeShard, Job, Lease, Network, Provider, Rewards};
        match self {
            Self::NetworkInitialized(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::ParamsUpdated(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::AdminProposed(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::AdminAccepted(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::GuardianSet(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::PauseSet(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::RewardAuthoritiesSet(e) => {
                vec![of(Network, &e.config, e.config_seq), of(Rewards, &e.rewards, e.rewards_seq)]
            }
            Self::VerifiersSet(e) => vec![of(Network, &e.config, e.config_seq)],
            Self::TreasuryWithdrawn(e) => vec![of(Rewards, &e.rewards, e.rewards_seq)],
            Self::FeeShardInitialized(e) => vec![of(FeeShard, &e.fee_shard, e.fee_shard_seq)],
            Self::ProviderRegistered(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::ProviderUpdated(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::StakeAdded(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::UnstakeRequested(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::UnstakeCancelled(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::StakeWithdrawn(e) => vec![of(Provider, &e.provider, e.provider_seq)],
            Self::JobCreated(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::JobFunded(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::JobExtended(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::JobUpdated(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::JobClosing(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::JobClosed(e) => vec![of(Job, &e.job, e.job_seq)],
            Self::LeaseOpened(e) => vec![
                of(Lease, &e.lease, e.lease_seq),
                of(Job, &e.job, e.job_seq),
                of(Provider, &e.provider, e.provider_seq),
            ],
            Self::LeaseSettled(e) => vec![
                of(Lease, &e.lease, e.lease_seq),
                of(Job, &e.job, e.job_seq),
                of(FeeShard, &e.fee_shard, e.fee_shard_seq),
            ],
            Self::LeaseClosed(e) => vec![of(Lease, &e.lease, e.lease_seq)],
            Self::LeaseReleased(e) => vec![of(Lease, &e.lease, e.lease_seq), of(Job, &e.job, e.job_seq)],
            Self::LeaseEnded(e) => vec![of(Lease, &e.lease, e.lease_seq), of(Provider, &e.provider, e.provider_seq)],
            Self::DisputeOpened(e) => vec![of(Dispute, &e.dispute, e.dispute_seq), of(Lease, &e.lease, e.lease_seq)],
            Self::DisputeAnswered(e) => vec![of(Dispute, &e.dispute, e.dispute_seq)],
            Self::DisputeVoted(e) => vec![of(Dispute, &e.dispute, e.dispute_seq)],
            Self::DisputeResolved(e) => vec![
                of(Dispute, &e.dispute, e.dispute_seq),
                of(Lease, &e.lease, e.lease_seq),
                of(Provider, &e.provider, e.provider_seq),
            ],
            Self::FeesSwept(e) => {
                vec![of(FeeShard, &e.fee_shard, e.fee_shard_seq), of(Rewards, &e.rewards, e.rewards_seq)]
            }
            Self::EpochApproved(e) => vec![of(Rewards, &e.rewards, e.rewards_seq)],
            Self::EpochCancelled(e) => vec![of(Rewards, &e.rewards, e.rewards_seq)],
            Self::EpochFinalized(e) => vec![of(Rewards, &e.rewards, e.rewards_seq)],
            Self::RewardClaimed(e) => {
                vec![of(Provider, &e.provider, e.provider_seq), of(Rewards, &e.rewards, e.rewards_seq)]
            }
            Self::DelegationRewardClaimed(e) => {
                vec![of(Provider, &e.provider, e.provider_seq), of(Rewards, &e.rewards, e.rewards_seq)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_changes_shard_and_rewards() {
        let event = Event::FeesSwept(mira::event::FeesSwept {
            schema: mira::event::SCHEMA,
            fee_shard: Pubkey::new_from_array([1; 32]),
            fee_shard_seq: 4,
            rewards: Pubkey::new_from_array([2; 32]),
            rewards_seq: 9,
            actor: Pubkey::new_from_array([3; 32]),
            amount: 10,
            fee_swept_before: 0,
            fee_swept_after: 10,
            rewards_swept_before: 5,
            rewards_swept_after: 15,
        });
        let aggregates = event.aggregates();
        assert_eq!(aggregates.len(), 2);
        assert_eq!(aggregates[0].kind, AggregateKind::FeeShard);
        assert_eq!((aggregates[1].key, aggregates[1].seq), ([2; 32], 9));
    }
}
