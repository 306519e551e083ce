//! Independent runs on all cores; results come in the order of the inputs, so that threads change nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Maps each input.
///
/// # Panics
/// `work` does.
pub fn map<I: Sync, O: Send>(inputs: &[I], work: impl Fn(&I) -> O + Sync) -> Vec<O> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(inputs.len());
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        while let Some((index, input)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, inputs.get(at)?)))
        {
            done.push((index, work(input)));
        }
        done
    };
    let mut done: Vec<(usize, O)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(take)).collect();
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, output)| output).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_are_in_the_order_of_inputs() {
        let inputs: Vec<u64> = (0..1_000).collect();
        assert_eq!(super::map(&inputs, |input| input * 2), (0..1_000).map(|input| input * 2).collect::<Vec<u64>>());
        assert!(super::map(&[] as &[u64], |input| *input).is_empty());
    }
}
