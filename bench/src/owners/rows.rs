//! Rows as an indexer would leave them: the chain's side is fed directly.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::hash::{Sha2, Sha256};
use mira_core::label::Label;
use mira_core::params::Params;
use mira_store::Store;
use mira_store::model::{JobRow, LeaseRow, NetworkRow, Ordinal, Projection, ProviderRow};
use mira_testkit::rows;

/// The least and the label of everything.
pub const CLASS: &str = "cpu";
pub const REGION: &str = "eu";
/// Leases of one job, each of another owner.
pub const LEASES: u16 = 3;
/// Shards of one job.
pub const SHARDS: u32 = 3;
const HOUR: i64 = 3_600;

/// A key that is a name's and a number's.
pub fn key(name: &str, number: usize) -> Key {
    Sha2::hashv(&[b"mira:owners:", name.as_bytes(), &number.to_le_bytes()])
}

fn label(text: &str) -> [u8; 16] {
    Label::parse(text).map(|label| *label.bytes()).unwrap_or_default()
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
        let inner_ix = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        Ordinal { slot: self.slot, signature: [5; 64], ix: 0, inner_ix }
    }

    /// The network. Its leases last for the whole run.
    pub fn network(&mut self) {
        let network = rows::network();
        let params = Params {
            stake_per_million: StakePerMillion::new(1),
            max_lease_secs: 36_000,
            max_job_secs: 80_000,
            ..network.params
        };
        self.rows.push(NetworkRow { params, ord: self.ord(), ..network }.into());
    }

    /// A provider with far more stake than it needs.
    pub fn provider(&mut self, number: usize, operator: Key) {
        let row = ProviderRow {
            provider: key("provider", number),
            owner: key("owner", number),
            operator,
            jailed_until: 0,
            total_stake: Stake::new(1 << 50),
            total_shares: Shares::new(1 << 50),
            unbonding_shares: Shares::ZERO,
            own_shares: Shares::new(1 << 50),
            exposure: Stake::ZERO,
            open_leases: 0,
            resource_class: label(CLASS),
            region: label(REGION),
            registered_at: self.now - HOUR,
            ord: self.ord(),
            ..rows::provider()
        };
        self.rows.push(row.into());
    }

    /// A job that nobody serves yet.
    pub fn job(&mut self, number: usize) -> JobRow {
        let row = JobRow {
            job: key("job", number),
            requester: key("requester", number % 4),
            job_id: u64::try_from(number).unwrap_or(u64::MAX),
            dispatcher: Some(self.dispatcher),
            spec_hash: self.spec,
            max_unit_price: UnitPrice::new(1_000_000),
            funded: Payment::new(10_000),
            min_provider_stake: Stake::new(10),
            max_share: Bps::new(3_400).unwrap_or_default(),
            max_leases: LEASES,
            created_at: self.now - 10,
            deadline: self.now + 20 * HOUR,
            young_until: self.now,
            due_at: self.now + 21 * HOUR,
            seq: 1,
            ord: self.ord(),
            ..rows::job()
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
            matcher: self.dispatcher,
            unit_price,
            cap,
            exposure: Stake::new(cap.get()),
            stake_per_million: StakePerMillion::new(1),
            settled: Payment::ZERO,
            fee_paid: Payment::ZERO,
            units: Units::ZERO,
            opened_at: self.now,
            expires_at,
            settle_until: expires_at + 60,
            dispute_until: expires_at + 90,
            seq: 1,
            ord: self.ord(),
            ..rows::lease()
        };
        self.rows.push(row.into());
    }

    /// Writes what happened since the last time as one slot.
    pub async fn commit(&mut self) {
        if !self.rows.is_empty() {
            rows::write(self.store, newest(std::mem::take(&mut self.rows)), Vec::new()).await;
            self.slot += 1;
        }
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
