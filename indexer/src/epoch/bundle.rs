//! The document: a report as JSON. Numbers of 64 bits are strings, keys base58, hashes hex; each lease and
//! each provider has a line of the file to itself.

mod text;

use std::collections::BTreeMap;

use mira_core::Key;
use mira_core::amount::{Bps, Payment};
use mira_core::epoch::Epoch;
use serde::{Deserialize, Serialize};

use super::fold::{Header, Inputs, LeaseInput, LeaseLine, ProviderInput, ProviderLine, Report};
use super::quality::{Observed, Rate};
pub use text::{Base58, Hex, I64, U64};

/// The version of the rules, the encoding and the document.
pub const VERSION: u32 = 1;

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`VERSION`].
    pub version: u32,
    /// The epoch, and where and when it was folded.
    pub epoch: EpochDoc,
    /// The leases that settled something, by key.
    pub leases: Vec<LeaseDoc>,
    /// The providers, by key.
    pub providers: Vec<ProviderDoc>,
}

/// [`Header`] and [`Epoch`].
#[allow(missing_docs)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochDoc {
    pub program: Base58,
    pub network: Base58,
    pub cluster: Base58,
    pub index: U64,
    pub slot: U64,
    pub time: I64,
    pub reward_share_bps: u16,
    pub swept: U64,
    pub previous_root: Hex,
    pub previous_fees: U64,
    pub previous_total: U64,
    pub previous_report_hash: Hex,
    pub root: Hex,
    pub cumulative_fees: U64,
    pub cumulative_total: U64,
    pub to_treasury: U64,
    pub report_hash: Hex,
}

/// [`LeaseLine`].
#[allow(missing_docs)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseDoc {
    pub lease: Base58,
    pub provider: Base58,
    pub settled: U64,
    pub fee_paid: U64,
    pub matched: U64,
    pub eligible: U64,
    pub fees: U64,
    pub hash: Hex,
}

/// [`ProviderLine`].
#[allow(missing_docs)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderDoc {
    pub provider: Base58,
    pub fees_before: U64,
    pub reward_before: U64,
    pub audits: Option<RateDoc>,
    pub deadlines: Option<RateDoc>,
    pub latency: Option<RateDoc>,
    pub availability: Option<RateDoc>,
    pub earned: U64,
    pub fees: U64,
    pub quality_bps: u16,
    pub reward: U64,
    pub lifetime: U64,
    pub leaf: Option<Hex>,
    pub hash: Hex,
}

/// [`Rate`].
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateDoc {
    pub good: U64,
    pub of: U64,
}

/// Why a document is not a bundle. What it says may still be wrong: see [`super::alone`].
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not this kind of JSON.
    #[error("not an epoch's bundle: {0}")]
    Json(#[from] serde_json::Error),
    /// From another version.
    #[error("a bundle of version {0}, and this mira knows {VERSION}: use the mira that made it")]
    Version(u32),
    /// A share above the whole.
    #[error("reward_share_bps is {0}, more than 10000")]
    Share(u16),
    /// The epochs begin with 1.
    #[error("the epoch's index is 0, and the first is 1")]
    Index,
    /// A line in the wrong place.
    #[error("{0} stands twice or not in the order of the keys")]
    Order(String),
}

impl Bundle {
    /// Reads a document. Its own arithmetic is not looked at.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, BundleError> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_slice(bytes)?;
        if version != VERSION {
            return Err(BundleError::Version(version));
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The document's text, always the same for the same report.
    ///
    /// # Errors
    /// None that this document can have.
    pub fn to_json(&self) -> Result<String, BundleError> {
        let leases = lines(&self.leases)?;
        let (epoch, providers) = (serde_json::to_string(&self.epoch)?, lines(&self.providers)?);
        let version = self.version;
        Ok(format!(
            "{{\"version\":{version},\n\"epoch\":{epoch},\n\"leases\":[{leases}],\n\"providers\":[{providers}]}}\n"
        ))
    }

    /// What the document says went in.
    ///
    /// # Errors
    /// A line twice or out of order, an index or a share that cannot be.
    pub fn inputs(&self) -> Result<Inputs, BundleError> {
        let leases = self.leases.iter().map(|doc| (doc.lease, doc.input()));
        let providers = self.providers.iter().map(|doc| (doc.provider, doc.input()));
        Ok(Inputs {
            header: self.epoch.header()?,
            leases: ordered("lease", leases)?,
            providers: ordered("provider", providers)?,
        })
    }

    /// What authorities approve, as the document says.
    pub fn epoch(&self) -> Epoch {
        let doc = &self.epoch;
        Epoch {
            index: doc.index.0,
            root: doc.root.0,
            cumulative_fees: Payment::new(doc.cumulative_fees.0),
            cumulative_total: Payment::new(doc.cumulative_total.0),
            report_hash: doc.report_hash.0,
        }
    }

    /// What the next epoch has to know of this one, as the document says.
    pub fn carried(&self) -> BTreeMap<Key, ProviderInput> {
        let carried = |doc: &ProviderDoc| ProviderInput {
            fees: Payment::new(doc.fees.0),
            reward: Payment::new(doc.lifetime.0),
            observed: Observed::default(),
        };
        self.providers.iter().map(|doc| (doc.provider.0, carried(doc))).collect()
    }
}

fn lines<T: Serialize>(docs: &[T]) -> Result<String, serde_json::Error> {
    let lines: Vec<String> = docs.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    Ok(if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) })
}

fn ordered<T>(what: &str, lines: impl Iterator<Item = (Base58, T)>) -> Result<BTreeMap<Key, T>, BundleError> {
    let mut ordered = BTreeMap::new();
    for (key, line) in lines {
        if ordered.last_key_value().is_some_and(|(last, _)| *last >= key.0) {
            return Err(BundleError::Order(format!("{what} {key}")));
        }
        ordered.insert(key.0, line);
    }
    Ok(ordered)
}

impl EpochDoc {
    fn header(&self) -> Result<Header, BundleError> {
        let before = self.index.0.checked_sub(1).ok_or(BundleError::Index)?;
        Ok(Header {
            program: self.program.0,
            network: self.network.0,
            cluster: self.cluster.0,
            slot: self.slot.0,
            time: self.time.0,
            share: Bps::new(self.reward_share_bps).ok_or(BundleError::Share(self.reward_share_bps))?,
            swept: Payment::new(self.swept.0),
            previous: Epoch {
                index: before,
                root: self.previous_root.0,
                cumulative_fees: Payment::new(self.previous_fees.0),
                cumulative_total: Payment::new(self.previous_total.0),
                report_hash: self.previous_report_hash.0,
            },
        })
    }
}

impl LeaseDoc {
    fn input(&self) -> LeaseInput {
        LeaseInput {
            provider: self.provider.0,
            settled: Payment::new(self.settled.0),
            fee_paid: Payment::new(self.fee_paid.0),
            matched: Payment::new(self.matched.0),
            eligible: Payment::new(self.eligible.0),
        }
    }
}

impl ProviderDoc {
    fn input(&self) -> ProviderInput {
        let rate = |doc: Option<RateDoc>| doc.map(|doc| Rate { good: doc.good.0, of: doc.of.0 });
        let observed = Observed {
            audits: rate(self.audits),
            deadlines: rate(self.deadlines),
            latency: rate(self.latency),
            availability: rate(self.availability),
        };
        let (fees, reward) = (Payment::new(self.fees_before.0), Payment::new(self.reward_before.0));
        ProviderInput { fees, reward, observed }
    }
}

impl From<&Report> for Bundle {
    fn from(report: &Report) -> Self {
        Self {
            version: VERSION,
            epoch: EpochDoc::from(report),
            leases: report.leases.iter().map(LeaseDoc::from).collect(),
            providers: report.providers.iter().map(ProviderDoc::from).collect(),
        }
    }
}

impl From<&Report> for EpochDoc {
    fn from(report: &Report) -> Self {
        let (header, epoch) = (&report.header, &report.epoch);
        Self {
            program: Base58(header.program),
            network: Base58(header.network),
            cluster: Base58(header.cluster),
            index: U64(epoch.index),
            slot: U64(header.slot),
            time: I64(header.time),
            reward_share_bps: header.share.get(),
            swept: money(header.swept),
            previous_root: Hex(header.previous.root),
            previous_fees: money(header.previous.cumulative_fees),
            previous_total: money(header.previous.cumulative_total),
            previous_report_hash: Hex(header.previous.report_hash),
            root: Hex(epoch.root),
            cumulative_fees: money(epoch.cumulative_fees),
            cumulative_total: money(epoch.cumulative_total),
            to_treasury: money(report.to_treasury),
            report_hash: Hex(epoch.report_hash),
        }
    }
}

impl From<&LeaseLine> for LeaseDoc {
    fn from(line: &LeaseLine) -> Self {
        Self {
            lease: Base58(line.lease),
            provider: Base58(line.input.provider),
            settled: money(line.input.settled),
            fee_paid: money(line.input.fee_paid),
            matched: money(line.input.matched),
            eligible: money(line.input.eligible),
            fees: money(line.fees),
            hash: Hex(line.hash),
        }
    }
}

impl From<&ProviderLine> for ProviderDoc {
    fn from(line: &ProviderLine) -> Self {
        let rate = |rate: Option<Rate>| rate.map(|rate| RateDoc { good: U64(rate.good), of: U64(rate.of) });
        let observed = &line.input.observed;
        Self {
            provider: Base58(line.provider),
            fees_before: money(line.input.fees),
            reward_before: money(line.input.reward),
            audits: rate(observed.audits),
            deadlines: rate(observed.deadlines),
            latency: rate(observed.latency),
            availability: rate(observed.availability),
            earned: money(line.earned),
            fees: money(line.fees),
            quality_bps: line.quality.get(),
            reward: money(line.reward),
            lifetime: money(line.lifetime),
            leaf: line.leaf.map(Hex),
            hash: Hex(line.hash),
        }
    }
}

fn money(amount: Payment) -> U64 {
    U64(amount.get())
}

#[cfg(test)]
mod tests;
