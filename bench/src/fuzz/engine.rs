//! Runs a property on input after input. Bolero's own engine draws its seeds from the system and looks for files
//! beside the test, so the loop is ours; generators, panic handling and shrinking are bolero's.

use super::draw::Draw;
use bolero_engine::driver::Options;
use bolero_engine::{BorrowedGeneratorTest, Driver, ValueGenerator, panic, shrink};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore as _, SeedableRng as _};
use std::collections::BTreeMap;

/// What has to hold for every input. It panics where it does not, and else names the class of what the input
/// was, so that a run shows what it has met.
pub type Property = fn(&mut Draw<'_>) -> &'static str;

/// An input for which a property does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The input, as short as it could be made in a second.
    pub input: Vec<u8>,
    /// The panic, in one line.
    pub why: String,
}

/// What a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Inputs, the failing one included.
    pub inputs: u64,
    /// How many were of each class.
    pub met: BTreeMap<&'static str, u64>,
    /// Where the run ended early.
    pub failure: Option<Failure>,
}

impl Outcome {
    /// Adds another run of the same property.
    pub fn merge(&mut self, other: Self) {
        self.inputs += other.inputs;
        other.met.into_iter().for_each(|(class, count)| *self.met.entry(class).or_default() += count);
        self.failure = self.failure.take().or(other.failure);
    }
}

/// Tries inputs of a seed while `goes_on`, which is told how many there were, or until one fails.
pub fn run(property: Property, seed: [u8; 32], mut goes_on: impl FnMut(u64) -> bool) -> Outcome {
    let mut inputs = Inputs(Xoshiro256PlusPlus::from_seed(seed));
    let mut outcome = Outcome::default();
    while goes_on(outcome.inputs) {
        let input = inputs.next();
        outcome.inputs += 1;
        match once(property, &input) {
            Ok(class) => *outcome.met.entry(class).or_default() += 1,
            Err(why) => {
                outcome.failure = Some(smallest(property, input, why));
                break;
            }
        }
    }
    outcome
}

/// Tries one input.
///
/// # Errors
/// The property's panic, in one line.
pub fn once(property: Property, input: &[u8]) -> Result<&'static str, String> {
    panic::set_hook();
    let forwarded = panic::forward_panic(false);
    let mut class = "";
    let caught = panic::catch(|| {
        class = property(&mut Draw::new(input));
        Ok(true)
    });
    panic::forward_panic(forwarded);
    caught.map(|_| class).map_err(|error| line(&error.to_string()))
}

fn smallest(property: Property, input: Vec<u8>, why: String) -> Failure {
    let fails = |input: &Vec<u8>| {
        property(&mut Draw::new(input));
    };
    let mut test = BorrowedGeneratorTest::<_, _, Vec<u8>>::new(fails, Whole);
    match shrink::shrink(&mut test, input.clone(), None, &Options::default()) {
        Some(failure) => Failure { input: failure.input, why: line(&failure.error.to_string()) },
        None => Failure { input, why },
    }
}

/// The whole input as a generated value: of a bare slice this bolero does not try shorter ones.
struct Whole;

impl ValueGenerator for Whole {
    type Output = Vec<u8>;

    fn generate<D: Driver>(&self, driver: &mut D) -> Option<Vec<u8>> {
        driver.gen_from_bytes(|| (0, None), |bytes| Some((bytes.len(), bytes.to_vec())))
    }
}

fn line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").chars().take(500).collect()
}

/// Inputs of all lengths, some of them with many zeros: small numbers and empty lists are rare among random
/// bytes.
struct Inputs(Xoshiro256PlusPlus);

impl Inputs {
    fn next(&mut self) -> Vec<u8> {
        let most = [64, 512, 2_048][self.below(3)];
        let mut input = vec![0; self.below(most)];
        self.0.fill_bytes(&mut input);
        if self.below(3) == 0 {
            input.iter_mut().filter(|_| self.0.next_u32().is_multiple_of(2)).for_each(|byte| *byte = 0);
        }
        input
    }

    fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.0.next_u32()).map_or(0, |number| number % sides)
    }
}
