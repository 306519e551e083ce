//! Cutting an input into shards at byte ranges on token boundaries.

use core::ops::Range;

use crate::token::is_token_byte;

/// Why an input cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// The input has no bytes.
    Empty,
    /// Zero shards were asked for.
    NoShards,
}

impl core::fmt::Display for SplitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the input is empty: there is nothing to index; give a file with at least one byte",
            Self::NoShards => "zero shards were asked for; ask for at least one",
        })
    }
}

impl std::error::Error for SplitError {}

/// Cuts `input` into at most `shards` consecutive byte ranges of about the same length that cover it without gaps.
///
/// No token straddles a cut. Fewer ranges come out when there are not enough boundaries; an input without any gives one range. Lines
/// play no part, so one long line is cut like any other text. Takes one pass at most over the input.
///
/// # Errors
/// [`SplitError::Empty`] for an empty input, [`SplitError::NoShards`] for `shards == 0`.
pub fn split(input: &[u8], shards: usize) -> Result<Vec<Range<usize>>, SplitError> {
    if input.is_empty() {
        return Err(SplitError::Empty);
    }
    if shards == 0 {
        return Err(SplitError::NoShards);
    }
    let shards = shards.min(input.len());
    let mut ranges = Vec::with_capacity(shards);
    let mut start = 0;
    for cut in 1..shards {
        let ideal = ideal_cut(input.len(), cut, shards);
        if ideal <= start {
            continue;
        }
        let Some(end) = next_boundary(input, ideal) else { break };
        ranges.push(start..end);
        start = end;
    }
    ranges.push(start..input.len());
    Ok(ranges)
}

/// `len × cut / shards` without overflow.
fn ideal_cut(len: usize, cut: usize, shards: usize) -> usize {
    let (whole, rest) = (len / shards, len % shards);
    // `rest < shards` and `cut < shards ≤ len`: the product stays in range for any input that fits in memory.
    whole * cut + rest.saturating_mul(cut) / shards
}

/// The first position from `from` on, and before the end, that has a separator on at least one side.
fn next_boundary(input: &[u8], from: usize) -> Option<usize> {
    input
        .windows(2)
        .enumerate()
        .skip(from.saturating_sub(1))
        .find(|(_, pair)| !pair.iter().all(|byte| is_token_byte(*byte)))
        .map(|(before, _)| before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One range over everything.
    fn whole(len: usize) -> Vec<Range<usize>> {
        std::iter::once(0..len).collect()
    }

    fn pieces(input: &[u8], shards: usize) -> Vec<&[u8]> {
        split(input, shards).expect("splits").into_iter().map(|range| &input[range]).collect()
    }

    #[test]
    fn covers_without_gaps_and_without_cutting_tokens() {
        let input = b"one two  three,four\nfive six seven eight nine ten";
        for shards in 1..60 {
            let parts = pieces(input, shards);
            assert!(parts.len() <= shards);
            assert!(parts.iter().all(|part| !part.is_empty()));
            assert_eq!(parts.concat(), input);
            for pair in parts.windows(2) {
                let (last, first) = (pair[0][pair[0].len() - 1], pair[1][0]);
                assert!(!(is_token_byte(last) && is_token_byte(first)), "{parts:?}");
            }
        }
    }

    #[test]
    fn one_long_line_is_cut_evenly() {
        let input = b"word ".repeat(1000);
        let parts = pieces(&input, 10);
        assert_eq!(parts.len(), 10);
        assert!(parts.iter().all(|part| (495..=505).contains(&part.len())));
    }

    #[test]
    fn no_boundary_gives_one_shard() {
        assert_eq!(split(&[b'x'; 5000], 8), Ok(whole(5000)));
        assert_eq!(split(&[0xff; 5000], 8), Ok(whole(5000)));
        assert_eq!(split(b"x", 8), Ok(whole(1)));
    }

    #[test]
    fn a_giant_token_swallows_the_cuts_inside_it() {
        let mut input = b"a b ".to_vec();
        input.extend([b'x'; 1000]);
        input.extend(b" c d");
        let parts = pieces(&input, 16);
        assert_eq!(parts.concat(), input);
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn nothing_to_cut_is_an_error() {
        assert_eq!(split(b"", 3), Err(SplitError::Empty));
        assert_eq!(split(b"abc", 0), Err(SplitError::NoShards));
    }
}
