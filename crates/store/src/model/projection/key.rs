//! What the keys of rows are made of.

use mira_core::Key;

use crate::row::Value;

/// One part of a row's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPart {
    /// An account's address.
    Address(Key),
    /// A number.
    Number(u64),
}

impl From<Key> for KeyPart {
    fn from(address: Key) -> Self {
        Self::Address(address)
    }
}

impl From<u64> for KeyPart {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl KeyPart {
    /// As its column has it.
    pub(crate) fn value(self) -> Value {
        match self {
            Self::Address(address) => Value::bytes(&address),
            Self::Number(number) => Value::Uint(number),
        }
    }
}
