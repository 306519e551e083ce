//! A trace where there is none: the same columns as the real ones, and marginals like theirs.
//!
//! Requests: gaps are exponential with a rate that swings by the minute; context is log-normal, median 760 tokens,
//! σ 0.99 on the logarithm; what is written is log-normal, median 151, σ 0.86; both are cut where Azure's end. Round
//! trips: hosts are points in the boroughs of a few dozen cities on a globe cut open, at two thirds of the speed of
//! light on a road half as long again, and a last mile of their own.

mod cluster;

pub use cluster::cluster;

use super::{Request, Rtt};
use crate::rng::Rng;

const STREAM_REQUESTS: u64 = 0x7265_7175;
const STREAM_HOSTS: u64 = 0x686f_7374;

/// Requests a second over the whole trace.
const RATE: f64 = 5.53;

/// Draws this many requests.
pub fn requests(seed: u64, count: usize) -> Vec<Request> {
    let mut rng = Rng::new(seed, STREAM_REQUESTS);
    let (mut at_secs, mut swing, mut swing_until) = (0.0, 1.0, 0.0);
    let draw = |rng: &mut Rng, median: f64, sigma: f64, most: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "from 2 to most")]
        let tokens = rng.log_normal(median, sigma).clamp(2.0, most) as u32;
        tokens
    };
    (0..count)
        .map(|_| {
            if at_secs >= swing_until {
                swing_until = at_secs + 60.0;
                swing = rng.log_normal(1.0, 0.22);
            }
            at_secs += rng.exponential(1.0 / (RATE * swing));
            #[expect(clippy::cast_possible_truncation, reason = "seconds of a trace")]
            let at_us = (at_secs * 1e6) as u64;
            Request {
                at_us,
                context_tokens: draw(&mut rng, 760.0, 0.99, 14_050.0),
                generated_tokens: draw(&mut rng, 151.0, 0.86, 1_000.0),
            }
        })
        .collect()
}

/// Draws a matrix of this many hosts.
pub fn rtt(seed: u64, hosts: usize) -> Rtt {
    let mut rng = Rng::new(seed, STREAM_HOSTS);
    let cities: Vec<(f64, f64)> = (0..40).map(|_| (rng.unit() * 36_000.0, rng.unit() * 6_000.0)).collect();
    let places: Vec<(f64, f64, f64)> = (0..hosts)
        .map(|_| {
            let (x, y) = cities[rng.below(cities.len())];
            (x + rng.normal() * 150.0, y + rng.normal() * 150.0, rng.log_normal(1.5, 0.8))
        })
        .collect();
    let millis = |from: &(f64, f64, f64), to: &(f64, f64, f64)| {
        let across = (from.0 - to.0).abs();
        let kilometres = across.min(36_000.0 - across).hypot(from.1 - to.1);
        kilometres * 1.5 / 100.0 + from.2 + to.2
    };
    let row = |(index, from): (usize, &(f64, f64, f64))| {
        let cell = |(other, to): (usize, &(f64, f64, f64))| {
            #[expect(clippy::cast_possible_truncation, reason = "under a second")]
            let micros = (millis(from, to) * 1_000.0) as u32;
            if index == other { 0 } else { micros }
        };
        places.iter().enumerate().map(cell).collect::<Vec<u32>>()
    };
    let rows: Vec<Vec<u32>> = places.iter().enumerate().map(row).collect();
    Rtt::new(&rows).unwrap_or(Rtt { hosts: 0, micros: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantile<T: Ord + Copy>(mut values: Vec<T>, at: f64) -> T {
        values.sort_unstable();
        #[expect(clippy::cast_possible_truncation, reason = "an index")]
        let index = (at * values.len() as f64) as usize;
        values[index]
    }

    #[test]
    fn marginals_are_like_those_of_azure() {
        let requests = requests(1, 19_366);
        let context: Vec<u32> = requests.iter().map(|request| request.context_tokens).collect();
        let generated: Vec<u32> = requests.iter().map(|request| request.generated_tokens).collect();
        let mean = |tokens: &[u32]| tokens.iter().map(|tokens| f64::from(*tokens)).sum::<f64>() / tokens.len() as f64;
        // Azure's: means 1,155 and 211; 99 % under 4,142 and 601; 3,502 seconds.
        assert!((mean(&context) / 1_155.0 - 1.0).abs() < 0.15 && (mean(&generated) / 211.0 - 1.0).abs() < 0.15);
        assert!((3_000..9_000).contains(&quantile(context, 0.99)));
        assert!((500..1_001).contains(&quantile(generated, 0.99)));
        let secs = requests[requests.len() - 1].at_us / 1_000_000;
        assert!((3_000..4_000).contains(&secs), "{secs}");
        assert!(requests.is_sorted_by_key(|request| request.at_us));
    }

    #[test]
    fn round_trips_are_like_those_of_planetlab() {
        let rtt = rtt(1, 490);
        let all: Vec<u32> =
            (0..490 * 490).filter(|at| at / 490 != at % 490).map(|at| rtt.micros(at / 490, at % 490)).collect();
        // PlanetLab's: 31.6, 135 and 291 ms.
        assert!((10_000..60_000).contains(&quantile(all.clone(), 0.1)));
        assert!((90_000..200_000).contains(&quantile(all.clone(), 0.5)));
        assert!((200_000..350_000).contains(&quantile(all, 0.9)));
        assert!((0..490).all(|host| rtt.micros(host, host) == 0 && rtt.micros(host, 3) == rtt.micros(3, host)));
    }
}
