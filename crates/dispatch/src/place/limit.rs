//! The hard limits, one file each. A limit answers one question about one provider; every limit is
//! asked, so that a record names all that stood against a provider and not only the first.

mod declined;
mod deny_list;
mod escrow_left;
mod health;
mod owner_share;
mod price_cap;
mod region_rule;
mod resource_fit;
mod stake_at_risk;
mod stake_floor;

use borsh::{BorshDeserialize, BorshSerialize};

use crate::place::ask::{Ask, Seen};

/// A reason to reject a provider. The order is that of recorded counts and bits: only ever append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// Another class of machine, another unit, no slots, or no room for what one slot needs.
    ResourceFit,
    /// Dearer than the job pays.
    PriceCap,
    /// The job's escrow does not cover the least useful lease at its price.
    EscrowLeft,
    /// Less active stake than the job demands.
    StakeFloor,
    /// Its stake is exposed by other leases.
    StakeAtRisk,
    /// Suspended, probing, or not allowed to open leases.
    Health,
    /// The job denies it, its owner or its operator.
    DenyList,
    /// Outside the regions that the job allows.
    RegionRule,
    /// Its owner already holds its share of the job.
    OwnerShare,
    /// It left a proposal of this job lying.
    Declined,
}

impl Limit {
    /// All limits, in the order of counts and bits.
    pub const ALL: [Limit; 10] = [
        Limit::ResourceFit,
        Limit::PriceCap,
        Limit::EscrowLeft,
        Limit::StakeFloor,
        Limit::StakeAtRisk,
        Limit::Health,
        Limit::DenyList,
        Limit::RegionRule,
        Limit::OwnerShare,
        Limit::Declined,
    ];

    /// Its place in `ALL`.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its bit in a record.
    pub const fn bit(self) -> u16 {
        1 << self as u16
    }

    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Limit::ResourceFit => "resource_fit",
            Limit::PriceCap => "price_cap",
            Limit::EscrowLeft => "escrow_left",
            Limit::StakeFloor => "stake_floor",
            Limit::StakeAtRisk => "stake_at_risk",
            Limit::Health => "health",
            Limit::DenyList => "deny_list",
            Limit::RegionRule => "region_rule",
            Limit::OwnerShare => "owner_share",
            Limit::Declined => "declined",
        }
    }

    /// What a requester or a provider can do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Limit::ResourceFit => {
                "no such machine, unit kind, free slot or room: check the job's resource class, unit kind and needs"
            }
            Limit::PriceCap => "asks more than the job's maximum price: raise max_unit_price",
            Limit::EscrowLeft => "escrow does not cover the work at its price: fund the job",
            Limit::StakeFloor => "less stake than the job's min_provider_stake",
            Limit::StakeAtRisk => "its stake is exposed by other leases: it must stake more, or the cap be smaller",
            Limit::Health => "suspended or not active",
            Limit::DenyList => "denied by the job",
            Limit::RegionRule => "outside the job's regions",
            Limit::OwnerShare => "its owner already holds the job's max_share",
            Limit::Declined => "did not take this job's lease when it was offered",
        }
    }

    fn admits(self, ask: &Ask<'_>, seen: &Seen<'_>) -> bool {
        match self {
            Limit::ResourceFit => resource_fit::admits(ask, seen),
            Limit::PriceCap => price_cap::admits(ask, seen),
            Limit::EscrowLeft => escrow_left::admits(ask, seen),
            Limit::StakeFloor => stake_floor::admits(ask, seen),
            Limit::StakeAtRisk => stake_at_risk::admits(ask, seen),
            Limit::Health => health::admits(seen),
            Limit::DenyList => deny_list::admits(ask, seen),
            Limit::RegionRule => region_rule::admits(ask, seen),
            Limit::OwnerShare => owner_share::admits(ask, seen),
            Limit::Declined => declined::admits(ask, seen),
        }
    }
}

/// The limits that rejected one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RejectBits(u16);

impl RejectBits {
    /// Whether no limit rejected it.
    pub fn is_feasible(self) -> bool {
        self.0 == 0
    }

    /// Whether this limit rejected it.
    pub fn has(self, limit: Limit) -> bool {
        self.0 & limit.bit() != 0
    }

    /// The limits that rejected it, in order.
    pub fn limits(self) -> impl Iterator<Item = Limit> {
        Limit::ALL.into_iter().filter(move |limit| self.has(*limit))
    }

    /// The bits themselves.
    pub fn bits(self) -> u16 {
        self.0
    }
}

/// Asks every limit.
pub fn rejects(ask: &Ask<'_>, seen: &Seen<'_>) -> RejectBits {
    let rejected = Limit::ALL.into_iter().filter(|limit| !limit.admits(ask, seen));
    RejectBits(rejected.fold(0, |bits, limit| bits | limit.bit()))
}

#[cfg(test)]
pub(crate) mod tests;
