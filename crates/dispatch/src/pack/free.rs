//! What a machine has left.

use crate::service::{Machine, Model, Needs};

/// Thousandths of a whole GPU.
pub const GPU_MILLI: u16 = 1_000;

/// What a machine has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    /// Thousandths of a core.
    pub cpu_milli: u32,
    /// Memory. MiB.
    pub memory_mib: u32,
    /// Thousandths of each GPU.
    pub gpus: Vec<u16>,
    /// The model of its GPUs.
    pub model: Option<Model>,
}

impl Free {
    /// All of an idle machine.
    pub fn of(machine: &Machine) -> Self {
        Free {
            cpu_milli: machine.cpu_milli,
            memory_mib: machine.memory_mib,
            gpus: vec![GPU_MILLI; usize::from(machine.gpus)],
            model: machine.model,
        }
    }

    /// Thousandths of GPUs, all together.
    pub fn gpu_milli(&self) -> u32 {
        self.gpus.iter().map(|milli| u32::from(*milli)).sum()
    }

    /// Whether a task can run here now. One without GPUs may run on any model.
    pub fn fits(&self, needs: &Needs) -> bool {
        self.cpu_milli >= needs.cpu_milli
            && self.memory_mib >= needs.memory_mib
            && (needs.gpus == 0 || self.has_model(&needs.models) && self.has_gpus(needs))
    }

    /// Whether its GPUs are of a model that will do.
    pub fn has_model(&self, models: &[Model]) -> bool {
        models.is_empty() || self.model.is_some_and(|model| models.contains(&model))
    }

    fn has_gpus(&self, needs: &Needs) -> bool {
        let each = each_milli(needs);
        self.gpus.iter().filter(|milli| **milli >= each).count() >= usize::from(needs.gpus)
    }

    /// The first GPUs that have room, as many as are needed.
    pub(crate) fn first_gpus(&self, needs: &Needs) -> Vec<u16> {
        let each = each_milli(needs);
        let roomy = (0u16..).zip(&self.gpus).filter(|(_, milli)| **milli >= each);
        roomy.map(|(gpu, _)| gpu).take(usize::from(needs.gpus)).collect()
    }

    /// Takes what a task needs, on these GPUs of it. The caller has checked that it fits.
    pub fn take(&mut self, needs: &Needs, gpus: &[u16]) {
        self.cpu_milli = self.cpu_milli.saturating_sub(needs.cpu_milli);
        self.memory_mib = self.memory_mib.saturating_sub(needs.memory_mib);
        for gpu in gpus {
            if let Some(milli) = self.gpus.get_mut(usize::from(*gpu)) {
                *milli = milli.saturating_sub(each_milli(needs));
            }
        }
    }

    /// Gives back what `take` took: never more than the machine has.
    pub fn give(&mut self, needs: &Needs, gpus: &[u16], machine: &Machine) {
        self.cpu_milli = self.cpu_milli.saturating_add(needs.cpu_milli).min(machine.cpu_milli);
        self.memory_mib = self.memory_mib.saturating_add(needs.memory_mib).min(machine.memory_mib);
        for gpu in gpus {
            if let Some(milli) = self.gpus.get_mut(usize::from(*gpu)) {
                *milli = milli.saturating_add(each_milli(needs)).min(GPU_MILLI);
            }
        }
    }
}

/// Thousandths that a task takes of each of its GPUs: all of it where it takes more than one.
pub fn each_milli(needs: &Needs) -> u16 {
    match needs.gpus {
        0 => 0,
        1 => needs.gpu_milli.min(GPU_MILLI),
        _ => GPU_MILLI,
    }
}

/// Whether a task takes a part of one GPU.
pub(crate) fn shares(needs: &Needs) -> bool {
    needs.gpus == 1 && needs.gpu_milli < GPU_MILLI
}
