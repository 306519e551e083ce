//! The typed event and its strict decoding.

use anchor_lang::{AnchorDeserialize, AnchorSerialize, Discriminator};
use mira::event as e;

/// Why bytes are not an event that this version knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Too short to hold tag, discriminator and schema.
    #[error("event data of {len} bytes is truncated: check the RPC endpoint")]
    Truncated {
        /// Bytes of instruction data.
        len: usize,
    },
    /// The discriminator belongs to no known event.
    #[error("unknown event kind {}: upgrade to a version that knows this program", hex(.discriminator))]
    UnknownKind {
        /// The eight bytes found.
        discriminator: [u8; 8],
    },
    /// The event is known, its layout is newer.
    #[error("{name} has schema {schema}, this version knows {}: upgrade", e::SCHEMA)]
    UnknownSchema {
        /// Name of the event.
        name: &'static str,
        /// The schema found.
        schema: u8,
    },
    /// The bytes do not have the event's layout, to the last byte.
    #[error("{name} has a malformed payload of {len} bytes")]
    Malformed {
        /// Name of the event.
        name: &'static str,
        /// Bytes of payload.
        len: usize,
    },
}

fn hex(bytes: &[u8; 8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

macro_rules! events {
    ($($name:ident),+ $(,)?) => {
        /// One event of the program. Each variant wraps the program's own struct.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Event {
            $(
                #[doc = concat!("`mira::event::", stringify!($name), "`.")]
                $name(e::$name),
            )+
        }

        impl Event {
            /// The event's name in the program.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }

            /// The name for a discriminator, if an event has it.
            pub fn name_of(discriminator: &[u8; 8]) -> Option<&'static str> {
                $(if discriminator.as_slice() == e::$name::DISCRIMINATOR {
                    return Some(stringify!($name));
                })+
                None
            }

            /// The event's discriminator and canonical payload: the inverse of [`Event::decode`].
            pub fn encode(&self) -> ([u8; 8], Vec<u8>) {
                let (discriminator, payload) = match self {
                    $(Self::$name(event) => (e::$name::DISCRIMINATOR, bytes_of(event)),)+
                };
                let mut fixed = [0; 8];
                fixed.copy_from_slice(discriminator);
                (fixed, payload)
            }

            /// Decodes a payload (Borsh, starting with `schema`) by its discriminator.
            ///
            /// # Errors
            /// An unknown kind, an unknown schema, or bytes that are not exactly one such event.
            pub fn decode(discriminator: &[u8; 8], payload: &[u8]) -> Result<Self, DecodeError> {
                $(if discriminator.as_slice() == e::$name::DISCRIMINATOR {
                    return exact(stringify!($name), payload).map(Self::$name);
                })+
                Err(DecodeError::UnknownKind { discriminator: *discriminator })
            }

            /// Every event, its fields read from `bytes` behind the schema; `None` where they are no such event.
            #[cfg(test)]
            fn all_from(bytes: &[u8]) -> Vec<(&'static str, Option<Self>)> {
                vec![$((stringify!($name), e::$name::deserialize(&mut &*bytes).ok().map(Self::$name)),)+]
            }
        }
    };
}

events!(
    NetworkInitialized,
    ParamsUpdated,
    AdminProposed,
    AdminAccepted,
    GuardianSet,
    PauseSet,
    RewardAuthoritiesSet,
    VerifiersSet,
    TreasuryWithdrawn,
    FeeShardInitialized,
    ProviderRegistered,
    ProviderUpdated,
    StakeAdded,
    UnstakeRequested,
    UnstakeCancelled,
    StakeWithdrawn,
    JobCreated,
    JobFunded,
    JobExtended,
    JobUpdated,
    JobClosing,
    JobClosed,
    LeaseOpened,
    LeaseSettled,
    LeaseClosed,
    LeaseReleased,
    LeaseEnded,
    DisputeOpened,
    DisputeAnswered,
    DisputeVoted,
    DisputeResolved,
    FeesSwept,
    EpochApproved,
    EpochCancelled,
    EpochFinalized,
    RewardClaimed,
    DelegationRewardClaimed,
);

fn bytes_of<T: AnchorSerialize>(event: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    // A `Vec` takes every write; nothing in the events has a fallible encoding.
    let _ = event.serialize(&mut bytes);
    bytes
}

fn exact<T: AnchorDeserialize>(name: &'static str, payload: &[u8]) -> Result<T, DecodeError> {
    let malformed = DecodeError::Malformed { name, len: payload.len() };
    match payload.first() {
        None => return Err(malformed),
        Some(&schema) if schema != e::SCHEMA => {
            return Err(DecodeError::UnknownSchema { name, schema });
        }
        Some(_) => {}
    }
    T::try_from_slice(payload).map_err(|_| malformed)
}

#[cfg(test)]
mod tests;
