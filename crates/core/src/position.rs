//! One staker's part of one provider's pool: active shares, and tickets on their way out.

use crate::amount::{Payment, Shares};
use crate::error::{Error, Result};
use crate::reward::RewardIndex;
use alloc::vec::Vec;

/// A position holds at most this many tickets, so that its account has a fixed size.
pub const MAX_TICKETS: usize = 8;

/// Shares that left the active part and can be withdrawn later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// What will be burned.
    pub shares: Shares,
    /// The unix second from which it can be withdrawn.
    pub unlock_ts: i64,
}

/// The position's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Active shares, tickets excluded.
    pub shares: Shares,
    /// In the order they were requested.
    pub tickets: Vec<Ticket>,
    /// The pool's reward index when this position last looked.
    pub entry: RewardIndex,
    /// Rewards earned until then and not claimed.
    pub owed: Payment,
}

impl Position {
    /// Books what the active shares have earned since the position last looked. Comes before every
    /// change of the shares.
    pub fn accrue(&self, index: RewardIndex) -> Result<Position> {
        let earned = index.earned_floor(self.entry, self.shares)?;
        Ok(Position { entry: index, owed: self.owed.checked_add(earned)?, ..self.clone() })
    }

    /// The position after a deposit.
    pub fn add(&self, shares: Shares) -> Result<Position> {
        Ok(Position { shares: self.shares.checked_add(shares)?, ..self.clone() })
    }

    /// The position after some of its active shares were burned.
    pub fn burn(&self, shares: Shares) -> Result<Position> {
        Ok(Position { shares: self.shares.checked_sub(shares)?, ..self.clone() })
    }

    /// Pays out what is owed. An empty position, which is what a slash may leave, pays nothing and can be
    /// closed so. Refuses with [`Error::NothingToClaim`].
    pub fn claim(&self) -> Result<(Position, Payment)> {
        if self.owed.is_zero() && !self.is_empty() {
            return Err(Error::NothingToClaim);
        }
        Ok((Position { owed: Payment::ZERO, ..self.clone() }, self.owed))
    }

    /// Moves active shares into a new ticket. Refuses: [`Error::AmountZero`],
    /// [`Error::InsufficientShares`], [`Error::TooManyTickets`].
    pub fn request_unstake(&self, ticket: Ticket) -> Result<Position> {
        if ticket.shares.is_zero() {
            return Err(Error::AmountZero);
        }
        if ticket.shares > self.shares {
            return Err(Error::InsufficientShares);
        }
        if self.tickets.len() >= MAX_TICKETS {
            return Err(Error::TooManyTickets);
        }
        let mut after = self.clone();
        after.shares = self.shares.checked_sub(ticket.shares)?;
        after.tickets.push(ticket);
        Ok(after)
    }

    /// Takes the ticket at `index` out; later ones move up. Refuses: [`Error::NoSuchTicket`],
    /// [`Error::TicketLocked`].
    pub fn withdraw(&self, index: u8, now: i64) -> Result<(Position, Ticket)> {
        let (after, ticket) = self.take(index)?;
        if now < ticket.unlock_ts {
            return Err(Error::TicketLocked);
        }
        Ok((after, ticket))
    }

    /// Makes the shares of the ticket at `index` active again. Refuses: [`Error::NoSuchTicket`].
    pub fn cancel_unstake(&self, index: u8) -> Result<(Position, Ticket)> {
        let (after, ticket) = self.take(index)?;
        Ok((after.add(ticket.shares)?, ticket))
    }

    fn take(&self, index: u8) -> Result<(Position, Ticket)> {
        let index = usize::from(index);
        let ticket = *self.tickets.get(index).ok_or(Error::NoSuchTicket)?;
        let mut after = self.clone();
        after.tickets.remove(index);
        Ok((after, ticket))
    }

    /// Active shares and those in tickets.
    pub fn all_shares(&self) -> Result<Shares> {
        self.tickets.iter().try_fold(self.shares, |sum, ticket| sum.checked_add(ticket.shares))
    }

    /// Whether nothing is left, so that the account can be closed.
    pub fn is_empty(&self) -> bool {
        self.shares.is_zero() && self.tickets.is_empty() && self.owed.is_zero()
    }

    /// No more tickets than fit, none of them empty, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let full = self.tickets.iter().all(|ticket| !ticket.shares.is_zero());
        if full && self.tickets.len() <= MAX_TICKETS { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(shares: u128, unlock_ts: i64) -> Ticket {
        Ticket { shares: Shares::new(shares), unlock_ts }
    }

    #[test]
    fn tickets_mature_in_any_order() {
        let position = Position::default().add(Shares::new(10)).unwrap();
        let position = position.request_unstake(ticket(3, 30)).unwrap();
        let position = position.request_unstake(ticket(7, 20)).unwrap();
        assert_eq!(position.all_shares(), Ok(Shares::new(10)));
        assert_eq!(position.withdraw(2, 100), Err(Error::NoSuchTicket));
        assert_eq!(position.withdraw(0, 29), Err(Error::TicketLocked));
        let (position, out) = position.withdraw(1, 20).unwrap();
        assert_eq!(out, ticket(7, 20));
        let (position, out) = position.withdraw(0, 30).unwrap();
        assert_eq!(out, ticket(3, 30));
        assert!(position.is_empty());
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let mut position = Position::default().add(Shares::new(10)).unwrap();
        assert_eq!(position.request_unstake(ticket(0, 1)), Err(Error::AmountZero));
        assert_eq!(position.request_unstake(ticket(11, 1)), Err(Error::InsufficientShares));
        for _ in 0..MAX_TICKETS {
            position = position.request_unstake(ticket(1, 1)).unwrap();
            assert_eq!(position.invariant(), Ok(()));
        }
        assert_eq!(position.request_unstake(ticket(1, 1)), Err(Error::TooManyTickets));
        position.tickets.push(ticket(1, 1));
        assert_eq!(position.invariant(), Err(Error::InvariantBroken));
    }
    #[test]
    fn a_ticket_comes_back_whole_and_at_any_time() {
        let position = Position::default().add(Shares::new(10)).unwrap();
        let leaving = position.request_unstake(ticket(3, 30)).unwrap().request_unstake(ticket(7, 20)).unwrap();
        assert_eq!(leaving.cancel_unstake(2), Err(Error::NoSuchTicket));
        let (back, taken) = leaving.cancel_unstake(0).unwrap();
        assert_eq!(
            (taken, back.shares, back.tickets.as_slice()),
            (ticket(3, 30), Shares::new(3), &[ticket(7, 20)][..])
        );
        let (back, _) = back.cancel_unstake(0).unwrap();
        assert_eq!(back, position);
        assert_eq!(back.cancel_unstake(0), Err(Error::NoSuchTicket));
    }

    #[test]
    fn it_earns_from_its_entry_and_is_paid_once() {
        let index = |whole: u128| RewardIndex::new(whole << 64);
        let position = Position::default().accrue(index(5)).unwrap();
        // Without shares it earns nothing, but looks: what came before is not for the shares to come.
        assert_eq!((position.owed, position.entry), (Payment::ZERO, index(5)));
        let earning = position.add(Shares::new(4)).unwrap().accrue(index(7)).unwrap();
        assert_eq!((earning.owed, earning.accrue(index(7)).unwrap().owed), (Payment::new(8), Payment::new(8)));
        assert_eq!(earning.accrue(index(6)), Err(Error::InvariantBroken));
        let leaving = earning.request_unstake(ticket(3, 0)).unwrap().accrue(index(9)).unwrap();
        assert_eq!(leaving.owed, Payment::new(10));
        let (paid, amount) = leaving.claim().unwrap();
        assert_eq!((paid.owed, amount), (Payment::ZERO, Payment::new(10)));
        assert_eq!(paid.claim(), Err(Error::NothingToClaim));
        let full = Position { owed: Payment::MAX, ..earning };
        assert_eq!(full.accrue(index(8)), Err(Error::MathOverflow));
    }

    #[test]
    fn it_is_empty_when_nothing_is_left_at_all() {
        let owed = Position { owed: Payment::new(1), ..Position::default() };
        let holding = Position::default().add(Shares::new(2)).unwrap();
        assert!(Position::default().is_empty() && !owed.is_empty() && !holding.is_empty());
        assert_eq!(holding.burn(Shares::new(3)), Err(Error::MathOverflow));
        let slashed = holding.burn(Shares::new(2)).unwrap();
        assert!(slashed.is_empty());
        assert_eq!(slashed.claim(), Ok((slashed.clone(), Payment::ZERO)));
        assert_eq!(holding.claim(), Err(Error::NothingToClaim));
        let leaving = holding.request_unstake(ticket(2, 0)).unwrap();
        assert!(!leaving.is_empty());
        assert_eq!(Position { tickets: [ticket(0, 0)].to_vec(), ..leaving }.invariant(), Err(Error::InvariantBroken));
    }
}
