//! What a node does on chain: reads its leases, opens them, settles, closes, releases and ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mira_chain::account::{self, AccountError, Config, Job, Lease, Provider};
use mira_chain::ix::{self, SettleAccounts};
use mira_chain::rpc::Rpc;
use mira_chain::send::{self, Budget, Confirmed, Prepared, SendError};
use mira_chain::{cluster, pda, voucher};
use mira_core::amount::{Payment, Units};
use mira_core::{Hash, Key};
use mira_wire::clock;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer as _;
use solana_sdk::transaction::VersionedTransaction;

use crate::error::NodeError;
use crate::journal::SignedVoucher;
use crate::policy::{Action, ChainView};

const COMMITMENT: CommitmentLevel = CommitmentLevel::Confirmed;

/// What all transactions of this node cost so far.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    pub transactions: AtomicU64,
    pub fees_lamports: AtomicU64,
}

/// The chain for one provider.
pub(crate) struct ChainLink {
    rpc: Rpc,
    operator: Arc<Keypair>,
    provider: Pubkey,
    pub cluster_id: Hash,
    pub spent: Spent,
}

impl ChainLink {
    /// Connects, and checks that cluster, network and provider are the right ones.
    pub async fn connect(rpc_url: &str, operator: Arc<Keypair>, provider: Pubkey) -> Result<Self, NodeError> {
        let rpc = Rpc::new(rpc_url);
        let config: Config = rpc.state(&pda::config(), COMMITMENT).await?.ok_or(NodeError::NoNetwork)?;
        cluster::check(&config, &rpc.genesis_hash().await?)?;
        let account: Provider = rpc.state(&provider, COMMITMENT).await?.ok_or(NodeError::NoProvider(provider))?;
        if account.operator != operator.pubkey() {
            return Err(NodeError::WrongOperator { provider, expected: account.operator, given: operator.pubkey() });
        }
        Ok(Self { rpc, operator, provider, cluster_id: config.cluster_id, spent: Spent::default() })
    }

    pub async fn job(&self, job: &Key) -> Result<Option<Job>, AccountError> {
        self.rpc.state(&Pubkey::new_from_array(*job), COMMITMENT).await
    }

    pub async fn lease(&self, lease: &Key) -> Result<Option<Lease>, AccountError> {
        self.rpc.state(&Pubkey::new_from_array(*lease), COMMITMENT).await
    }

    /// Sends a complete transaction: the opening of a lease.
    pub async fn submit(&self, transaction: VersionedTransaction) -> Result<Confirmed, SendError> {
        // The dispatcher chose the blockhash, and when it expires is only known of the newest one: that bounds it from above.
        let latest = self.rpc.latest_blockhash().await?;
        let prepared = Prepared { transaction, last_valid_block_height: latest.last_valid_block_height };
        self.noted(send::submit(&self.rpc, &prepared, COMMITMENT).await)
    }

    /// A lease on chain, with the chain's clock; `None` if there is no such account.
    pub async fn view(&self, lease_key: &Key) -> Result<Option<(Lease, ChainView)>, NodeError> {
        let key = Pubkey::new_from_array(*lease_key);
        let Some(lease) = self.rpc.state::<Lease>(&key, COMMITMENT).await? else { return Ok(None) };
        let now = self.rpc.clock(COMMITMENT).await?.unix_timestamp;
        let closing_at = match self.rpc.state::<Job>(&lease.job, COMMITMENT).await? {
            Some(job) => job.closing_at,
            None => 0,
        };
        let view = view(&lease, closing_at, now);
        Ok(Some((lease, view)))
    }

    /// Carries out one step for a lease.
    pub async fn act(
        &self,
        action: Action,
        lease_key: &Key,
        lease: &Lease,
        newest: Option<&SignedVoucher>,
    ) -> Result<(), NodeError> {
        let key = Pubkey::new_from_array(*lease_key);
        let me = self.operator.pubkey();
        let instructions: Vec<Instruction> = match action {
            Action::Settle => {
                let Some(newest) = newest else { return Ok(()) };
                self.settle_instructions(&key, lease, newest).await?.into()
            }
            Action::Close => vec![ix::close_lease(&me, &self.provider, &key)],
            Action::Release => vec![ix::release_lease(&me, &lease.job, &key)],
            Action::End => vec![ix::end_lease(&me, &self.provider, &key, &lease.rent_payer)],
        };
        let prepared = send::prepare(&self.rpc, &instructions, &[&self.operator], Budget::default()).await?;
        self.noted(send::submit(&self.rpc, &prepared, COMMITMENT).await)?;
        Ok(())
    }

    async fn settle_instructions(
        &self,
        key: &Pubkey,
        lease: &Lease,
        newest: &SignedVoucher,
    ) -> Result<[Instruction; 2], NodeError> {
        let provider: Provider =
            self.rpc.state(&self.provider, COMMITMENT).await?.ok_or(NodeError::NoProvider(self.provider))?;
        let accounts = SettleAccounts {
            submitter: self.operator.pubkey(),
            job: lease.job,
            lease: *key,
            provider: self.provider,
            payout: provider.payout,
        };
        let voucher = self.voucher(&key.to_bytes(), newest);
        Ok(ix::settle(&accounts, &lease.voucher_signer, &voucher, &newest.signature))
    }

    /// Whether a voucher is what its signer signed.
    pub fn verifies(&self, signer: &Key, lease: &Key, newest: &SignedVoucher) -> bool {
        let signer = Pubkey::new_from_array(*signer);
        voucher::verify(&signer, &self.voucher(lease, newest), &newest.signature)
    }

    fn voucher(&self, lease: &Key, newest: &SignedVoucher) -> mira_core::voucher::Voucher {
        voucher::voucher(
            self.cluster_id,
            &Pubkey::new_from_array(*lease),
            Payment::new(newest.cumulative_amount),
            Units::new(newest.cumulative_units),
        )
    }

    fn noted(&self, sent: Result<Confirmed, SendError>) -> Result<Confirmed, SendError> {
        if let Ok(confirmed) = &sent {
            self.spent.transactions.fetch_add(1, Ordering::Relaxed);
            self.spent.fees_lamports.fetch_add(confirmed.fee_lamports.unwrap_or(0), Ordering::Relaxed);
        }
        sent
    }
}

/// How long something takes, in milliseconds.
pub(crate) fn elapsed_ms(since: std::time::Instant) -> u64 {
    u64::try_from(clock::monotonic().duration_since(since).as_millis()).unwrap_or(u64::MAX)
}

fn view(lease: &account::Lease, closing_at: i64, now: i64) -> ChainView {
    let grace = i64::from(lease.grace_secs);
    // As `mira_core::lease::Lease::settle_until` has it: a job that began to close brings the end forward.
    let closing = closing_at != 0;
    let settle_until =
        if closing { lease.settle_until.min(closing_at.saturating_add(grace)) } else { lease.settle_until };
    let closed = lease.settle_until < lease.expires_at.saturating_add(grace);
    ChainView {
        now,
        settled: lease.settled,
        expires_at: lease.expires_at,
        settle_until,
        dispute_until: lease.dispute_until,
        ending: closing || closed || now >= lease.expires_at,
        released: lease.released,
        disputed: lease.disputed,
    }
}
