//! The owner's part of what delegators earn, and how it changes.
//!
//! A fall holds at once. A rise waits for as long as unbonding takes, so that whoever delegated under
//! the old rate can leave before the new one takes anything.

use crate::amount::Bps;
use crate::error::{Error, Result};

/// The rate, and the higher one that follows it, if one is announced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Commission {
    /// The rate before `from`.
    pub rate: Bps,
    /// The rate from then on.
    pub next: Bps,
    /// Unix second from which `next` holds; 0 while none is announced.
    pub from: i64,
}

impl Commission {
    /// A rate with nothing announced.
    pub const fn fixed(rate: Bps) -> Commission {
        Commission { rate, next: rate, from: 0 }
    }

    /// The rate that holds at `now`.
    pub fn at(&self, now: i64) -> Bps {
        if self.from != 0 && now >= self.from { self.next } else { self.rate }
    }

    /// Changes the rate: at once if it falls, after `notice_secs` if it rises. Either takes back what
    /// was announced before and does not hold yet.
    pub fn change(&self, rate: Bps, now: i64, notice_secs: u32) -> Result<Commission> {
        let present = self.at(now);
        if rate <= present {
            return Ok(Commission::fixed(rate));
        }
        let from = now.checked_add(i64::from(notice_secs)).ok_or(Error::MathOverflow)?;
        Ok(Commission { rate: present, next: rate, from })
    }

    /// Only a rise is announced, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let holds = if self.from == 0 { self.next == self.rate } else { self.next > self.rate };
        if holds { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bps(rate: u16) -> Bps {
        Bps::new(rate).unwrap()
    }

    #[test]
    fn a_fall_holds_at_once_and_a_rise_waits() {
        let ten = Commission::fixed(bps(1_000));
        assert_eq!(ten.change(bps(500), 100, 50), Ok(Commission::fixed(bps(500))));
        let rising = ten.change(bps(10_000), 100, 50).unwrap();
        assert_eq!((rising.at(149), rising.at(150)), (bps(1_000), bps(10_000)));
        assert_eq!(rising.invariant(), Ok(()));
    }

    #[test]
    fn a_change_takes_back_what_was_announced() {
        let rising = Commission::fixed(bps(1_000)).change(bps(9_000), 100, 50).unwrap();
        assert_eq!(rising.change(bps(1_000), 120, 50), Ok(Commission::fixed(bps(1_000))));
        let later = rising.change(bps(2_000), 140, 50).unwrap();
        assert_eq!((later.at(189), later.at(190)), (bps(1_000), bps(2_000)));
        let higher = rising.change(bps(9_500), 150, 50).unwrap();
        assert_eq!((higher.at(150), higher.at(200)), (bps(9_000), bps(9_500)));
    }

    #[test]
    fn the_invariant_sees_a_fall_that_waits() {
        let broken = Commission { rate: bps(2), next: bps(1), from: 9 };
        assert_eq!(broken.invariant(), Err(Error::InvariantBroken));
        assert_eq!(Commission { from: 0, next: bps(3), ..broken }.invariant(), Err(Error::InvariantBroken));
    }
}
