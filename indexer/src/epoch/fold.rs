//! From inputs to a report: a pure function.

use std::collections::BTreeMap;

use mira_core::amount::{Bps, Payment};
use mira_core::epoch::{Epoch, Epochs, Pending};
use mira_core::fee::share_floor;
use mira_core::hash::Sha2;
use mira_core::{Error, Hash, Key, merkle};

use super::encode;
use super::quality::{Observed, quality};
use crate::proportion::proportion_floor;
use crate::reconcile::eligible_fees;

/// Where, when, and what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The program's address.
    pub program: Key,
    /// The network's address: its configuration account.
    pub network: Key,
    /// The cluster's genesis hash.
    pub cluster: Key,
    /// The finalized slot up to which everything counts.
    pub slot: u64,
    /// That slot's time, unix seconds: usage reports count if they came until then.
    pub time: i64,
    /// The part of the fees that rewards may be.
    pub share: Bps,
    /// All fees that ever reached the reward vault.
    pub swept: Payment,
    /// The last final epoch; all zero before the first.
    pub previous: Epoch,
}

/// What one lease's books say, lifetime amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseInput {
    /// Who worked.
    pub provider: Key,
    /// What the chain settled, fees included.
    pub settled: Payment,
    /// Of that, the fees.
    pub fee_paid: Payment,
    /// What all three books agree on.
    pub matched: Payment,
    /// Of that, what is neither disputed nor failed an audit.
    pub eligible: Payment,
}

/// What is known of a provider besides its leases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProviderInput {
    /// Its fees that epochs have counted, lifetime.
    pub fees: Payment,
    /// Its reward so far, lifetime.
    pub reward: Payment,
    /// What others observed in this epoch.
    pub observed: Observed,
}

/// Everything that a report is a function of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// Where and when.
    pub header: Header,
    /// The leases that settled something.
    pub leases: BTreeMap<Key, LeaseInput>,
    /// The providers that an earlier epoch or an observation knows.
    pub providers: BTreeMap<Key, ProviderInput>,
}

/// One lease's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseLine {
    /// The lease.
    pub lease: Key,
    /// Its books: matched is at most settled, eligible at most matched, fees at most settled.
    pub input: LeaseInput,
    /// The fees that count.
    pub fees: Payment,
    /// The hash of this line.
    pub hash: Hash,
}

/// One provider's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderLine {
    /// The provider.
    pub provider: Key,
    /// What was before, and what was observed.
    pub input: ProviderInput,
    /// The fees of its leases that count, whether swept or not.
    pub earned: Payment,
    /// Its fees that epochs have counted, this one included.
    pub fees: Payment,
    /// The part of its reward that it gets.
    pub quality: Bps,
    /// Its reward of this epoch.
    pub reward: Payment,
    /// Its reward so far, this one included: the leaf's amount.
    pub lifetime: Payment,
    /// Its leaf, if there is anything to claim.
    pub leaf: Option<Hash>,
    /// The hash of this line.
    pub hash: Hash,
}

/// An epoch and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Where and when. What came before is as the providers' lines give it.
    pub header: Header,
    /// One line a lease, by key.
    pub leases: Vec<LeaseLine>,
    /// One line a provider, by key.
    pub providers: Vec<ProviderLine>,
    /// What authorities approve.
    pub epoch: Epoch,
    /// Of the epoch's fees, what its finalization sends to the treasury.
    pub to_treasury: Payment,
}

/// Amounts that no network can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} do not add up: {error}")]
pub struct FoldError {
    /// Which ones.
    pub what: &'static str,
    /// What the arithmetic said.
    pub error: Error,
}

impl Report {
    /// A provider's lifetime reward and the proof of it, if it has a leaf.
    pub fn claim(&self, provider: &Key) -> Option<(Payment, Vec<Hash>)> {
        let leaves: Vec<&ProviderLine> = self.providers.iter().filter(|line| line.leaf.is_some()).collect();
        let index = leaves.iter().position(|line| line.provider == *provider)?;
        let hashes: Vec<Hash> = leaves.iter().filter_map(|line| line.leaf).collect();
        Some((leaves.get(index)?.lifetime, merkle::proof::<Sha2>(&hashes, index)?))
    }
}

/// Folds an epoch's inputs. Inputs that contradict each other are put right, so that the line they stand
/// in differs from what was given.
///
/// # Errors
/// Amounts that do not fit into 64 bits when summed.
pub fn fold(inputs: &Inputs) -> Result<Report, FoldError> {
    let leases: Vec<LeaseLine> = inputs.leases.iter().map(|(key, input)| lease_line(*key, input)).collect();
    let header = before(&inputs.header, &inputs.providers).map_err(failed("the amounts before"))?;
    let earned = earned(&leases, &inputs.providers).map_err(failed("the leases' fees"))?;
    let providers = provider_lines(&header, &earned, &inputs.providers).map_err(failed("the providers' lines"))?;
    let epoch = epoch(&header, &leases, &providers).map_err(failed("the totals"))?;
    let to_treasury = withheld(&header, epoch).map_err(failed("the totals"))?;
    Ok(Report { header, leases, providers, epoch, to_treasury })
}

fn failed(what: &'static str) -> impl Fn(Error) -> FoldError {
    move |error| FoldError { what, error }
}

fn lease_line(lease: Key, input: &LeaseInput) -> LeaseLine {
    let matched = input.matched.min(input.settled);
    let (eligible, fee_paid) = (input.eligible.min(matched), input.fee_paid.min(input.settled));
    let input = LeaseInput { matched, eligible, fee_paid, ..*input };
    let fees = eligible_fees(fee_paid, eligible, input.settled);
    let line = LeaseLine { lease, input, fees, hash: Hash::default() };
    LeaseLine { hash: encode::lease(&line), ..line }
}

/// The header with what the providers' lines say came before.
fn before(header: &Header, providers: &BTreeMap<Key, ProviderInput>) -> Result<Header, Error> {
    let previous = Epoch {
        root: root(providers.iter().map(|(key, input)| (key, input.reward))),
        cumulative_fees: sum(providers.values().map(|input| input.fees))?,
        cumulative_total: sum(providers.values().map(|input| input.reward))?,
        ..header.previous
    };
    // The program finalized the epoch before, so its fees were swept.
    Ok(Header { previous, swept: header.swept.max(previous.cumulative_fees), ..*header })
}

/// What each provider that has a line has earned.
fn earned(leases: &[LeaseLine], known: &BTreeMap<Key, ProviderInput>) -> Result<BTreeMap<Key, Payment>, Error> {
    let mut earned: BTreeMap<Key, Payment> = known.keys().map(|key| (*key, Payment::ZERO)).collect();
    for line in leases {
        let so_far = earned.entry(line.input.provider).or_default();
        *so_far = so_far.checked_add(line.fees)?;
    }
    Ok(earned)
}

fn provider_lines(
    header: &Header,
    earned: &BTreeMap<Key, Payment>,
    known: &BTreeMap<Key, ProviderInput>,
) -> Result<Vec<ProviderLine>, Error> {
    let known = |key: &Key| known.get(key).copied().unwrap_or_default();
    let due = |key: &Key, earned: Payment| earned.checked_sub(known(key).fees).unwrap_or(Payment::ZERO);
    let all_due = sum(earned.iter().map(|(key, earned)| due(key, *earned)))?;
    let swept = header.swept.checked_sub(header.previous.cumulative_fees)?;
    let line = |(key, earned): (&Key, &Payment)| {
        let due = due(key, *earned);
        let fees = if all_due <= swept { due } else { proportion_floor(due, swept, all_due)? };
        provider_line((*key, known(key)), *earned, fees, header.share)
    };
    earned.iter().map(line).collect()
}

/// `fees`: those of this epoch.
fn provider_line(
    (provider, input): (Key, ProviderInput),
    earned: Payment,
    fees: Payment,
    share: Bps,
) -> Result<ProviderLine, Error> {
    let quality = quality(&input.observed);
    let reward = share_floor(share_floor(fees, share)?, quality)?;
    let (fees, lifetime) = (input.fees.checked_add(fees)?, input.reward.checked_add(reward)?);
    let leaf = (!lifetime.is_zero()).then(|| merkle::leaf::<Sha2>(&provider, lifetime));
    let hash = Hash::default();
    let line = ProviderLine { provider, input, earned, fees, quality, reward, lifetime, leaf, hash };
    Ok(ProviderLine { hash: encode::provider(&line), ..line })
}

fn epoch(header: &Header, leases: &[LeaseLine], providers: &[ProviderLine]) -> Result<Epoch, Error> {
    let epoch = Epoch {
        index: header.previous.index.checked_add(1).ok_or(Error::MathOverflow)?,
        root: root(providers.iter().map(|line| (&line.provider, line.lifetime))),
        cumulative_fees: sum(providers.iter().map(|line| line.fees))?,
        cumulative_total: sum(providers.iter().map(|line| line.lifetime))?,
        report_hash: Hash::default(),
    };
    Ok(Epoch { report_hash: encode::report(header, leases, providers, &epoch), ..epoch })
}

/// What the program will withhold, by its own rule, which is also the proof that it will not refuse.
fn withheld(header: &Header, epoch: Epoch) -> Result<Payment, Error> {
    let pending = Pending { epoch, share: header.share, final_from: 0, stale_from: 1 };
    let epochs = Epochs { last: header.previous, pending: Some(pending), ..Epochs::default() };
    Ok(epochs.finalize(header.swept, 0)?.to_treasury)
}

/// The root over those who have something to claim, by key.
fn root<'a>(rewards: impl Iterator<Item = (&'a Key, Payment)>) -> Hash {
    let rewards = rewards.filter(|(_, reward)| !reward.is_zero());
    let leaves: Vec<Hash> = rewards.map(|(key, reward)| merkle::leaf::<Sha2>(key, reward)).collect();
    merkle::root::<Sha2>(&leaves)
}

fn sum(mut amounts: impl Iterator<Item = Payment>) -> Result<Payment, Error> {
    amounts.try_fold(Payment::ZERO, Payment::checked_add)
}

#[cfg(test)]
pub(super) mod tests;
