//! Round trips between PlanetLab hosts (NetLatency-Data, MIT): a square matrix of milliseconds, a row a line,
//! separated by tabs.

use super::Rtt;
use anyhow::{Context, ensure};
use std::path::Path;

/// Where the matrix is below the folder of the traces.
pub const FILE: &str = "netlatency-planetlab/PlanetLabData_1";

/// Reads a matrix.
///
/// # Errors
/// The file cannot be read, or is not a square matrix of milliseconds: the line is named.
pub fn read(path: &Path) -> anyhow::Result<Rtt> {
    parse(&super::text(path)?).with_context(|| path.display().to_string())
}

/// Parses a matrix.
///
/// # Errors
/// See [`read`].
pub fn parse(text: &str) -> anyhow::Result<Rtt> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut rows = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let row = row(line).with_context(|| format!("line {}", index + 1))?;
        ensure!(
            row.len() == lines.len(),
            "line {}: {} round trips for {} hosts; the matrix is square, separated by tabs",
            index + 1,
            row.len(),
            lines.len()
        );
        rows.push(row);
    }
    Rtt::new(&rows)
}

fn row(line: &str) -> anyhow::Result<Vec<u32>> {
    line.trim_end().split('\t').map(micros).collect()
}

fn micros(field: &str) -> anyhow::Result<u32> {
    let millis: f64 = field.trim().parse().with_context(|| format!("{field:?} is not a round trip in milliseconds"))?;
    ensure!((0.0..=60_000.0).contains(&millis), "a round trip of {millis} ms: from 0 to 60,000");
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 60,000,000")]
    Ok((millis * 1_000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_become_microseconds() {
        let rtt = parse("0\t1.5\t2\n1.25\t0\t3\n771.71\t0.086\t0\n").unwrap();
        assert_eq!(rtt.hosts(), 3);
        assert_eq!(
            (rtt.micros(0, 1), rtt.micros(1, 0), rtt.micros(2, 0), rtt.micros(2, 1)),
            (1_500, 1_250, 771_710, 86)
        );
    }

    #[test]
    fn what_is_not_a_matrix_is_named_with_its_line() {
        let error = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert_eq!(error(""), "no host");
        assert!(error("0\t1\n1\t0\t2\n").starts_with("line 2: 3 round trips for 2 hosts"));
        assert!(error("0\t1\nx\t0\n").starts_with("line 2: \"x\" is not a round trip"));
        assert!(error("0\t-1\n1\t0\n").starts_with("line 1: a round trip of -1 ms"));
        assert!(error("0\tNaN\n1\t0\n").starts_with("line 1: a round trip of NaN ms"));
    }
}
