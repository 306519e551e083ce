//! Who could be a member of a gang: who has its lease already, and who could be given one.

use std::collections::{BTreeMap, BTreeSet};

use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::label::Label;

use crate::engine::Engine;
use crate::gang::book::{Book, Member};
use crate::gang::floor::member_lease;
use crate::gang::slots;
use crate::gang::terms::owner_limit;
use crate::gang::topology::{Cluster, Supply, tightest};
use crate::place::ask::Held;
use crate::place::limit::{Limit, rejects};
use crate::place::plan::{self, Size};
use crate::record::Shortage;
use crate::serve;
use crate::state::job::Job;

/// A provider that could be a member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) member: Member,
    region: Label,
    /// What the least lease with it would hold; nothing if it has one.
    least_cap: Payment,
    /// Whether a slot of it is not claimed yet.
    pub(crate) free: bool,
    /// Whether that slot could be had at once.
    pub(crate) ready: bool,
}

/// All candidates of a gang.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// Those with a lease of the job that is open and lasts.
    pub(crate) kept: Vec<Candidate>,
    /// Those that could be given one.
    pub(crate) others: Vec<Candidate>,
    /// What stands against the rest, in the terms of a placement.
    pub(crate) shortage: Shortage,
    /// What each member's lease should hold.
    pub(crate) size: Size,
    pub(crate) held: Held,
    pub(crate) owner_limit: u16,
    owner_cap: Payment,
}

/// Looks at every provider with an offer.
pub(crate) fn candidates(engine: &Engine, book: &Book, key: &Key, job: &Job, size: u16) -> Candidates {
    let held = engine.held(key);
    let owner_limit = owner_limit(size, job.terms.max_share.get());
    let has_lease = |provider: &Key| member_lease(engine, job, provider, true, engine.now_ms).is_some();
    let kept = engine.usable(job).map(|lease| lease.provider).filter(has_lease).collect::<BTreeSet<_>>().len();
    let missing = u32::from(size).saturating_sub(u32::try_from(kept).unwrap_or(u32::MAX));
    let lease_size = plan::member_size(job, engine.config.headroom_percent, size, owner_limit, missing);
    let (ask, view) = (plan::ask(job, lease_size, &held), engine.view());
    let mut all = Candidates {
        kept: Vec::new(),
        others: Vec::new(),
        shortage: Shortage { rejected: vec![0; Limit::ALL.len()], ..Shortage::default() },
        size: lease_size,
        held: Held::default(),
        owner_limit,
        owner_cap: job.owner_cap(),
    };
    let mut owners = BTreeSet::new();
    for seen in view.offers(&held) {
        let facts = &seen.provider.facts;
        let (claimed, _) = slots::gangs(book, &facts.provider);
        let requests = serve::taken(engine, seen.provider);
        let candidate = |least_cap| Candidate {
            member: Member { provider: facts.provider, owner: facts.owner },
            region: seen.offer.region,
            least_cap,
            free: claimed + requests < slots::capacity(seen.provider),
            ready: slots::has_slot(engine, book, &facts.provider, requests),
        };
        all.shortage.considered = all.shortage.considered.saturating_add(1);
        let bits = rejects(&ask, &seen);
        if has_lease(&facts.provider) {
            all.kept.push(candidate(Payment::ZERO));
        } else if bits.is_feasible() {
            all.others.push(candidate(seen.least_cap(&ask).unwrap_or(Payment::MAX)));
        } else {
            bits.limits().for_each(|limit| all.shortage.rejected[limit.index()] += 1);
            continue;
        }
        owners.insert(facts.owner);
    }
    all.shortage.owners_feasible = u32::try_from(owners.len()).unwrap_or(u32::MAX);
    all.shortage.owners_needed = job.owners_needed();
    all.shortage.leases_left = u32::try_from(job.leases_left()).unwrap_or(u32::MAX);
    all.held = held;
    all
}

impl Candidates {
    /// As many members as there are among these, up to `size`: those with a lease first, and of no
    /// owner more than it may have.
    pub(crate) fn members(&self, size: u16, leases_left: usize, which: impl Fn(&Candidate) -> bool) -> Vec<Member> {
        let mut owners: BTreeMap<Key, (usize, Payment)> = BTreeMap::new();
        let mut left = leases_left;
        let mut found = Vec::new();
        for candidate in self.kept.iter().chain(&self.others).filter(|candidate| which(candidate)) {
            let owner = candidate.member.owner;
            let (count, taken) = owners.entry(owner).or_insert_with(|| (0, self.held.of(&owner)));
            let new = !candidate.least_cap.is_zero();
            let sum = taken.get().saturating_add(candidate.least_cap.get());
            if *count >= usize::from(self.owner_limit) || (new && (left == 0 || sum > self.owner_cap.get())) {
                continue;
            }
            (*count, *taken) = (*count + 1, Payment::new(sum));
            left = left.saturating_sub(usize::from(new));
            found.push(candidate.member);
            if found.len() >= usize::from(size) {
                break;
            }
        }
        found
    }

    /// The members with a lease that a new try begins with.
    pub(crate) fn base(&self, size: u16, which: impl Fn(&Candidate) -> bool) -> Vec<Member> {
        self.members(size, 0, which)
    }

    /// Where the missing members should come from.
    pub(crate) fn cluster(
        &self,
        engine: &Engine,
        base: &[Member],
        missing: u32,
        which: impl Fn(&Candidate) -> bool,
    ) -> Option<Cluster> {
        let mut supply = Supply::new();
        for candidate in self.others.iter().filter(|candidate| which(candidate)) {
            *supply.entry(candidate.region).or_default().entry(candidate.member.owner).or_default() += 1;
        }
        let of = |owner: &Key| base.iter().filter(|member| member.owner == *owner).count();
        let allowed = |owner: &Key| u32::try_from(usize::from(self.owner_limit).saturating_sub(of(owner))).unwrap_or(0);
        let kept = self.kept.iter().filter(|kept| base.contains(&kept.member)).map(|kept| kept.region);
        tightest(&engine.config.seed, &supply, &kept.collect::<Vec<_>>(), missing, allowed)
    }

    /// Who may not get a lease of this plan: who is a member, whose owner has its part of the members,
    /// who is not among these.
    pub(crate) fn full(&self, members: &[Member], which: impl Fn(&Candidate) -> bool) -> BTreeSet<Key> {
        let out = self.kept.iter().chain(self.others.iter().filter(|candidate| !which(candidate)));
        let mut full: BTreeSet<Key> = out.map(|candidate| candidate.member.provider).collect();
        for member in members {
            full.insert(member.provider);
            let owned = members.iter().filter(|other| other.owner == member.owner).count();
            if owned >= usize::from(self.owner_limit) {
                full.insert(member.owner);
            }
        }
        full
    }
}
