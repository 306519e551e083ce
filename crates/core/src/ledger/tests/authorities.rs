//! What honest reward authorities work out from public data, and what others propose instead.

use super::cast::share_of;
use crate::amount::Payment;
use crate::epoch::Epoch;
use crate::hash::{Sha2, Sha256};
use crate::ledger::{Action, Ledger};
use crate::testing::Dice;
use crate::{Hash, Key, merkle};
use std::collections::BTreeMap;
use std::vec::Vec;

/// An epoch and the leaves under its root.
#[derive(Clone, Default)]
pub struct Report {
    pub epoch: Epoch,
    /// Lifetime rewards by provider.
    pub leaves: BTreeMap<Key, u64>,
    /// The lifetime fees by provider that they are computed from.
    fees: BTreeMap<Key, u64>,
    /// The reward share that was in force when it was computed.
    share: u16,
}

impl Report {
    fn hashes(&self) -> Vec<Hash> {
        self.leaves.iter().map(|(provider, amount)| merkle::leaf::<Sha2>(provider, Payment::new(*amount))).collect()
    }

    /// Where the proof of this provider leads from a leaf with this amount.
    pub fn climb(&self, provider: &Key, amount: u64) -> Hash {
        let index = self.leaves.keys().position(|key| key == provider);
        let proof = index.and_then(|index| merkle::proof::<Sha2>(&self.hashes(), index)).unwrap_or_default();
        merkle::climb::<Sha2>(merkle::leaf::<Sha2>(provider, Payment::new(amount)), &proof)
    }
}

/// Follows the ledger, and keeps what was proposed.
#[derive(Default)]
pub struct Authorities {
    /// The fees that each provider's leases really paid.
    paid: BTreeMap<Key, u64>,
    proposed: BTreeMap<Hash, Report>,
    draft: Option<Report>,
    /// The final one.
    pub last: Report,
    /// The largest leaf that each provider ever had under a final root.
    pub largest: BTreeMap<Key, u64>,
    /// How many became final.
    pub finalized: u64,
    /// The reward share that was in force when the last majority came about.
    share: u16,
    /// `floor(fees × share)` of every final epoch, with the share at its majority: the most that its
    /// rewards may be.
    pub most: u128,
    /// The same with the share that it was computed with: what honest authorities grant.
    pub due: u128,
}

impl Authorities {
    /// Takes a step of the ledger in.
    pub fn observe(&mut self, before: &Ledger, after: &Ledger, action: &Action) {
        let fees = u64::try_from(after.flows.fees - before.flows.fees).unwrap();
        if let Action::Settle { lease, .. } | Action::SettleDirect { lease, .. } = action {
            *self.paid.entry(before.leases[lease].provider).or_default() += fees;
        } else {
            assert_eq!(fees, 0, "{action:?} took a fee");
        }
        let (was, is) = (&before.rewards.books.epochs, &after.rewards.books.epochs);
        if was.pending.is_none() && is.pending.is_some() {
            self.share = before.network.params.reward.share_bps.get();
        }
        if is.last.index > was.last.index {
            self.last = self.proposed[&is.last.digest::<Sha2>()].clone();
            self.finalized += 1;
            let fees = Payment::new(is.last.cumulative_fees.get() - was.last.cumulative_fees.get());
            self.most += u128::from(share_of(fees, self.share, 10_000));
            self.due += u128::from(share_of(fees, self.last.share, 10_000));
            for (provider, amount) in &self.last.leaves {
                let largest = self.largest.entry(*provider).or_default();
                *largest = (*largest).max(*amount);
            }
        }
    }

    /// The report that whoever reads the chain arrives at, each provider's work of some quality.
    pub fn honest(&mut self, ledger: &Ledger, quality: impl Fn(&Key) -> u16) -> Epoch {
        let share = ledger.network.params.reward.share_bps.get();
        let (mut leaves, mut total) = (self.last.leaves.clone(), self.last.epoch.cumulative_total.get());
        for (provider, paid) in &self.paid {
            let counted = self.last.fees.get(provider).copied().unwrap_or(0);
            let reward = share_of(Payment::new(paid - counted), share, quality(provider));
            *leaves.entry(*provider).or_default() += reward;
            total += reward;
        }
        let epoch = Epoch {
            index: ledger.rewards.books.epochs.last.index + 1,
            cumulative_fees: Payment::new(self.paid.values().sum()),
            cumulative_total: Payment::new(total),
            ..Epoch::default()
        };
        self.keep(Report { epoch, leaves, fees: self.paid.clone(), share })
    }

    /// What no honest authority proposes: too much, too early counted, falling, from the wrong epoch, or
    /// leaves that are more than their total.
    pub fn bogus(&mut self, ledger: &Ledger, dice: &mut Dice) -> Epoch {
        self.honest(ledger, |_| 10_000);
        let mut report = self.draft.clone().unwrap_or_default();
        let epoch = &mut report.epoch;
        let more = Payment::new(1 + dice.amount(20));
        let grown = |amount: Payment| amount.checked_add(more).unwrap_or(Payment::MAX);
        match dice.below(7) {
            0 => epoch.cumulative_total = grown(epoch.cumulative_fees),
            1 => epoch.cumulative_fees = grown(epoch.cumulative_fees),
            2 => epoch.cumulative_fees = dice.of(&[Payment::ZERO, Payment::MAX]),
            3 => epoch.cumulative_total = dice.of(&[Payment::ZERO, Payment::MAX]),
            4 => epoch.index = dice.of(&[0, epoch.index - 1, epoch.index + 1, u64::MAX]),
            _ => report.leaves.values_mut().for_each(|leaf| *leaf = leaf.saturating_mul(3).saturating_add(more.get())),
        }
        self.keep(report)
    }

    /// The last proposal, if it could be the next epoch.
    pub fn draft(&self, ledger: &Ledger) -> Option<Epoch> {
        let next = ledger.rewards.books.epochs.last.index + 1;
        self.draft.as_ref().map(|report| report.epoch).filter(|epoch| epoch.index == next)
    }

    fn keep(&mut self, mut report: Report) -> Epoch {
        report.epoch.root = merkle::root::<Sha2>(&report.hashes());
        report.epoch.report_hash = Sha2::hashv(&[b"report", &report.epoch.root]);
        self.proposed.insert(report.epoch.digest::<Sha2>(), report.clone());
        let epoch = report.epoch;
        self.draft = Some(report);
        epoch
    }
}
