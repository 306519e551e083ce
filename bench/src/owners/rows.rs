//! Rows as an indexer would leave them: the chain's side is fed directly.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::hash::{Sha2, Sha256};
use mira_core::label::Label;
use mira_core::params::{DisputeParams, Params, Profile, RewardParams};
use mira_core::reward::RewardIndex;
use mira_core::tier::{Tier, UnitKind};
use mira_store::Store;
use mira_store::model::{
    ChainSlot, Claim, JobRow, JobState, LeaseRow, NetworkRow, Ordinal, Projection, ProviderRow, ProviderStatus,
    SlotCommit, SlotState,
};

/// The least and the label of everything.
pub const CLASS: &str = "cpu";
pub const REGION: &str = "eu";
/// Leases of one job, each of another owner.
pub const LEASES: u16 = 3;
const STREAM: &str = "finalized";
const HOUR: i64 = 3_600;

/// A key that is a name's and a number's.
pub fn key(name: &str, number: usize) -> Key {
    Sha2::hashv(&[b"mira:owners:", name.as_bytes(), &number.to_le_bytes()])
}

fn ord(slot: u64, inner_ix: u16) -> Ordinal {
    Ordinal { slot, signature: [5; 64], ix: 0, inner_ix }
}

fn label(text: &str) -> [u8; 16] {
    Label::parse(text).map(|label| *label.bytes()).unwrap_or_default()
}

fn bps(value: u16) -> Bps {
    Bps::new(value).unwrap_or_default()
}

/// The chain, as far as a dispatcher reads of it.
pub struct Chain<'a> {
    store: &'a dyn Store,
    slot: u64,
    rows: Vec<Projection>,
    now: i64,
    dispatcher: Key,
    spec: Key,
}

impl<'a> Chain<'a> {
    /// A chain for jobs that name this dispatcher and this spec. `now` are unix seconds.
    pub fn new(store: &'a dyn Store, dispatcher: Key, spec: Key, now: i64) -> Self {
        Chain { store, slot: 10, rows: Vec::new(), now, dispatcher, spec }
    }

    fn ord(&self) -> Ordinal {
        ord(self.slot, u16::try_from(self.rows.len()).unwrap_or(u16::MAX))
    }

    /// The network.
    pub fn network(&mut self) {
        let row = NetworkRow {
            config: [1; 32],
            admin: [2; 32],
            pending_admin: None,
            guardian: [2; 32],
            stake_mint: [3; 32],
            payment_mint: [4; 32],
            cluster_id: [5; 32],
            profile: Profile::Local,
            paused: false,
            params: params(),
            verifier_set: 0,
            verifiers: Vec::new(),
            reward_authorities: Vec::new(),
            seq: 1,
            ord: self.ord(),
        };
        self.rows.push(row.into());
    }

    /// A provider with far more stake than it needs.
    pub fn provider(&mut self, number: usize, operator: Key) {
        let row = ProviderRow {
            provider: key("provider", number),
            owner: key("owner", number),
            operator,
            payout: [6; 32],
            status: ProviderStatus::Active,
            jailed_until: 0,
            total_stake: Stake::new(1 << 50),
            total_shares: Shares::new(1 << 50),
            unbonding_shares: Shares::new(0),
            own_shares: Shares::new(1 << 50),
            exposure: Stake::ZERO,
            commission: Bps::ZERO,
            next_commission: Bps::ZERO,
            next_commission_from: 0,
            reward_index: RewardIndex::ZERO,
            claimed: Payment::ZERO,
            open_leases: 0,
            resource_class: label(CLASS),
            region: label(REGION),
            metadata_hash: [0; 32],
            registered_at: self.now - HOUR,
            seq: 1,
            ord: self.ord(),
        };
        self.rows.push(row.into());
    }

    /// A job that nobody serves yet.
    pub fn job(&mut self, number: usize) -> JobRow {
        let row = JobRow {
            job: key("job", number),
            requester: key("requester", number % 4),
            job_id: u64::try_from(number).unwrap_or(u64::MAX),
            voucher_signer: [7; 32],
            dispatcher: Some(self.dispatcher),
            spec_hash: self.spec,
            tier: Tier::Batch,
            unit_kind: UnitKind::Fuel,
            max_unit_price: UnitPrice::new(1_000_000),
            funded: Payment::new(10_000),
            committed: Payment::ZERO,
            paid: Payment::ZERO,
            refunded: Payment::ZERO,
            foreign_amount: Payment::ZERO,
            min_provider_stake: Stake::new(10),
            max_share: bps(3_400),
            max_leases: LEASES,
            open_leases: 0,
            leases_total: 0,
            created_at: self.now - 10,
            deadline: self.now + 20 * HOUR,
            young_until: self.now,
            due_at: self.now + 21 * HOUR,
            closing_at: None,
            status: JobState::Open,
            seq: 1,
            ord: self.ord(),
        };
        self.rows.push(row.clone().into());
        row
    }

    /// A job after an event of its own.
    pub fn change(&mut self, row: &mut JobRow, change: impl FnOnce(&mut JobRow)) {
        change(row);
        row.seq += 1;
        row.ord = self.ord();
        self.rows.push(row.clone().into());
    }

    /// The lease that a proposal becomes.
    pub fn lease(&mut self, job: &JobRow, provider: Key, unit_price: UnitPrice, cap: Payment) {
        let nonce = job.leases_total;
        let expires_at = self.now + 10 * HOUR;
        let row = LeaseRow {
            lease: Sha2::hashv(&[b"lease", &job.job, &nonce.to_le_bytes()]),
            job: job.job,
            provider,
            nonce,
            requester: job.requester,
            voucher_signer: job.voucher_signer,
            operator: [8; 32],
            matcher: self.dispatcher,
            unit_price,
            fee: bps(100),
            cap,
            exposure: Stake::new(cap.get()),
            stake_per_million: StakePerMillion::new(1),
            settled: Payment::ZERO,
            fee_paid: Payment::ZERO,
            units: Units::ZERO,
            returned: Payment::ZERO,
            opened_at: self.now,
            expires_at,
            grace_secs: 60,
            dispute_window_secs: 30,
            settle_until: expires_at + 60,
            dispute_until: expires_at + 90,
            disputed: false,
            challenged: false,
            bond: Stake::ZERO,
            rent_payer: [8; 32],
            released: false,
            ended: false,
            seq: 1,
            ord: self.ord(),
        };
        self.rows.push(row.into());
    }

    /// Writes what happened since the last time as one slot.
    pub async fn commit(&mut self) -> anyhow::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let (slot, blockhash) = (self.slot, [9; 32]);
        let cursor = self.store.claim(STREAM).await?;
        let block = ChainSlot {
            slot,
            state: SlotState::Present,
            parent_slot: slot - 1,
            blockhash,
            parent_blockhash: blockhash,
            block_time: Some(self.now),
        };
        let commit = SlotCommit {
            claim: Claim { stream: STREAM.to_owned(), fence: cursor.fence, at: cursor.slot },
            slots: vec![block],
            events: Vec::new(),
            writes: newest(std::mem::take(&mut self.rows)),
            dead_letters: Vec::new(),
            slot,
            blockhash,
        };
        self.store.commit_slot(commit).await?;
        self.slot += 1;
        Ok(())
    }
}

/// The last version of each row.
fn newest(rows: Vec<Projection>) -> Vec<Projection> {
    let mut newest: Vec<Projection> = Vec::with_capacity(rows.len());
    for row in rows {
        newest.retain(|other| other.key() != row.key());
        newest.push(row);
    }
    newest
}

fn params() -> Params {
    Params {
        fee_bps: bps(100),
        min_stake: Stake::new(1_000),
        stake_per_million: StakePerMillion::new(1),
        unbonding_secs: 10_000,
        max_lease_secs: 36_000,
        max_job_secs: 80_000,
        grace_secs: 60,
        dispute_window_secs: 30,
        job_id_window_secs: 300,
        dispute: DisputeParams {
            bond_bps: bps(1_000),
            min_bond: Stake::new(10),
            respond_secs: 60,
            vote_secs: 60,
            jail_secs: 60,
            max_slash_bps: bps(5_000),
        },
        reward: RewardParams { share_bps: bps(8_000), epoch_secs: 600, challenge_secs: 60, stale_secs: 60 },
    }
}
