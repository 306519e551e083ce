//! What a report hashes. All numbers are little-endian and of fixed width, all strings of bytes have
//! their own length, so that no two reports have one encoding.
//!
//! | hash | over |
//! | --- | --- |
//! | of a lease's line | [`LEASE_TAG`], lease, provider, settled, fee_paid, matched, eligible, fees |
//! | of a provider's line | [`PROVIDER_TAG`], provider, fees_before, reward_before, the four rates, earned, fees, quality as u16, reward, lifetime |
//! | of a rate | inside the line: a byte, 1 if there is one, then good and of, 0 without |
//! | of the report | [`REPORT_TAG`], program, network, cluster, index, slot, time as i64, share as u16, swept, the previous root, fees, total and report hash, the number of leases, their hashes, the number of providers, their hashes, root, cumulative fees, cumulative total |

use mira_core::amount::Payment;
use mira_core::epoch::Epoch;
use mira_core::hash::{Sha2, Sha256 as _};
use mira_core::{Hash, Key};

use super::fold::{Header, LeaseLine, ProviderLine};
use super::quality::{Observed, Rate};

/// Starts what a lease's line hashes.
const LEASE_TAG: &[u8] = b"mira:epoch-lease:v1:";
/// Starts what a provider's line hashes.
const PROVIDER_TAG: &[u8] = b"mira:epoch-provider:v1:";
/// Starts what a report hashes.
const REPORT_TAG: &[u8] = b"mira:epoch-report:v1:";

/// Bytes to hash.
struct Bytes(Vec<u8>);

impl Bytes {
    fn new(tag: &[u8]) -> Self {
        Self(tag.to_vec())
    }

    fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn key(self, key: &Key) -> Self {
        self.raw(key)
    }

    fn u64(self, value: u64) -> Self {
        self.raw(&value.to_le_bytes())
    }

    fn amount(self, amount: Payment) -> Self {
        self.u64(amount.get())
    }

    fn rate(self, rate: Option<Rate>) -> Self {
        let Rate { good, of } = rate.unwrap_or(Rate { good: 0, of: 0 });
        self.raw(&[u8::from(rate.is_some())]).u64(good).u64(of)
    }

    fn hashes(self, hashes: impl ExactSizeIterator<Item = Hash>) -> Self {
        let bytes = self.u64(u64::try_from(hashes.len()).unwrap_or(u64::MAX));
        hashes.fold(bytes, |bytes, hash| bytes.raw(&hash))
    }

    fn hash(self) -> Hash {
        Sha2::hashv(&[&self.0])
    }
}

/// The hash of a lease's line, whatever its own says.
pub(super) fn lease(line: &LeaseLine) -> Hash {
    let input = &line.input;
    let bytes = Bytes::new(LEASE_TAG).key(&line.lease).key(&input.provider).amount(input.settled);
    bytes.amount(input.fee_paid).amount(input.matched).amount(input.eligible).amount(line.fees).hash()
}

/// The hash of a provider's line, whatever its own says.
pub(super) fn provider(line: &ProviderLine) -> Hash {
    let input = &line.input;
    let Observed { audits, deadlines, latency, availability } = input.observed;
    let bytes = Bytes::new(PROVIDER_TAG).key(&line.provider).amount(input.fees).amount(input.reward);
    let bytes = bytes.rate(audits).rate(deadlines).rate(latency).rate(availability);
    let bytes = bytes.amount(line.earned).amount(line.fees).raw(&line.quality.get().to_le_bytes());
    bytes.amount(line.reward).amount(line.lifetime).hash()
}

/// The hash of a report whose lines have theirs; that of `epoch` itself is not looked at.
pub(super) fn report(header: &Header, leases: &[LeaseLine], providers: &[ProviderLine], epoch: &Epoch) -> Hash {
    let bytes = Bytes::new(REPORT_TAG).key(&header.program).key(&header.network).key(&header.cluster);
    let bytes = bytes.u64(epoch.index).u64(header.slot).raw(&header.time.to_le_bytes());
    let bytes = bytes.raw(&header.share.get().to_le_bytes()).amount(header.swept);
    let before = &header.previous;
    let bytes = bytes.raw(&before.root).amount(before.cumulative_fees).amount(before.cumulative_total);
    let bytes = bytes.raw(&before.report_hash);
    let bytes = bytes.hashes(leases.iter().map(|line| line.hash)).hashes(providers.iter().map(|line| line.hash));
    bytes.raw(&epoch.root).amount(epoch.cumulative_fees).amount(epoch.cumulative_total).hash()
}
