//! Small files: half of them under 120 lines, nine in ten under 300, none over 500.

use super::Source;
use crate::report::Report;

const MAX_LINES: usize = 500;
/// (percentile, lines): that share of all files is no longer than this.
const PERCENTILES: [(usize, usize); 2] = [(50, 120), (90, 300)];

/// Checks every file's length and the distribution of lengths.
pub fn check(sources: &[Source], report: &mut Report) {
    let mut lengths: Vec<usize> = sources.iter().map(Source::lines).collect();
    lengths.sort_unstable();
    for (percentile, limit) in PERCENTILES {
        let length = nearest_rank(&lengths, percentile);
        report.figure(format!("file length p{percentile}"), length);
        if length > limit {
            report.finding(format!("p{percentile} of file lengths is {length} lines, over {limit}: split the longest"));
        }
    }
    for source in sources.iter().filter(|source| source.lines() > MAX_LINES) {
        report.finding(format!("{} has {} lines, over {MAX_LINES}: split it", source.path, source.lines()));
    }
}

/// The nearest-rank percentile of a sorted list, 0 when it is empty.
fn nearest_rank(sorted: &[usize], percentile: usize) -> usize {
    let rank = (sorted.len() * percentile).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest_rank;

    #[test]
    fn percentiles_are_nearest_rank() {
        let sorted: Vec<usize> = (1..=10).collect();
        assert_eq!(nearest_rank(&sorted, 50), 5);
        assert_eq!(nearest_rank(&sorted, 90), 9);
        assert_eq!(nearest_rank(&[], 50), 0);
    }
}
