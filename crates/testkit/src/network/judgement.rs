//! Every instruction that the story of work does not need: disputes, epochs and claims, governance.

use super::Network;
use mira_chain::account::{Config, RewardState};
use mira_chain::ix::{self, NetworkParams, ResolveAccounts, SettleAccounts, UpdateProviderArgs};
use mira_chain::pda;
use mira_core::amount::{Payment, Units};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Epoch;
use mira_core::hash::Sha2;
use mira_core::merkle;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;

impl Network {
    /// A lost dispute and an open one, an epoch and what is claimed of it, another government. Gives the lease
    /// that was paid and its units.
    pub async fn judgement(&self) -> (Pubkey, u64) {
        let admin = self.admin.pubkey();
        let keys = [admin];
        self.send(&[ix::set_verifiers(&admin, &keys), ix::set_reward_authorities(&admin, &keys)], &[&self.admin]).await;
        self.stake_again().await;
        let (lease, units) = self.lost_dispute().await;
        self.rewards(&lease).await;
        self.government().await;
        (lease, units)
    }

    /// The delegator's position was closed; the owner thinks better of leaving.
    async fn stake_again(&self) {
        let provider = self.provider();
        for (staker, amount) in [(&self.owner, 2_000_000), (&self.admin, 300_000)] {
            let from = self.account(staker, &self.stake_mint);
            self.send(&[ix::stake(&staker.pubkey(), &provider, &from, amount)], &[staker]).await;
        }
        let owner = self.owner.pubkey();
        let request = ix::request_unstake(&owner, &provider, 1_000);
        self.send(&[request, ix::cancel_unstake(&owner, &provider, 0)], &[&self.owner]).await;
    }

    async fn lost_dispute(&self) -> (Pubkey, u64) {
        let (requester, owner, provider) = (self.requester.pubkey(), self.owner.pubkey(), self.provider());
        let (job, units) = (self.job(2).await, 15_000);
        let later = ix::extend_job(&requester, &job, self.now().await + 120);
        let update = ix::update_job(&requester, &job, &self.owner.pubkey(), Some(&self.admin.pubkey()));
        self.send(&[later, update], &[&self.requester]).await;
        let lease = self.lease(job, 0, 200_000).await;
        let payout = self.account(&self.owner, &self.payment_mint);
        let accounts = SettleAccounts { submitter: requester, job, lease, provider, payout };
        let direct = ix::settle_direct(&accounts, Payment::new(units * 2), Units::new(units));
        let bond_to = self.account(&self.requester, &self.stake_mint);
        let challenge = |lease| ix::open_dispute(&requester, lease, &bond_to, DisputeKind::BadResult, [5; 32]);
        self.send(&[direct, challenge(&lease)], &[&self.requester]).await;
        self.send(&[ix::respond_dispute(&owner, &provider, &lease, Some([6; 32]))], &[&self.owner]).await;
        let vote = ix::vote_dispute(&self.admin.pubkey(), &provider, &lease, true);
        let resolve = ix::resolve_dispute(&ResolveAccounts {
            actor: requester,
            owner,
            lease,
            challenger: requester,
            bond_to,
            compensation_to: Some(bond_to),
            stake_mint: self.stake_mint.pubkey(),
        });
        self.send(&[vote], &[&self.admin]).await;
        self.send(&[resolve], &[&self.requester]).await;
        self.until(self.now().await + 2).await;
        let args = UpdateProviderArgs {
            operator: None,
            draining: Some(false),
            commission_bps: Some(900),
            resource_class: None,
            region: Some(*b"eu-north\0\0\0\0\0\0\0\0"),
            metadata_hash: Some([7; 32]),
        };
        let payout = self.account(&self.admin, &self.payment_mint);
        self.send(&[ix::update_provider(&owner, Some(&payout), args)], &[&self.owner]).await;
        // This one stays open.
        let other = self.lease(job, 1, 10_000).await;
        self.send(&[challenge(&other)], &[&self.requester]).await;
        (lease, units)
    }

    /// One epoch is cancelled, the next is final; the provider and its delegator claim.
    async fn rewards(&self, lease: &Pubkey) {
        let (admin, provider) = (self.admin.pubkey(), self.provider());
        self.send(&[ix::sweep_fees(&admin, pda::fee_shard_of(lease))], &[&self.admin]).await;
        let confirmed = CommitmentLevel::Confirmed;
        let state: RewardState = self.rpc.state(&pda::rewards(), confirmed).await.unwrap().unwrap();
        let total = Payment::new(state.swept / 2);
        let epoch = Epoch {
            index: 1,
            root: merkle::root::<Sha2>(&[merkle::leaf::<Sha2>(&provider.to_bytes(), total)]),
            cumulative_fees: Payment::new(state.swept),
            cumulative_total: total,
            report_hash: [8; 32],
        };
        let approve = ix::approve_epoch(&admin, &epoch);
        self.send(&[approve.clone(), ix::cancel_epoch(&admin)], &[&self.admin]).await;
        self.send(&[approve], &[&self.admin]).await;
        self.until(self.now().await + 1 + i64::from(self.params.reward.challenge_secs)).await;
        let account = self.account(&self.admin, &self.payment_mint);
        let claims = [
            ix::finalize_epoch(&admin),
            ix::claim_reward(&admin, &provider, &account, total, &[]),
            ix::claim_delegation_reward(&admin, &provider, &admin, &account),
            ix::withdraw_treasury(&admin, &account, 1),
        ];
        self.send(&claims, &[&self.admin]).await;
    }

    async fn government(&self) {
        let (admin, next, guardian) = (self.admin.pubkey(), self.owner.pubkey(), self.operator.pubkey());
        let other = NetworkParams { fee_bps: 200, ..NetworkParams::from(&self.params) };
        let orders =
            [ix::update_params(&admin, other), ix::set_guardian(&admin, &guardian), ix::propose_admin(&admin, &next)];
        self.send(&orders, &[&self.admin]).await;
        self.send(&[ix::set_pause(&guardian, true)], &[&self.operator]).await;
        self.send(&[ix::set_pause(&admin, false)], &[&self.admin]).await;
        self.send(&[ix::accept_admin(&next)], &[&self.owner]).await;
        let config: Config = self.rpc.state(&pda::config(), CommitmentLevel::Confirmed).await.unwrap().unwrap();
        assert_eq!((config.admin, config.paused), (next, false));
    }
}
