//! Which columns each field type is stored in. One place, for both engines.

use mira_core::Key;
use mira_core::amount::{Bps, Payment, Shares, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::epoch::Approval;
use mira_core::params::Profile;
use mira_core::position::Ticket;
use mira_core::reward::RewardIndex;
use mira_core::tier::{Tier, UnitKind};

use super::{Bad, Column, Kind, Taker, Value};
use crate::model::{
    AuditState, DisputeStatus, EpochStatus, EventId, IntentState, JobState, Ordinal, ProviderStatus, ReconClass,
    ReconOwner, ReconState, Signature, SlotState,
};

/// A type that a row's field can have.
pub trait Field: Sized {
    /// Appends the field's columns; one named like the field unless it is a compound.
    fn columns(name: &str, out: &mut Vec<Column>);
    /// Appends the values of these columns.
    fn put(&self, out: &mut Vec<Value>);
    /// Reads the values of these columns.
    fn take(from: &mut Taker) -> Result<Self, Bad>;
}

/// A type that is stored in one column.
trait Scalar: Sized {
    const KIND: Kind;
    fn value(&self) -> Value;
    fn read(value: Value) -> Result<Self, String>;
}

/// Implements [`Field`] for types that are [`Scalar`], with and without `Option`.
macro_rules! scalar_fields {
    ($([$($generics:tt)*] $type:ty,)*) => {$(
        impl $($generics)* Field for $type {
            fn columns(name: &str, out: &mut Vec<Column>) {
                out.push(Column { name: name.to_owned(), kind: <$type as Scalar>::KIND });
            }
            fn put(&self, out: &mut Vec<Value>) {
                out.push(self.value());
            }
            fn take(from: &mut Taker) -> Result<Self, Bad> {
                from.take(|value| match value {
                    Value::Null(_) => Err("null where a value must be".to_owned()),
                    value => Scalar::read(value),
                })
            }
        }
    )*};
}

scalar_fields! {
    [] u8, [] u16, [] u32, [] u64, [] u128, [] i64, [] bool,
    [<const N: usize>] [u8; N], [] Vec<u8>, [] String,
    [] Payment, [] Stake, [] Units, [] UnitPrice, [] StakePerMillion, [] Shares, [] RewardIndex, [] Bps,
    [] Tier, [] UnitKind, [] Profile, [] DisputeKind,
    [] AuditState, [] SlotState, [] DisputeStatus, [] EpochStatus, [] ProviderStatus, [] JobState, [] IntentState, [] ReconClass,
    [] ReconOwner, [] ReconState,
    [] Vec<Ticket>, [] Vec<Signature>, [] Vec<Key>, [] Vec<Approval>,
}

impl<T: Scalar> Field for Option<T> {
    fn columns(name: &str, out: &mut Vec<Column>) {
        out.push(Column { name: name.to_owned(), kind: T::KIND });
    }
    fn put(&self, out: &mut Vec<Value>) {
        out.push(self.as_ref().map_or(Value::Null(T::KIND), Scalar::value));
    }
    fn take(from: &mut Taker) -> Result<Self, Bad> {
        from.take(|value| match value {
            Value::Null(_) => Ok(None),
            value => T::read(value).map(Some),
        })
    }
}

fn unexpected<T>(value: &Value) -> Result<T, String> {
    Err(format!("a value of another kind: {value}"))
}

/// Numbers that fit into an i64, by way of `TryFrom`.
macro_rules! ints {
    ($($type:ty),*) => {$(
        impl Scalar for $type {
            const KIND: Kind = Kind::Int;
            fn value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
            fn read(value: Value) -> Result<Self, String> {
                let Value::Int(n) = value else { return unexpected(&value) };
                Self::try_from(n).map_err(|_| format!("{n} is out of range"))
            }
        }
    )*};
}
ints!(u8, u16, u32, i64);

impl Scalar for u64 {
    const KIND: Kind = Kind::Int;
    fn value(&self) -> Value {
        Value::Uint(*self)
    }
    fn read(value: Value) -> Result<Self, String> {
        let Value::Int(n) = value else { return unexpected(&value) };
        Self::try_from(n).map_err(|_| format!("{n} is negative"))
    }
}

impl Scalar for bool {
    const KIND: Kind = Kind::Int;
    fn value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn read(value: Value) -> Result<Self, String> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(format!("{other} is neither 0 nor 1")),
        }
    }
}

/// Enums and rates: stored as a small number that not every value of is allowed.
macro_rules! codes {
    ($($type:ty: $put:expr, $read:expr;)*) => {$(
        impl Scalar for $type {
            const KIND: Kind = Kind::Int;
            fn value(&self) -> Value {
                Value::Int(i64::from($put(*self)))
            }
            fn read(value: Value) -> Result<Self, String> {
                let code = Scalar::read(value)?;
                $read(code).ok_or_else(|| format!("{code} is no {}", stringify!($type)))
            }
        }
    )*};
}
codes! {
    Bps: Bps::get, Bps::new;
    Tier: Tier::as_u8, |code: u8| Tier::try_from(code).ok();
    UnitKind: UnitKind::as_u8, |code: u8| UnitKind::try_from(code).ok();
    Profile: Profile::as_u8, |code: u8| Profile::try_from(code).ok();
    DisputeKind: DisputeKind::as_u8, |code: u8| DisputeKind::try_from(code).ok();
    SlotState: SlotState::code, SlotState::from_code;
    DisputeStatus: DisputeStatus::code, DisputeStatus::from_code;
    EpochStatus: EpochStatus::code, EpochStatus::from_code;
    ProviderStatus: ProviderStatus::code, ProviderStatus::from_code;
    JobState: JobState::code, JobState::from_code;
    IntentState: IntentState::code, IntentState::from_code;
    ReconClass: ReconClass::code, ReconClass::from_code;
    ReconOwner: ReconOwner::code, ReconOwner::from_code;
    ReconState: ReconState::code, ReconState::from_code;
    AuditState: AuditState::code, AuditState::from_code;
}

/// Amounts.
macro_rules! amounts {
    ($($type:ident),*) => {$(
        impl Scalar for $type {
            const KIND: Kind = Kind::Amount;
            fn value(&self) -> Value {
                Value::Amount(self.get())
            }
            fn read(value: Value) -> Result<Self, String> {
                let Value::Amount(n) = value else { return unexpected(&value) };
                Ok(Self::new(n))
            }
        }
    )*};
}
amounts!(Payment, Stake, Units, UnitPrice, StakePerMillion);

/// Wide amounts.
macro_rules! wides {
    ($($type:ident),*) => {$(
        impl Scalar for $type {
            const KIND: Kind = Kind::Wide;
            fn value(&self) -> Value {
                Value::Wide(self.get())
            }
            fn read(value: Value) -> Result<Self, String> {
                let Value::Wide(n) = value else { return unexpected(&value) };
                Ok(Self::new(n))
            }
        }
    )*};
}
wides!(Shares, RewardIndex);

/// A sum of amounts.
impl Scalar for u128 {
    const KIND: Kind = Kind::Wide;
    fn value(&self) -> Value {
        Value::Wide(*self)
    }
    fn read(value: Value) -> Result<Self, String> {
        let Value::Wide(n) = value else { return unexpected(&value) };
        Ok(n)
    }
}

impl Scalar for Vec<u8> {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value {
        Value::Bytes(self.clone())
    }
    fn read(value: Value) -> Result<Self, String> {
        let Value::Bytes(bytes) = value else { return unexpected(&value) };
        Ok(bytes)
    }
}

impl<const N: usize> Scalar for [u8; N] {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value {
        Value::bytes(self)
    }
    fn read(value: Value) -> Result<Self, String> {
        let bytes = Vec::read(value)?;
        Self::try_from(bytes.as_slice()).map_err(|_| format!("{} bytes where {N} must be", bytes.len()))
    }
}

impl Scalar for String {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn read(value: Value) -> Result<Self, String> {
        let Value::Text(text) = value else { return unexpected(&value) };
        Ok(text)
    }
}

/// Cuts bytes into pieces of `N`, without a rest.
fn pieces<const N: usize>(value: Value) -> Result<Vec<[u8; N]>, String> {
    let bytes = Vec::<u8>::read(value)?;
    let (pieces, rest) = bytes.as_chunks::<N>();
    if rest.is_empty() { Ok(pieces.to_vec()) } else { Err(format!("{} bytes, not a multiple of {N}", bytes.len())) }
}

/// Lists of fixed length pieces, one after the other.
macro_rules! lists {
    ($($piece:ty),*) => {$(
        impl Scalar for Vec<$piece> {
            const KIND: Kind = Kind::Bytes;
            fn value(&self) -> Value {
                Value::Bytes(self.as_flattened().to_vec())
            }
            fn read(value: Value) -> Result<Self, String> {
                pieces(value)
            }
        }
    )*};
}
lists!(Signature, Key);

/// Tickets of 24 bytes each: shares, then the unlock time, big-endian.
impl Scalar for Vec<Ticket> {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value {
        let mut out = Vec::with_capacity(24 * self.len());
        for ticket in self {
            out.extend_from_slice(&ticket.shares.get().to_be_bytes());
            out.extend_from_slice(&ticket.unlock_ts.to_be_bytes());
        }
        Value::Bytes(out)
    }
    fn read(value: Value) -> Result<Self, String> {
        let ticket = |piece: [u8; 24]| {
            let (shares, unlock_ts) = piece.split_at(16);
            Some(Ticket {
                shares: Shares::new(u128::from_be_bytes(shares.try_into().ok()?)),
                unlock_ts: i64::from_be_bytes(unlock_ts.try_into().ok()?),
            })
        };
        let tickets: Option<_> = pieces(value)?.into_iter().map(ticket).collect();
        tickets.ok_or_else(|| "a broken ticket".to_owned())
    }
}

/// Approvals of 64 bytes each: the authority, then the digest.
impl Scalar for Vec<Approval> {
    const KIND: Kind = Kind::Bytes;
    fn value(&self) -> Value {
        let bytes = self.iter().flat_map(|approval| [approval.authority, approval.digest]);
        Value::Bytes(bytes.flatten().collect())
    }
    fn read(value: Value) -> Result<Self, String> {
        let keys: Vec<Key> = pieces(value)?;
        match keys.as_chunks() {
            (pairs, []) => Ok(pairs.iter().map(|&[authority, digest]| Approval { authority, digest }).collect()),
            (_, _) => Err(format!("{} bytes, not a multiple of 64", 32 * keys.len())),
        }
    }
}

/// Three columns: `signature`, `ix`, `inner_ix`.
impl Field for EventId {
    fn columns(_: &str, out: &mut Vec<Column>) {
        Signature::columns("signature", out);
        u16::columns("ix", out);
        u16::columns("inner_ix", out);
    }
    fn put(&self, out: &mut Vec<Value>) {
        Field::put(&self.signature, out);
        Field::put(&self.ix, out);
        Field::put(&self.inner_ix, out);
    }
    fn take(from: &mut Taker) -> Result<Self, Bad> {
        Ok(Self { signature: Field::take(from)?, ix: Field::take(from)?, inner_ix: Field::take(from)? })
    }
}

/// Four columns: `slot`, then those of the event's id.
impl Field for Ordinal {
    fn columns(name: &str, out: &mut Vec<Column>) {
        u64::columns("slot", out);
        EventId::columns(name, out);
    }
    fn put(&self, out: &mut Vec<Value>) {
        Field::put(&self.slot, out);
        Field::put(&self.id(), out);
    }
    fn take(from: &mut Taker) -> Result<Self, Bad> {
        let slot = Field::take(from)?;
        let EventId { signature, ix, inner_ix } = Field::take(from)?;
        Ok(Self { slot, signature, ix, inner_ix })
    }
}
