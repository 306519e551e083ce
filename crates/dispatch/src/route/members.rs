//! Who may be routed to: pools, their targets, and the providers behind those.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;

use crate::route::Router;
use crate::route::choose::weight_of;
use crate::route::draw;
use crate::route::pool::{Member, Pool, PoolId, TargetId};
use crate::route::region::RegionId;
use crate::route::server::Server;

/// A way to a provider: one of its leases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The provider account: load, speed and standing are counted by it, over all its leases.
    pub provider: Key,
    /// The lease account.
    pub lease: Key,
    /// Who owns it, numbered without gaps by the caller: a hedge goes to another owner.
    pub owner: u32,
    /// Where it is.
    pub region: RegionId,
    /// What the provider runs at the same time.
    pub capacity: u16,
    /// The lease's price per 1,000,000 units.
    pub unit_price: u64,
    /// Units that the lease's cap still pays for; `u64::MAX` for no limit.
    pub room_units: u64,
    /// How often the provider does what it was asked, of a million.
    pub reliability_ppm: u32,
    /// Whether it has the model loaded.
    pub warm: bool,
}

/// What changes of a target; the rest stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// See `Target::capacity`.
    pub capacity: Option<u16>,
    /// See `Target::unit_price`.
    pub unit_price: Option<u64>,
    /// See `Target::room_units`.
    pub room_units: Option<u64>,
    /// See `Target::reliability_ppm`.
    pub reliability_ppm: Option<u32>,
    /// See `Target::warm`.
    pub warm: Option<bool>,
}

/// Who a provider's number stands for, and what holds it.
#[derive(Clone, Debug, Default, BorshSerialize, BorshDeserialize)]
pub(super) struct Origin {
    provider: Key,
    targets: Vec<TargetId>,
}

/// A target's place in its pool.
#[derive(Clone, Copy, Debug, BorshSerialize, BorshDeserialize)]
pub(super) struct Entry {
    pub(super) pool: PoolId,
    pub(super) place: u32,
    pub(super) server: u32,
    /// Attempts that run under it.
    pub(super) legs: u32,
    pub(super) removed: bool,
}

impl Router {
    /// A pool for a job's leases.
    pub fn pool(&mut self, job: &Key) -> PoolId {
        let pool = Pool::new(*job, draw::seed(job, &self.epoch), &self.config);
        if let Some(free) = self.pools.iter().position(Option::is_none) {
            self.pools[free] = Some(pool);
            return PoolId(u32::try_from(free).unwrap_or(u32::MAX));
        }
        self.pools.push(Some(pool));
        PoolId(u32::try_from(self.pools.len() - 1).unwrap_or(u32::MAX))
    }

    /// Removes a pool and its targets. What runs there may still end.
    pub fn remove_pool(&mut self, pool: PoolId) {
        let Some(held) = self.pools.get(pool.0 as usize).and_then(Option::as_ref) else { return };
        let targets: Vec<TargetId> = held.members.iter().map(|member| member.target).collect();
        targets.into_iter().for_each(|target| self.remove(target));
        self.pools[pool.0 as usize] = None;
    }

    /// Adds a target to a pool. `None` if there is no such pool. The provider's region is that of its first
    /// target while it has any; its owner, capacity and reliability are those of its last.
    pub fn add(&mut self, pool: PoolId, target: Target) -> Option<TargetId> {
        self.pools.get(pool.0 as usize)?.as_ref()?;
        let server = self.server(&target);
        let entry = Entry { pool, place: 0, server, legs: 0, removed: false };
        let id = self.free_targets.pop().unwrap_or_else(|| {
            self.targets.push(entry);
            self.leases.push(target.lease);
            u32::try_from(self.targets.len() - 1).unwrap_or(u32::MAX)
        });
        self.targets[id as usize] = entry;
        self.leases[id as usize] = target.lease;
        let member = Member {
            price: target.unit_price,
            room: target.room_units,
            server,
            target: TargetId(id),
            available: true,
            warm: target.warm,
        };
        self.origins[server as usize].targets.push(TargetId(id));
        self.hold(pool, member);
        Some(TargetId(id))
    }

    /// Puts a member into a pool, among those of its provider's region and size.
    fn hold(&mut self, pool: PoolId, member: Member) {
        let Server { region, capacity, .. } = self.servers[member.server as usize];
        let targets = &mut self.targets;
        if let Some(pool) = self.pools.get_mut(pool.0 as usize).and_then(Option::as_mut) {
            pool.insert(region, capacity, member, |target, place| targets[target.0 as usize].place = place);
        }
    }

    /// Takes the member of a place out of a pool.
    fn take(&mut self, pool: PoolId, place: u32) -> Option<Member> {
        let targets = &mut self.targets;
        let pool = self.pools.get_mut(pool.0 as usize)?.as_mut()?;
        pool.remove(place, |target, place| targets[target.0 as usize].place = place)
    }

    /// Changes how much a provider runs at the same time: each of its targets moves to those of its size.
    fn resize(&mut self, server: u32, capacity: u16) {
        if std::mem::replace(&mut self.servers[server as usize].capacity, capacity) == capacity {
            return;
        }
        for target in self.origins[server as usize].targets.clone() {
            let Entry { pool, place, .. } = self.targets[target.0 as usize];
            if let Some(member) = self.take(pool, place) {
                self.hold(pool, member);
            }
        }
    }

    /// The number of a target's provider, which is now as the target says.
    fn server(&mut self, target: &Target) -> u32 {
        let id = self.server_ids.get(&target.provider).copied().unwrap_or_else(|| {
            let id = self.free_servers.pop().unwrap_or_else(|| {
                self.servers.push(Server::new(0, RegionId(0)));
                self.origins.push(Origin::default());
                u32::try_from(self.servers.len() - 1).unwrap_or(u32::MAX)
            });
            self.servers[id as usize] = Server::new(target.owner, target.region);
            self.origins[id as usize] = Origin { provider: target.provider, targets: Vec::new() };
            self.server_ids.insert(target.provider, id);
            id
        });
        self.resize(id, target.capacity);
        let server = &mut self.servers[id as usize];
        server.owner = target.owner;
        (server.reliability_ppm, server.weight) = (target.reliability_ppm, weight_of(target.reliability_ppm));
        id
    }

    /// Changes a target; capacity and reliability change for all targets of its provider.
    pub fn update(&mut self, target: TargetId, change: Change) {
        let Some(id) = self.entry(target).map(|entry| entry.server) else { return };
        if let Some(capacity) = change.capacity {
            self.resize(id, capacity);
        }
        if let Some(reliability_ppm) = change.reliability_ppm {
            let server = &mut self.servers[id as usize];
            (server.reliability_ppm, server.weight) = (reliability_ppm, weight_of(reliability_ppm));
        }
        let Some(member) = self.member_mut(target) else { return };
        member.price = change.unit_price.unwrap_or(member.price);
        member.room = change.room_units.unwrap_or(member.room);
        member.warm = change.warm.unwrap_or(member.warm);
    }

    /// Whether a target is sent anything.
    pub fn set_available(&mut self, target: TargetId, available: bool) {
        if let Some(member) = self.member_mut(target) {
            member.available = available;
        }
    }

    /// What else a provider runs: it takes slots from requests.
    pub fn set_busy(&mut self, provider: &Key, busy: u16) {
        if let Some(id) = self.server_ids.get(provider) {
            self.servers[*id as usize].busy = busy;
        }
    }

    /// Requests that a provider serves now; nothing if it has no target.
    pub fn routed(&self, provider: &Key) -> Option<u16> {
        let id = *self.server_ids.get(provider)? as usize;
        (!self.origins[id].targets.is_empty()).then(|| self.servers[id].routed)
    }

    /// Removes a target. What runs there may still end; a pool that is empty routes nothing.
    pub fn remove(&mut self, target: TargetId) {
        let Some(Entry { pool, place, server, .. }) = self.entry(target).copied() else { return };
        self.take(pool, place);
        self.targets[target.0 as usize].removed = true;
        self.origins[server as usize].targets.retain(|held| *held != target);
        self.release(target);
    }

    /// Lets go of a removed target, and of a provider without any, once nothing runs there.
    pub(super) fn release(&mut self, target: TargetId) {
        let entry = self.targets[target.0 as usize];
        if !entry.removed || entry.legs > 0 {
            return;
        }
        self.free_targets.push(target.0);
        let origin = &self.origins[entry.server as usize];
        if origin.targets.is_empty() && self.servers[entry.server as usize].routed == 0 {
            self.server_ids.remove(&origin.provider);
            self.free_servers.push(entry.server);
        }
    }

    /// The lease of a target.
    pub fn lease(&self, target: TargetId) -> Option<Key> {
        self.entry(target).and_then(|_| self.leases.get(target.0 as usize).copied())
    }

    /// The provider of a target.
    pub fn provider(&self, target: TargetId) -> Option<Key> {
        self.entry(target).map(|entry| self.origins[entry.server as usize].provider)
    }

    /// What a target's provider runs: routed requests and other work.
    pub fn load(&self, target: TargetId) -> Option<u16> {
        self.entry(target).map(|entry| self.servers[entry.server as usize].in_flight())
    }

    /// The targets of a pool.
    pub fn targets(&self, pool: PoolId) -> impl Iterator<Item = TargetId> + '_ {
        let pool = self.pools.get(pool.0 as usize).and_then(Option::as_ref);
        pool.into_iter().flat_map(|pool| pool.members.iter().map(|member| member.target))
    }

    fn entry(&self, target: TargetId) -> Option<&Entry> {
        self.targets.get(target.0 as usize).filter(|entry| !entry.removed)
    }

    pub(super) fn member(&self, target: TargetId) -> Option<(PoolId, u32)> {
        self.entry(target).map(|entry| (entry.pool, entry.place))
    }

    fn member_mut(&mut self, target: TargetId) -> Option<&mut Member> {
        let (pool, place) = self.member(target)?;
        self.pools.get_mut(pool.0 as usize)?.as_mut()?.members.get_mut(place as usize)
    }
}
