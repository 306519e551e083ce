//! Fragmentation as published: free GPU that a typical task could not use, weighed by how popular the task is.
//!
//! For one task: all that is free, if the task does not fit or needs no GPU; otherwise what is free on GPUs that have
//! too little for it. Prefix sums over cores and GPU thousandths make a machine's sum one look-up for each GPU.

use crate::pack::free::{Free, GPU_MILLI};
use crate::pack::workload::{Class, Workload};
use crate::service::Model;

/// Thousandths of a GPU from 0 to whole.
const LEVELS: usize = GPU_MILLI as usize + 1;

/// The measure for the machines of some models.
#[derive(Clone, Debug)]
pub struct Fragmentation {
    weight: i64,
    tables: Vec<(Option<Model>, Table)>,
}

/// Sums over the tasks that may run on one model.
#[derive(Clone, Debug)]
struct Table {
    /// Cores asked for, ascending.
    cpu_milli: Vec<u32>,
    /// How many of the sizes asked for are within so many thousandths.
    sizes: Vec<usize>,
    size_count: usize,
    /// By cores and size: tasks of one GPU or a part of it that fit.
    one: Vec<i64>,
    /// By cores and number of whole GPUs: tasks of several GPUs that fit.
    several: Vec<i64>,
    most_gpus: usize,
}

impl Fragmentation {
    /// For machines of these models.
    pub fn new(workload: &Workload, models: &[Option<Model>]) -> Self {
        let classes = workload.typical();
        let weight = classes.iter().map(|class| signed(class.count)).sum();
        let tables = models.iter().map(|model| (*model, Table::new(classes, *model))).collect();
        Fragmentation { weight, tables }
    }

    /// What the weights add up to: an amount is in thousandths of a GPU times this.
    pub fn weight(&self) -> i64 {
        self.weight
    }

    /// The fragmentation of a machine with so many cores and GPUs left. A model that was not named counts as one
    /// that no task may use.
    pub fn amount(&self, free: &Free) -> i64 {
        let all = i64::from(free.gpu_milli()) * self.weight;
        let Some(table) = self.table(free) else { return all };
        all - table.useful(table.row(free.cpu_milli), &free.gpus)
    }

    /// Names each GPU that has room for a part of `each` thousandths, and the fragmentation if a task with so many
    /// cores takes it.
    pub(crate) fn each_share(&self, free: &Free, cpu_milli: u32, each: u16, mut name: impl FnMut(u16, i64)) {
        let all = (i64::from(free.gpu_milli()) - i64::from(each)) * self.weight;
        let table = self.table(free);
        let row = table.map_or(0, |table| table.row(free.cpu_milli.saturating_sub(cpu_milli)));
        let whole = free.gpus.iter().filter(|milli| **milli == GPU_MILLI).count();
        let ones: i64 = table.map_or(0, |table| free.gpus.iter().map(|milli| table.of_one(row, *milli)).sum());
        for (gpu, milli) in (0u16..).zip(&free.gpus).filter(|(_, milli)| **milli >= each) {
            let useful = table.map_or(0, |table| {
                let breaks = *milli == GPU_MILLI && each > 0;
                ones - table.of_one(row, *milli)
                    + table.of_one(row, milli - each)
                    + table.of_several(row, whole - usize::from(breaks))
            });
            name(gpu, all - useful);
        }
    }

    fn table(&self, free: &Free) -> Option<&Table> {
        self.tables.iter().find(|(model, _)| *model == free.model).map(|(_, table)| table)
    }
}

impl Table {
    fn new(classes: &[Class], model: Option<Model>) -> Self {
        let may = |class: &&Class| {
            let models = &class.needs.models;
            class.needs.gpus > 0 && (models.is_empty() || model.is_some_and(|model| models.contains(&model)))
        };
        let classes: Vec<_> = classes.iter().filter(may).collect();
        let mut cpu_milli: Vec<_> = classes.iter().map(|class| class.needs.cpu_milli).collect();
        cpu_milli.sort_unstable();
        cpu_milli.dedup();
        let mut asked: Vec<_> = classes.iter().map(|class| usize::from(class.needs.gpu_milli)).collect();
        asked.sort_unstable();
        asked.dedup();
        let sizes = (0..LEVELS).map(|milli| asked.partition_point(|size| *size <= milli)).collect();
        let most_gpus = classes.iter().map(|class| usize::from(class.needs.gpus)).max().unwrap_or(0);
        let mut table =
            Table { cpu_milli, sizes, size_count: asked.len() + 1, one: vec![], several: vec![], most_gpus };
        for row in 0..=table.cpu_milli.len() {
            let affordable = |class: &&&Class| table.row(class.needs.cpu_milli) <= row;
            let ones = |size: usize| {
                let fit = classes
                    .iter()
                    .filter(affordable)
                    .filter(|class| class.needs.gpus == 1 && table.sizes[usize::from(class.needs.gpu_milli)] <= size);
                fit.map(|class| signed(class.count)).sum::<i64>()
            };
            let several = |whole: usize| {
                let fit = classes.iter().filter(affordable);
                let fit = fit.filter(|class| class.needs.gpus > 1 && usize::from(class.needs.gpus) <= whole);
                fit.map(|class| signed(class.count)).sum::<i64>()
            };
            let ones: Vec<_> = (0..table.size_count).map(ones).collect();
            let several: Vec<_> = (0..=most_gpus).map(several).collect();
            table.one.extend(ones);
            table.several.extend(several);
        }
        table
    }

    /// How many of the cores asked for are within so many.
    fn row(&self, cpu_milli: u32) -> usize {
        self.cpu_milli.partition_point(|asked| *asked <= cpu_milli)
    }

    fn useful(&self, row: usize, gpus: &[u16]) -> i64 {
        let whole = gpus.iter().filter(|milli| **milli == GPU_MILLI).count();
        gpus.iter().map(|milli| self.of_one(row, *milli)).sum::<i64>() + self.of_several(row, whole)
    }

    fn of_one(&self, row: usize, milli: u16) -> i64 {
        let size = self.sizes[usize::from(milli.min(GPU_MILLI))];
        i64::from(milli) * self.one[row * self.size_count + size]
    }

    fn of_several(&self, row: usize, whole: usize) -> i64 {
        let fit = self.several[row * (self.most_gpus + 1) + whole.min(self.most_gpus)];
        i64::from(GPU_MILLI) * i64::try_from(whole).unwrap_or(i64::MAX) * fit
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
