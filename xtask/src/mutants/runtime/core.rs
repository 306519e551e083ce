//! The switch of the instrumented copy: which guard is off, and what stands in for it.
//!
//! Only tests run this copy. The number is read from the ELF itself, where `cargo xtask mutants`
//! writes it behind the mark, so that one build serves for all guards.
#![allow(missing_docs, clippy::all)]

use alloc::boxed::Box;
use core::cell::Cell;

/// The mark that the number stands behind in the ELF, and the number: 0 leaves every guard on.
#[repr(C)]
pub struct Switch {
    mark: [u8; 16],
    number: u32,
}

#[used]
pub static SWITCH: Switch = Switch { mark: *b"mira-mutant-no:\0", number: 0 };

/// The number of what is always off: of the rounding in a function's twin.
pub const TURNED: u32 = u32::MAX;

/// Whether that guard is off.
#[inline(never)]
pub fn off(number: u32) -> bool {
    number == switch() || number == TURNED
}

#[cfg(not(test))]
fn switch() -> u32 {
    // SAFETY: the reference is to a static that lives as long as the program. The read is volatile
    // because the compiler must not know the number.
    unsafe { core::ptr::read_volatile(&SWITCH.number) }
}

/// This crate's own tests are told by the environment.
#[cfg(test)]
fn switch() -> u32 {
    static NUMBER: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    *NUMBER.get_or_init(|| std::env::var("MIRA_TEST_MUTANT").map_or(0, |number| number.parse().unwrap()))
}

/// Whether that guard is on.
pub fn on(number: u32) -> bool {
    !off(number)
}

/// A value that may have been refused, and the number of the guard that did.
pub struct Refused<T, E> {
    number: u32,
    result: Cell<Option<Result<T, E>>>,
}

impl<T, E> Refused<T, E> {
    pub fn new(number: u32, result: Result<T, E>) -> Self {
        Self { number, result: Cell::new(Some(result)) }
    }

    /// Nothing could stand in: the refusal loses its name.
    pub fn or_abort(&self) -> Result<T, E> {
        self.or(|| panic!("refused"))
    }

    fn or(&self, instead: impl FnOnce() -> T) -> Result<T, E> {
        match self.result.take() {
            Some(Err(_)) if off(self.number) => Ok(instead()),
            Some(result) => result,
            None => panic!("taken twice"),
        }
    }
}

// `(&&refused).or_default()` takes the first of these that the type allows.

/// The default in the value's place.
pub trait OrDefault<T, E> {
    fn or_default(&self) -> Result<T, E>;
}

impl<T: Default, E> OrDefault<T, E> for &Refused<T, E> {
    fn or_default(&self) -> Result<T, E> {
        self.or(T::default)
    }
}

/// A reference to the default.
pub trait OrLeaked<T, E> {
    fn or_default(&self) -> Result<T, E>;
}

impl<'a, T: Default + 'a, E> OrLeaked<&'a T, E> for &&Refused<&'a T, E> {
    fn or_default(&self) -> Result<&'a T, E> {
        self.or(|| Box::leak(Box::new(T::default())))
    }
}

/// No default.
pub trait OrAborts<T, E> {
    fn or_default(&self) -> Result<T, E>;
}

impl<T, E> OrAborts<T, E> for Refused<T, E> {
    fn or_default(&self) -> Result<T, E> {
        self.or_abort()
    }
}

/// Limits that can be lifted.
pub trait Limits: Ord + Sized {
    fn mutant_min(self, number: u32, other: Self) -> Self {
        if off(number) { self } else { self.min(other) }
    }

    fn mutant_max(self, number: u32, other: Self) -> Self {
        if off(number) { self } else { self.max(other) }
    }
}

impl<T: Ord> Limits for T {}

/// Divisions that can be rounded the other way.
pub trait Rounds: Sized {
    fn mutant_div_ceil(self, number: u32, by: Self) -> Self;
    fn mutant_checked_div(self, number: u32, by: Self) -> Option<Self>;
    fn mutant_quotient(self, number: u32, by: Self) -> Self;
    fn mutant_shifted(self, number: u32, by: u32) -> Self;
}

macro_rules! rounds {
    ($($name:ty),+) => {$(
        impl Rounds for $name {
            fn mutant_div_ceil(self, number: u32, by: Self) -> Self {
                if off(number) { self / by } else { self.div_ceil(by) }
            }

            fn mutant_checked_div(self, number: u32, by: Self) -> Option<Self> {
                if off(number) && by != 0 { Some(self.div_ceil(by)) } else { self.checked_div(by) }
            }

            fn mutant_quotient(self, number: u32, by: Self) -> Self {
                if off(number) { self.div_ceil(by) } else { self / by }
            }

            fn mutant_shifted(self, number: u32, by: u32) -> Self {
                let floor = self >> by;
                floor + Self::from(off(number) && floor << by != self)
            }
        }
    )+};
}

rounds!(u8, u16, u32, u64, u128, usize);
