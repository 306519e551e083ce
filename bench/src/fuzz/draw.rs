//! Values out of an input's bytes, by bolero's generators. Where an input ends it goes on with zeros, so that
//! every input gives a value and a shorter one is a simpler one.

use bolero_generator::driver::{ByteSliceDriver, Options};
use bolero_generator::{Driver as _, TypeGenerator, ValueGenerator as _};

/// Never seen: [`ByteSliceDriver`] does not run dry.
const DRY: &str = "an input goes on with zeros";

/// What a length prefix may claim.
const LENGTHS: [u32; 5] = [u32::MAX, 1 << 31, (1 << 31) - 1, 1 << 24, 1 << 16];

/// Takes values from an input, one after the other.
pub struct Draw<'a>(ByteSliceDriver<'a>);

impl<'a> Draw<'a> {
    /// From its first byte on.
    pub fn new(input: &'a [u8]) -> Self {
        Self(ByteSliceDriver::new(input, &Options::default()))
    }

    /// Any value of a type.
    pub fn any<T: TypeGenerator>(&mut self) -> T {
        self.0.produce().expect(DRY)
    }

    /// A number below `sides`, which is at least 1.
    pub fn below(&mut self, sides: usize) -> usize {
        (0..sides).generate(&mut self.0).expect(DRY)
    }

    /// True once in `sides` times.
    pub fn once_in(&mut self, sides: usize) -> bool {
        self.below(sides) + 1 == sides
    }

    /// One of several.
    pub fn pick<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[self.below(from.len())]
    }

    /// Any bytes, at most so many.
    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        let len = self.below(most + 1);
        (0..len).map(|_| self.any()).collect()
    }

    /// Any text, of at most so many bytes before they are made UTF-8.
    pub fn text(&mut self, most: usize) -> String {
        String::from_utf8_lossy(&self.bytes(most)).into_owned()
    }

    /// A length that nothing as long follows.
    pub fn length(&mut self) -> u32 {
        *self.pick(&LENGTHS)
    }

    /// Changes bytes in one to four places, as a fault or a liar would; rarely back to what they were.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(6) {
                0 => flip(bytes, 8 * at + self.below(8)),
                1 => {
                    let value = *self.pick(&[0, 1, 2, 0x7f, 0x80, 0xff]);
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte = value);
                }
                2 => bytes.truncate(at),
                3 => {
                    let more = self.bytes(40);
                    bytes.splice(at..at, more);
                }
                4 => {
                    let end = bytes.len().min(at + self.below(40));
                    bytes.drain(at..end);
                }
                _ => {
                    let length = self.length().to_le_bytes();
                    bytes.iter_mut().skip(at).zip(length).for_each(|(byte, new)| *byte = new);
                }
            }
        }
    }
}

/// Flips one bit, counted from the first byte's lowest; none beyond the end.
pub fn flip(bytes: &mut [u8], bit: usize) {
    bytes.get_mut(bit / 8).into_iter().for_each(|byte| *byte ^= 1 << (bit % 8));
}
