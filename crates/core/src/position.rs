//! One staker's part of one provider's pool: active shares, and tickets on their way out.

use crate::amount::Shares;
use crate::error::{Error, Result};
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
}

impl Position {
    /// The position after a deposit.
    pub fn add(&self, shares: Shares) -> Result<Position> {
        Ok(Position { shares: self.shares.checked_add(shares)?, tickets: self.tickets.clone() })
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
        let index = usize::from(index);
        let ticket = *self.tickets.get(index).ok_or(Error::NoSuchTicket)?;
        if now < ticket.unlock_ts {
            return Err(Error::TicketLocked);
        }
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
        self.shares.is_zero() && self.tickets.is_empty()
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
}
