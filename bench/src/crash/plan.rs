//! Which kills, in which order: from the seed alone.

use super::point::{PLACES, Place, Point, Strike, WHEN, When};
use mira_testkit::solvency::dice::Dice;
use std::time::Duration;

/// From the start of a process, past its wait for the stream, into its work.
const RANDOM_MS: (u64, u64) = (20, 1_500);

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// By itself, at a named point.
    At(Strike),
    /// From outside, so long after its start.
    Random(Duration),
}

/// Named points and random times in turn. The first two points are in the middle of what writes most, the
/// others come in the seed's order, each once before any comes again.
pub fn plan(kills: usize, seed: u64) -> Vec<Kill> {
    let mut dice = Dice::new(seed);
    let mut points = Vec::new();
    let mut one = |turn: usize| {
        if turn % 2 == 1 {
            return Kill::Random(Duration::from_millis(RANDOM_MS.0 + dice.roll(RANDOM_MS.1 - RANDOM_MS.0)));
        }
        if points.is_empty() {
            points = shuffled(&mut dice);
        }
        let point = points.pop().expect("there are points");
        Kill::At(Strike { point, nth: 1 + dice.roll(point.place.calls()), step: 1 + dice.roll(point.place.steps()) })
    };
    (0..kills).map(&mut one).collect()
}

/// All points, those that come first at the end.
fn shuffled(dice: &mut Dice) -> Vec<Point> {
    let first = [Place::Overlay, Place::Commit].map(|place| Point { place, when: When::During });
    let all = PLACES.iter().flat_map(|(place, _)| WHEN.iter().map(|(when, _)| Point { place: *place, when: *when }));
    let mut rest: Vec<Point> = all.filter(|point| !first.contains(point)).collect();
    let mut points = Vec::with_capacity(rest.len() + first.len());
    while !rest.is_empty() {
        let sides = u64::try_from(rest.len()).unwrap_or(u64::MAX);
        points.push(rest.swap_remove(usize::try_from(dice.roll(sides)).unwrap_or(0)));
    }
    points.extend(first);
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn points(kills: &[Kill]) -> Vec<Point> {
        let at = |kill: &Kill| match kill {
            Kill::At(strike) => Some(strike.point),
            Kill::Random(_) => None,
        };
        kills.iter().filter_map(at).collect()
    }

    #[test]
    fn the_seed_is_the_plan() {
        assert_eq!(plan(20, 1), plan(20, 1));
        assert_ne!(plan(20, 1), plan(20, 2));
    }

    #[test]
    fn half_are_at_points_and_every_point_comes_before_one_comes_again() {
        let all = PLACES.len() * WHEN.len();
        let kills = plan(2 * all, 3);
        let points = points(&kills);
        assert_eq!(points.len(), all);
        assert_eq!(points.iter().collect::<BTreeSet<_>>().len(), all);
        assert_eq!(points[..2].iter().map(|point| point.when).collect::<Vec<_>>(), [When::During; 2]);
    }
}
