//! A measure that looks ahead: what will be left of a machine's GPUs once tasks have filled them.
//!
//! Two sums. The first is over GPUs: what a free part of this size ends as, if each arriving task is let in or left to
//! another GPU as serves this one best, and every arrival that is waited for costs a little (optimal stopping over
//! the popular sizes). A part of 530 that a 470 and then nothing will fill is worth more than one of 510. Sizes that
//! are spoken for are not waited for: where more tasks of 810 come than tasks that fit beside them, every small task
//! can go beside one, and a part that waits for it only strands another. The second is over the machine: GPU that its
//! cores cannot serve, over the popular ratios of cores to GPU.

use std::collections::BTreeMap;

use crate::pack::free::{Free, GPU_MILLI, each_milli, shares};
use crate::pack::workload::Workload;
use crate::service::Needs;
use borsh::{BorshDeserialize, BorshSerialize};

/// Millionths of a GPU in a thousandth.
const MICROS: i64 = 1_000;
/// What waiting for one arrival costs. Millionths of a GPU.
const WAIT: i64 = 300;
/// What GPU without cores counts, of 10: tasks end, and give cores back.
const STRANDED: i64 = 5;
const PPM: i128 = 1_000_000;

/// The measure. Amounts are in millionths of a GPU.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub struct Waste {
    /// What a free part of so many thousandths ends as.
    parts: Vec<i64>,
    /// Cores and GPU thousandths of each class, by cores for GPU ascending.
    ratios: Vec<(i64, i64)>,
    /// Share of GPU demand from each class on, in millionths.
    shares: Vec<i64>,
    /// The same shares times GPU for cores, in thousandths more.
    inverses: Vec<i64>,
}

impl Default for Waste {
    fn default() -> Self {
        Waste::new(&Workload::default())
    }
}

impl Waste {
    /// For this workload.
    pub fn new(workload: &Workload) -> Self {
        let (ratios, shares, inverses) = ratios(workload);
        Waste { parts: parts(workload), ratios, shares, inverses }
    }

    /// What a machine's free GPUs will end as.
    pub fn amount(&self, free: &Free) -> i64 {
        self.of_parts(free) + self.stranded(free.cpu_milli, free.gpu_milli())
    }

    /// How much a task raises it at its best; nothing if the task does not fit.
    pub fn rise(&self, free: &Free, needs: &Needs) -> Option<i64> {
        if !free.fits(needs) {
            return None;
        }
        let mut least = (!shares(needs)).then(|| self.without(free, needs));
        if least.is_none() {
            self.each_share(free, needs, |_, after| least = Some(least.map_or(after, |least| after.min(least))));
        }
        least.map(|after| after - self.amount(free))
    }

    /// What it is once a task without GPUs, or with whole ones, is there.
    pub(crate) fn without(&self, free: &Free, needs: &Needs) -> i64 {
        let taken = u32::from(needs.gpus) * u32::from(GPU_MILLI);
        let cpu_milli = free.cpu_milli.saturating_sub(needs.cpu_milli);
        let parts = self.of_parts(free) - i64::from(needs.gpus) * self.of_part(GPU_MILLI);
        parts + self.stranded(cpu_milli, free.gpu_milli().saturating_sub(taken))
    }

    /// Names each GPU that has room for a task's part of one, and what it is once the task is there.
    pub(crate) fn each_share(&self, free: &Free, needs: &Needs, mut name: impl FnMut(u16, i64)) {
        let each = each_milli(needs);
        let cpu_milli = free.cpu_milli.saturating_sub(needs.cpu_milli);
        let others = self.of_parts(free) + self.stranded(cpu_milli, free.gpu_milli().saturating_sub(u32::from(each)));
        for (gpu, milli) in (0u16..).zip(&free.gpus).filter(|(_, milli)| **milli >= each) {
            name(gpu, others + self.of_part(milli - each) - self.of_part(*milli));
        }
    }

    fn of_parts(&self, free: &Free) -> i64 {
        free.gpus.iter().map(|milli| self.of_part(*milli)).sum()
    }

    /// What a free part of a GPU ends as.
    fn of_part(&self, milli: u16) -> i64 {
        self.parts[usize::from(milli.min(GPU_MILLI))]
    }

    /// What cores are too few for.
    fn stranded(&self, cpu_milli: u32, gpu_milli: u32) -> i64 {
        let (cpu, gpu) = (i64::from(cpu_milli), i64::from(gpu_milli));
        let from = self.ratios.partition_point(|(cores, gpus)| cores * gpu <= cpu * gpus);
        let short = gpu * self.shares[from] - cpu * self.inverses[from] / 1_000;
        short.max(0) / 1_000 * STRANDED / 10
    }
}

fn parts(workload: &Workload) -> Vec<i64> {
    let mut sizes = BTreeMap::<usize, i64>::new();
    let mut all = 0;
    for class in workload.classes() {
        let count = signed(class.count);
        all += count;
        if class.needs.gpus > 0 && class.needs.gpu_milli > 0 {
            *sizes.entry(usize::from(each_milli(&class.needs))).or_default() += count * i64::from(class.needs.gpus);
        }
    }
    let spoken_for = spoken_for(&sizes);
    let mut parts = vec![0i64; usize::from(GPU_MILLI) + 1];
    let mut micros = 0;
    for milli in 1..parts.len() {
        micros += MICROS;
        let fit = sizes.range(..=milli).filter(|(size, _)| **size > spoken_for);
        let mut after: Vec<_> = fit.map(|(size, count)| (parts[milli - size], *count)).collect();
        after.sort_unstable();
        // Let in the best so many sizes; or nothing, and all of it is wasted.
        let (mut sum, mut let_in, mut least) = (WAIT * all, 0, micros);
        for (part, count) in after {
            sum += part * count;
            let_in += count;
            least = least.min(sum / let_in);
        }
        parts[milli] = least;
    }
    parts
}

/// Sizes up to this are spoken for: tasks above one half leave more parts of at most this than there are tasks for them.
/// 0 if there are none.
fn spoken_for(sizes: &BTreeMap<usize, i64>) -> usize {
    let whole = usize::from(GPU_MILLI);
    let (mut spoken_for, mut below, mut unclaimed) = (0, 0, 0);
    // The largest first, which leave the smallest parts: what is left over there may go to the larger parts.
    for (size, count) in sizes.range(whole / 2 + 1..whole).rev() {
        let beside = whole - size;
        unclaimed += sizes.range(below + 1..=beside).map(|(_, count)| count).sum::<i64>() - count;
        below = beside;
        if unclaimed < 0 {
            (spoken_for, unclaimed) = (beside, 0);
        }
    }
    spoken_for
}

/// Ratios ascending, and from each on the shares and inverses. One more of both, for none.
fn ratios(workload: &Workload) -> (Vec<(i64, i64)>, Vec<i64>, Vec<i64>) {
    let mut classes = Vec::new();
    for class in workload.classes() {
        let (cpu, gpu) =
            (i64::from(class.needs.cpu_milli), i64::from(class.needs.gpus) * i64::from(each_milli(&class.needs)));
        if cpu > 0 && gpu > 0 {
            classes.push((cpu, gpu, i128::from(class.count) * i128::from(gpu)));
        }
    }
    classes.sort_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)).then(a.cmp(b)));
    let all: i128 = classes.iter().map(|class| class.2).sum();
    let (mut shares, mut inverses) = (vec![0; classes.len() + 1], vec![0; classes.len() + 1]);
    let (mut share, mut inverse) = (0i128, 0i128);
    for (index, (cpu, gpu, demand)) in classes.iter().enumerate().rev() {
        share += demand * PPM;
        inverse += demand * PPM * 1_000 * i128::from(*gpu) / i128::from(*cpu);
        shares[index] = i64::try_from(share / all.max(1)).unwrap_or(i64::MAX);
        inverses[index] = i64::try_from(inverse / all.max(1)).unwrap_or(i64::MAX);
    }
    (classes.into_iter().map(|(cpu, gpu, _)| (cpu, gpu)).collect(), shares, inverses)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn workload(tasks: &[(u32, u16, u64)]) -> Workload {
        let task = |cpu_milli, gpu_milli| Needs { cpu_milli, gpus: 1, gpu_milli, ..Needs::default() };
        let many = |(cpu, gpu, count): &(u32, u16, u64)| (0..*count).map(|_| task(*cpu, *gpu)).collect::<Vec<_>>();
        let tasks: Vec<_> = tasks.iter().flat_map(many).collect();
        Workload::count(&tasks, 100)
    }

    #[test]
    fn a_part_that_no_task_fits_is_wasted_whole() {
        let waste = Waste::new(&workload(&[(1_000, 300, 1)]));
        assert_eq!(waste.of_part(299), 299_000);
        assert_eq!(waste.of_part(0), 0);
    }

    #[test]
    fn a_part_ends_as_what_the_tasks_leave_and_what_the_wait_costs() {
        let waste = Waste::new(&workload(&[(1_000, 300, 1)]));
        assert_eq!(waste.of_part(300), WAIT);
        assert_eq!(waste.of_part(650), 50_000 + 2 * WAIT);
    }

    #[test]
    fn a_popular_fit_is_waited_for_rather_than_a_worse_one_taken() {
        // 400: one 300 leaves 100, one 200 leaves 200 and then nothing. Waiting for 300 only takes 2 arrivals.
        let waste = Waste::new(&workload(&[(1_000, 300, 1), (1_000, 200, 1)]));
        assert_eq!(waste.of_part(200), 2 * WAIT);
        assert_eq!(waste.of_part(400), 4 * WAIT, "only 200s are let in");
    }

    #[test]
    fn a_size_is_spoken_for_if_larger_tasks_leave_more_room_than_there_are_of_it() {
        let spoken_for = |sizes: &[(usize, i64)]| super::spoken_for(&sizes.iter().copied().collect());
        assert_eq!(spoken_for(&[(100, 2), (160, 1), (810, 4)]), 190);
        assert_eq!(spoken_for(&[(100, 2), (160, 2), (810, 4)]), 0, "as many as there is room for");
        assert_eq!(spoken_for(&[(160, 1), (320, 5), (650, 3), (810, 4)]), 190, "the 320s fit beside 650s only");
        assert_eq!(spoken_for(&[(160, 9), (320, 1), (650, 7), (810, 4)]), 350, "five 160s and the 320 for seven 650s");
        assert_eq!(spoken_for(&[(470, 9), (500, 9), (1_000, 50)]), 0, "beside a half or a whole there is no such room");
        assert_eq!(spoken_for(&[]), 0);
    }

    /// Pairs of a task above one half and one beside it, the most there can be, by trying every partner.
    fn most_pairs(large: &[usize], small: &[usize]) -> usize {
        let Some((first, rest)) = large.split_first() else { return 0 };
        let with = |index: usize| {
            let mut others = small.to_vec();
            others.remove(index);
            1 + most_pairs(rest, &others)
        };
        let fits = (0..small.len()).filter(|index| first + small[*index] <= 1_000);
        fits.map(with).max().unwrap_or(0).max(most_pairs(rest, small))
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..ProptestConfig::default() })]

        /// One task more of a size that is spoken for is a pair more, and of another size it is not.
        #[test]
        fn what_is_spoken_for_is_what_pairs_lack(large in prop::collection::vec(5usize..10, 0..5), small in prop::collection::vec(1usize..5, 0..6)) {
            let milli = |tenths: Vec<usize>, more: usize| tenths.into_iter().map(|tenth| tenth * 100 + more).collect::<Vec<_>>();
            let (large, small) = (milli(large, 50), milli(small, 0));
            let mut sizes = BTreeMap::<usize, i64>::new();
            large.iter().chain(&small).for_each(|size| *sizes.entry(*size).or_default() += 1);
            let spoken_for = super::spoken_for(&sizes);
            for size in [100, 200, 300, 400] {
                let more: Vec<_> = small.iter().copied().chain([size]).collect();
                let gained = most_pairs(&large, &more) > most_pairs(&large, &small);
                prop_assert_eq!(gained, size <= spoken_for, "{}", size);
            }
        }
    }

    #[test]
    fn a_part_does_not_wait_for_what_is_spoken_for() {
        let waste = Waste::new(&workload(&[(1_000, 100, 1), (1_000, 400, 2), (1_000, 900, 2)]));
        assert_eq!(waste.of_part(100), 100_000);
        assert_eq!(waste.of_part(500), 100_000 + 5 * WAIT / 2);
    }

    #[test]
    fn cores_that_are_too_few_strand_gpus() {
        // 10 cores a GPU. 5 cores serve half of a whole GPU.
        let waste = Waste::new(&workload(&[(10_000, 1_000, 4)]));
        assert_eq!(waste.stranded(10_000, 1_000), 0);
        assert_eq!(waste.stranded(5_000, 1_000), 500_000 * STRANDED / 10);
        assert_eq!(waste.stranded(0, 8_000), 8_000_000 * STRANDED / 10);
    }
}
