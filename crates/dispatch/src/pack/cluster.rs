//! Machines and what runs on them: place, release, and what a placement would cost.
//!
//! For each class of tasks that was asked for, the step of every machine is kept in order. A machine that changed is
//! only marked; its step is computed again when a task of that class is next placed, so that a placement costs a few
//! machines and not all of them.

use std::collections::BTreeMap;

use crate::pack::free::Free;
use crate::pack::policy::{Policy, Rule};
use crate::pack::tree::{NONE, Tree};
use crate::pack::workload::Workload;
use crate::service::{Machine, Needs};

/// The most classes whose order is kept. A task of a further class looks at every machine.
const LANES: usize = 1_024;
const WORD: usize = 64;

/// Machines and what runs on them.
#[derive(Clone, Debug)]
pub struct Cluster {
    machines: Vec<Machine>,
    free: Vec<Free>,
    /// The measure of each machine as it is.
    amounts: Vec<i64>,
    rule: Rule,
    lane_of: BTreeMap<Needs, usize>,
    lanes: Vec<Lane>,
}

/// The machines in the order of one class of tasks.
#[derive(Clone, Debug)]
struct Lane {
    steps: Tree,
    /// Machines whose step is out of date, a bit each.
    stale: Vec<u64>,
}

/// Where a task runs. What to give back when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The machine: its place in what the cluster was made of.
    pub node: usize,
    /// Its GPUs that the task has, or has a part of.
    pub gpus: Vec<u16>,
    /// What it has.
    pub needs: Needs,
}

impl Cluster {
    /// Idle machines. Among equals the first is filled first.
    pub fn new(machines: Vec<Machine>, workload: &Workload, policy: Policy) -> Self {
        let mut models: Vec<_> = machines.iter().map(|machine| machine.model).collect();
        models.sort_unstable();
        models.dedup();
        let rule = Rule::new(policy, workload, &models);
        let free: Vec<_> = machines.iter().map(Free::of).collect();
        let amounts = free.iter().map(|free| rule.amount(free)).collect();
        Cluster { machines, free, amounts, rule, lane_of: BTreeMap::new(), lanes: Vec::new() }
    }

    /// What each machine has left.
    pub fn free(&self) -> &[Free] {
        &self.free
    }

    /// Places a task where the measure rises least; nothing if no machine has room.
    pub fn place(&mut self, needs: &Needs) -> Option<Placed> {
        let node = match self.lane(needs) {
            Some(lane) => self.best(lane, needs),
            None => self.scan(needs),
        }?;
        self.place_on(node, needs)
    }

    /// Places a task on one machine, where on it the measure rises least; nothing if it has no room.
    pub fn place_on(&mut self, node: usize, needs: &Needs) -> Option<Placed> {
        let free = self.free.get_mut(node)?;
        let fit = self.rule.fit(free, self.amounts[node], needs)?;
        let gpus = fit.gpu.map_or_else(|| free.first_gpus(needs), |gpu| vec![gpu]);
        free.take(needs, &gpus);
        self.changed(node);
        Some(Placed { node, gpus, needs: needs.clone() })
    }

    /// Gives back what a task had.
    pub fn release(&mut self, placed: &Placed) {
        if let (Some(free), Some(machine)) = (self.free.get_mut(placed.node), self.machines.get(placed.node)) {
            free.give(&placed.needs, &placed.gpus, machine);
            self.changed(placed.node);
        }
    }

    /// How much the measure rises if a task goes to this machine; nothing if it does not fit. Looking ahead, in
    /// millionths of a GPU; for the published measure, in thousandths times the typical tasks counted.
    pub fn delta(&self, node: usize, needs: &Needs) -> Option<i64> {
        let fit = self.rule.fit(self.free.get(node)?, self.amounts[node], needs)?;
        Some(fit.rise)
    }

    fn changed(&mut self, node: usize) {
        self.amounts[node] = self.rule.amount(&self.free[node]);
        for lane in &mut self.lanes {
            lane.stale[node / WORD] |= 1 << (node % WORD);
        }
    }

    /// The lane of a class, made when it is first asked for.
    fn lane(&mut self, needs: &Needs) -> Option<usize> {
        if let Some(lane) = self.lane_of.get(needs) {
            return Some(*lane);
        }
        if self.lanes.len() >= LANES {
            return None;
        }
        let mut stale = vec![0; self.free.len().div_ceil(WORD)];
        (0..self.free.len()).for_each(|node| stale[node / WORD] |= 1 << (node % WORD));
        self.lanes.push(Lane { steps: Tree::new(self.free.len()), stale });
        self.lane_of.insert(needs.clone(), self.lanes.len() - 1);
        Some(self.lanes.len() - 1)
    }

    fn best(&mut self, lane: usize, needs: &Needs) -> Option<usize> {
        let lane = &mut self.lanes[lane];
        for (index, word) in lane.stale.iter_mut().enumerate() {
            while *word != 0 {
                let node = index * WORD + word.trailing_zeros() as usize;
                *word &= *word - 1;
                let fit = self.rule.fit(&self.free[node], self.amounts[node], needs);
                lane.steps.set(node, fit.map_or(NONE, |fit| fit.step));
            }
        }
        lane.steps.best()
    }

    /// The same, without an order: every machine in turn.
    fn scan(&self, needs: &Needs) -> Option<usize> {
        let mut best = None;
        for (node, free) in self.free.iter().enumerate() {
            let step = self.rule.fit(free, self.amounts[node], needs).map(|fit| fit.step);
            if step.is_some_and(|step| best.is_none_or(|(_, best)| step > best)) {
                best = step.map(|step| (node, step));
            }
        }
        best.map(|(node, _)| node)
    }
}
